import fc from 'fast-check';
import { createLabels, createMask } from 'segkit/core';

const shape = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }));
const ids = (size: number, classes: number) =>
  fc.array(fc.integer({ min: 0, max: classes - 1 }), { minLength: size, maxLength: size });

/** Two masks of one size with class ids below `classes`. */
export const maskPairs = (classes: number) =>
  shape.chain(([height, width]) =>
    fc.tuple(ids(height * width, classes), ids(height * width, classes)).map(([target, predicted]) => ({
      target: createMask(target, [height, width]),
      predicted: createMask(predicted, [height, width]),
    })),
  );

/** Two label images of one size with some objects. */
export const labelPairs = shape.chain(([height, width]) =>
  fc.tuple(ids(height * width, 5), ids(height * width, 5)).map(([target, predicted]) => ({
    target: createLabels(target, [height, width]),
    predicted: createLabels(predicted, [height, width]),
  })),
);

/** Targets of 0 and 1 with scores in 0..1, some of them equal. */
export const scorePairs = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 20 })), { minLength: 1, maxLength: 60 })
  .map((list) => ({
    target: Uint8Array.from(list, ([target]) => target),
    scores: Float64Array.from(list, ([, score]) => score / 20),
  }));
