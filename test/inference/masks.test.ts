import fc from 'fast-check';
import { createMask, createProbabilityMap } from 'segkit/core';
import { argmaxMask, thresholdMask } from 'segkit/inference';
import { describe, expect, it } from 'vitest';

const map = (values: number[], shape: number[]) => createProbabilityMap(new Float32Array(values), shape);

describe('argmaxMask', () => {
  it('takes the most probable class, the first of equals', () => {
    const mask = argmaxMask(map([0.2, 0.5, 0.3, 0.4, 0.2, 0.4], [2, 1, 3]));
    expect(mask.shape).toEqual([2, 1]);
    expect([...mask.data]).toEqual([1, 0]);
  });

  it('takes views with strides', () => {
    const probability = map([0.9, 0.1, 0.3, 0.7], [1, 2, 2]).step(1, -1, 1);
    expect([...argmaxMask(probability).data]).toEqual([1, 0]);
  });

  it('is what thresholdMask says at 0.5 of two classes that add up to 1', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }), (values) => {
        const pairs = values.flatMap((value) => [Math.fround(1 - value), value]);
        const probability = map(pairs, [1, values.length, 2]);
        expect(argmaxMask(probability)).toEqual(
          createMask(
            pairs.flatMap((value, i) => (i % 2 === 1 ? [value > pairs[i - 1]! ? 1 : 0] : [])),
            [1, values.length],
          ),
        );
      }),
    );
  });

  it('refuses other arrays', () => {
    expect(() => argmaxMask(map([1], [1, 1]))).toThrow(
      'probability must have shape [height, width, classes] with 2 to 256 classes, got [1, 1]; see thresholdMask for one.',
    );
    expect(() => argmaxMask(createMask([1], [1, 1]) as never)).toThrow('probability must hold a Float32Array');
    expect(() => argmaxMask(map([0, 1, 0, Number.NaN], [1, 2, 2]))).toThrow('got NaN at [0, 1, 1].');
  });
});

describe('thresholdMask', () => {
  it('is 1 above the threshold, not at it', () => {
    expect([...thresholdMask(map([0.25, 0.5, 0.75], [1, 3])).data]).toEqual([0, 0, 1]);
    expect([...thresholdMask(map([0.25, 0.5, 0.75], [1, 3]), { threshold: 0.25 }).data]).toEqual([0, 1, 1]);
  });

  it('looks at class 1 of two, or at the one asked for', () => {
    const probability = map([0.2, 0.8, 0.7, 0.3], [2, 1, 2]);
    expect([...thresholdMask(probability).data]).toEqual([1, 0]);
    expect([...thresholdMask(probability, { classIndex: 0 }).data]).toEqual([0, 1]);
  });

  it('refuses what it cannot answer', () => {
    const three = map([0, 0, 1], [1, 1, 3]);
    expect(() => thresholdMask(three)).toThrow('classIndex must be given for a map of 3 classes, got none.');
    expect(() => thresholdMask(three, { classIndex: 3 })).toThrow(
      'classIndex must be an integer at least 0 and at most 2',
    );
    expect(() => thresholdMask(three, { classIndex: 0, threshold: Number.NaN })).toThrow('threshold must be a finite');
    expect(() => thresholdMask(map([Number.NaN], [1, 1]))).toThrow('got NaN at [row, column] [0, 0].');
    expect(() => thresholdMask(three, { class: 1 } as object)).toThrow('thresholdMask has no option "class"');
  });
});
