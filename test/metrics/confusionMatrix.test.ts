import fc from 'fast-check';
import { createMask } from 'segkit/core';
import { addConfusionMatrices, confusionMatrix } from 'segkit/metrics';
import { describe, expect, it } from 'vitest';

const mask = (data: number[], width: number) => createMask(data, [data.length / width, width]);

/** Two masks of one size with class ids below `classes`. */
const pairs = (classes: number) =>
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
    .chain(([height, width]) =>
      fc.tuple(
        fc.constant([height, width] as const),
        fc.array(fc.integer({ min: 0, max: classes - 1 }), { minLength: height * width, maxLength: height * width }),
        fc.array(fc.integer({ min: 0, max: classes - 1 }), { minLength: height * width, maxLength: height * width }),
      ),
    )
    .map(([shape, target, predicted]) => ({
      target: createMask(target, shape),
      predicted: createMask(predicted, shape),
    }));

describe('confusionMatrix', () => {
  it('counts true class by row and predicted class by column: one 0 right, one 0 as 1, two 1 right', () => {
    const cm = confusionMatrix(mask([0, 0, 1, 1], 2), mask([0, 1, 1, 1], 2), { classes: 2 });
    expect(cm).toEqual({ classes: 2, counts: new Float64Array([1, 1, 0, 2]) });
  });

  it('leaves out ignored target pixels whatever is predicted there', () => {
    const cm = confusionMatrix(mask([0, 255, 1, 255], 4), mask([0, 1, 1, 77], 4), { classes: 2, ignoreIndex: 255 });
    expect([...cm.counts]).toEqual([1, 0, 0, 1]);
  });

  it('counts nothing where all is ignored', () => {
    const cm = confusionMatrix(mask([9, 9], 2), mask([0, 1], 2), { classes: 2, ignoreIndex: 9 });
    expect([...cm.counts]).toEqual([0, 0, 0, 0]);
  });

  it('takes 256 classes and one class', () => {
    expect(confusionMatrix(mask([255, 0], 2), mask([254, 0], 2), { classes: 256 }).counts[255 * 256 + 254]).toBe(1);
    expect([...confusionMatrix(mask([0], 1), mask([0], 1), { classes: 1 }).counts]).toEqual([1]);
  });

  it('reads views with strides', () => {
    const target = mask([0, 1, 2, 0, 1, 2], 3);
    const cm = confusionMatrix(target.transpose(1, 0), mask([0, 0, 1, 1, 2, 2], 2), { classes: 3 });
    expect([...cm.counts]).toEqual([2, 0, 0, 0, 2, 0, 0, 0, 2]);
  });

  it('names a class id out of range with its position', () => {
    expect(() => confusionMatrix(mask([0, 0, 0, 3], 2), mask([0, 0, 0, 0], 2), { classes: 2 })).toThrow(
      'target must hold class ids in 0..1, got 3 at [row, column] [1, 1].',
    );
    expect(() => confusionMatrix(mask([0, 0, 0, 0], 2), mask([0, 2, 0, 0], 2), { classes: 2 })).toThrow(
      'predicted must hold class ids in 0..1, got 2 at [row, column] [0, 1].',
    );
  });

  it('refuses sizes that differ, bad options and other things than masks', () => {
    const one = mask([0, 0], 2);
    expect(() => confusionMatrix(one, mask([0, 0], 1), { classes: 2 })).toThrow(
      'predicted must have the shape of target, [1, 2], got [2, 1].',
    );
    expect(() => confusionMatrix(one, one, { classes: 0 })).toThrow('classes must be an integer at least 1');
    expect(() => confusionMatrix(one, one, { classes: 2, ignoreIndex: 1 })).toThrow(
      'ignoreIndex must be an integer at least 2',
    );
    // @ts-expect-error: an unknown option
    expect(() => confusionMatrix(one, one, { classes: 2, ignore: 1 })).toThrow('has no option "ignore"');
    // @ts-expect-error: an array
    expect(() => confusionMatrix([0, 0], one, { classes: 2 })).toThrow(
      'target must be an ndarray or a typed array of class ids',
    );
  });

  it('counts each pixel once, and its transpose is that of the swapped masks', () => {
    fc.assert(
      fc.property(pairs(5), ({ target, predicted }) => {
        const { counts } = confusionMatrix(target, predicted, { classes: 5 });
        expect(counts.reduce((a, b) => a + b)).toBe(target.data.length);
        const swapped = confusionMatrix(predicted, target, { classes: 5 }).counts;
        counts.forEach((count, i) => {
          expect(swapped[(i % 5) * 5 + Math.floor(i / 5)]).toBe(count);
        });
      }),
    );
  });

  it('does not change when both masks are flipped or turned', () => {
    fc.assert(
      fc.property(pairs(3), ({ target, predicted }) => {
        const { counts } = confusionMatrix(target, predicted, { classes: 3 });
        expect(confusionMatrix(target.step(1, -1), predicted.step(1, -1), { classes: 3 }).counts).toEqual(counts);
        expect(confusionMatrix(target.transpose(1, 0), predicted.transpose(1, 0), { classes: 3 }).counts).toEqual(
          counts,
        );
      }),
    );
  });
});

describe('addConfusionMatrices', () => {
  it('adds counts: the matrix of all pixels is the sum over the images', () => {
    fc.assert(
      fc.property(pairs(3), pairs(3), (one, other) => {
        const joined = confusionMatrix(
          mask([...one.target.data, ...other.target.data], 1),
          mask([...one.predicted.data, ...other.predicted.data], 1),
          { classes: 3 },
        );
        const a = confusionMatrix(one.target, one.predicted, { classes: 3 });
        const b = confusionMatrix(other.target, other.predicted, { classes: 3 });
        const before = a.counts.slice();
        expect(addConfusionMatrices(a, b)).toEqual(joined);
        expect(a.counts).toEqual(before);
      }),
    );
  });

  it('refuses no matrix, differing class counts and malformed matrices', () => {
    const two = { classes: 2, counts: new Float64Array(4) };
    expect(() => addConfusionMatrices()).toThrow('at least one matrix');
    expect(() => addConfusionMatrices(two, { classes: 3, counts: new Float64Array(9) })).toThrow(
      'matrices must have the same number of classes, got 2 and 3.',
    );
    expect(() => addConfusionMatrices({ classes: 3, counts: new Float64Array(4) })).toThrow(
      'counts must be a Float64Array of 9 elements',
    );
    // @ts-expect-error: not a matrix
    expect(() => addConfusionMatrices(3)).toThrow('matrix must be a confusion matrix');
  });
});
