import fc from 'fast-check';
import { fillPolygon } from 'segkit/io';
import { describe, expect, it } from 'vitest';
import { paintEllipse } from '../../src/io/rasterEllipse.js';
import { countDifferent, fixtureText } from './helpers.js';

interface Golden {
  readonly polygons: readonly { height: number; width: number; points: [number, number][]; mask: string }[];
  readonly ellipses: readonly {
    height: number;
    width: number;
    ellipse: [number, number, number, number, number];
    mask: string;
  }[];
}

const golden: Golden = JSON.parse(fixtureText('polygons.json'));

function unpack(text: string, size: number): number[] {
  const bytes = Buffer.from(text, 'base64');
  return Array.from({ length: size }, (_, i) => (bytes[i >> 3]! >> (7 - (i & 7))) & 1);
}

describe('fillPolygon', () => {
  it('includes the outline: a square from 1 to 3 covers 3 x 3 pixels', () => {
    const points = [
      [1, 1],
      [3, 1],
      [3, 3],
      [1, 3],
    ] as const;
    // biome-ignore format: a picture
    expect([...fillPolygon(points, { height: 5, width: 5 }).data]).toEqual([
      0, 0, 0, 0, 0,
      0, 1, 1, 1, 0,
      0, 1, 1, 1, 0,
      0, 1, 1, 1, 0,
      0, 0, 0, 0, 0,
    ]);
  });

  it('cuts toward zero: 2.9 is 2, -0.9 is 0', () => {
    const cut = fillPolygon(
      [
        [-0.9, 0],
        [2.9, 0.99],
        [2, 2.5],
      ],
      { height: 4, width: 4 },
    );
    const whole = fillPolygon(
      [
        [0, 0],
        [2, 0],
        [2, 2],
      ],
      { height: 4, width: 4 },
    );
    expect(cut.data).toEqual(whole.data);
  });

  it('gives a pixel for one point and a line for two', () => {
    expect([...fillPolygon([[1, 1]], { height: 2, width: 3 }).data]).toEqual([0, 0, 0, 0, 1, 0]);
    const line = fillPolygon(
      [
        [0, 0],
        [2, 2],
      ],
      { height: 3, width: 3, value: 7 },
    );
    expect([...line.data]).toEqual([7, 0, 0, 0, 7, 0, 0, 0, 7]);
  });

  it('paints nothing where the polygon lies outside', () => {
    const far = fillPolygon(
      [
        [-9, -9],
        [-5, -9],
        [-5, -4],
      ],
      { height: 4, width: 4 },
    );
    expect(far.data.some((value) => value > 0)).toBe(false);
  });

  it('is quick for coordinates far outside', () => {
    const far = 2 ** 31 - 1;
    const mask = fillPolygon(
      [
        [-far, -far],
        [far, -far],
        [far, far],
        [-far, far],
      ],
      { height: 4, width: 4 },
    );
    expect(mask.data.every((value) => value === 1)).toBe(true);
  });

  it.each([
    [[[0, Number.NaN]], /points\[0\] must be two finite numbers/],
    [
      [
        [0, 0],
        [2 ** 31, 1],
      ],
      /points\[1\] must be two finite numbers below 2\^31, got \[2147483648, 1\]/,
    ],
    [[], /points must hold at least one point, got none/],
  ] as [[number, number][], RegExp][])('refuses %j', (points, message) => {
    expect(() => fillPolygon(points, { height: 2, width: 2 })).toThrow(message);
  });

  it('refuses other options', () => {
    expect(() => fillPolygon([[0, 0]], { height: 0, width: 2 })).toThrow(/height must be an integer at least 1, got 0/);
    expect(() => fillPolygon([[0, 0]], { height: 2, width: 2, value: 256 })).toThrow(/value must be .* at most 255/);
    const unknown: object = { height: 2, width: 2, filled: true };
    expect(() => fillPolygon([[0, 0]], unknown as { height: number; width: number })).toThrow(/no option "filled"/);
  });

  it('does not depend on where the outline begins or on its direction, inside the image', () => {
    const point = fc.tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 15 }));
    fc.assert(
      fc.property(fc.array(point, { minLength: 3, maxLength: 8 }), fc.nat(7), (points, turn) => {
        const size = { height: 16, width: 16 };
        const mask = fillPolygon(points, size);
        const k = turn % points.length;
        expect(fillPolygon([...points.slice(k), ...points.slice(0, k)], size).data).toEqual(mask.data);
        for (const [x, y] of points) expect(mask.get(y, x)).toBe(1);
      }),
    );
  });

  it(`paints ${golden.polygons.length} polygons as OpenCV does: inside, outside, crossing, degenerate`, () => {
    for (const { height, width, points, mask } of golden.polygons) {
      const painted = fillPolygon(points, { height, width });
      expect(countDifferent(painted.data, unpack(mask, height * width)), JSON.stringify(points)).toBe(0);
    }
  });
});

describe('paintEllipse', () => {
  it(`paints ${golden.ellipses.length} ellipses as OpenCV does`, () => {
    for (const { height, width, ellipse, mask } of golden.ellipses) {
      const [x, y, radiusX, radiusY, rotation] = ellipse;
      const data = new Uint8Array(height * width);
      paintEllipse({ data, height, width }, { x, y, radiusX, radiusY, rotation }, 1);
      expect(countDifferent(data, unpack(mask, height * width)), JSON.stringify(ellipse)).toBe(0);
    }
  });
});
