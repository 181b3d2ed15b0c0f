import { createImage } from 'segkit/core';
import { lineProfile } from 'segkit/morphology';
import { describe, expect, it } from 'vitest';
import { differences } from './golden.js';

const image = createImage(new Float32Array([3, 8, 1, 7, 9, 2, 6, 4, 5, 0, 10, 2]), [3, 4]);

describe('lineProfile', () => {
  it('a diagonal of 3 x 3 pixels, length 2.83, has 4 samples, 2/3 of a pixel apart', () => {
    const plane = createImage(new Float32Array([0, 1, 2, 10, 11, 12, 20, 21, 22]), [3, 3]);
    expect(differences(lineProfile(plane, [0, 0], [2, 2]), [0, 22 / 3, 44 / 3, 22], 1e-12)).toEqual([]);
  });
  it.each([
    [[0.2, 0.4], [2.1, 3.3], 1, 'linear', [5.24, 4.003124999999999, 5.865000000000001, 5.193750000000001, 2]],
    [
      [2, 3.5],
      [-1, 0.5],
      3,
      'linear',
      [
        3.0236892706218264, 5.672724864350674, 5.587546895706428, 3.16060846898266, 5.003145750507619,
        5.016750843898055,
      ],
    ],
    [[0.2, 0.4], [2.1, 3.3], 2, 'nearest', [8.5, 5, 8, 7, 2]],
    [[1, 1], [1, 1], 1, 'linear', [2]],
  ] as const)(
    'equals profile_line of scikit-image 0.19.3: %j to %j, %i wide, %s',
    (start, end, lineWidth, interpolation, golden) => {
      const values = lineProfile(image, start, end, { lineWidth, interpolation });
      expect(differences(values, golden, 1e-12)).toEqual([]);
    },
  );
  it('names what is wrong', () => {
    expect(() => lineProfile(image, [0, Number.NaN], [1, 1])).toThrow('start[1] must be');
    expect(() => lineProfile(image, [0, 0], [1, 1], { lineWidth: 0 })).toThrow('lineWidth must be');
    const holed = createImage(new Float32Array([1, Number.NaN]), [1, 2]);
    expect(() => lineProfile(holed, [0, 0], [0, 0])).toThrow('image must hold finite samples, got NaN at index 1.');
  });
});
