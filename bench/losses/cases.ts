import {
  binaryCrossEntropyLoss,
  boundaryLoss,
  crossEntropyLoss,
  diceLoss,
  focalLoss,
  focalTverskyLoss,
  generalizedDiceLoss,
  jaccardLoss,
  type Loss,
  lovaszLoss,
  mccLoss,
  meanSquaredErrorLoss,
  sumLosses,
  tverskyLoss,
} from 'segkit/losses';

const mode = 'multiclass';
const ratios = { mode, alpha: 0.3, beta: 0.7 } as const;

/** The losses of the race by the names that `peer.py` knows them by; those of one class begin with `binary`. */
export const losses: Readonly<Record<string, () => Loss>> = {
  crossEntropy: () => crossEntropyLoss(),
  weightedCrossEntropy: () => crossEntropyLoss({ classWeights: [1, 3] }),
  dice: () => diceLoss({ mode }),
  jaccard: () => jaccardLoss({ mode }),
  tversky: () => tverskyLoss(ratios),
  focalTversky: () => focalTverskyLoss(ratios),
  focal: () => focalLoss({ mode }),
  focalOfSoftmax: () => focalLoss({ mode, activation: 'softmax' }),
  generalizedDice: () => generalizedDiceLoss({ mode }),
  meanSquaredError: () => meanSquaredErrorLoss({ mode }),
  diceAndFocal: () =>
    sumLosses([
      [1, diceLoss({ mode })],
      [20, focalLoss({ mode })],
    ]),
  boundary: () => boundaryLoss({ mode }),
  lovasz: () => lovaszLoss({ mode }),
  binaryCrossEntropy: () => binaryCrossEntropyLoss(),
  binaryDice: () => diceLoss({ mode: 'binary' }),
  binaryFocal: () => focalLoss({ mode: 'binary', alpha: 0.25 }),
  binaryMcc: () => mccLoss({ mode: 'binary' }),
  binaryLovasz: () => lovaszLoss({ mode: 'binary' }),
};

/** Edges of the images: those of the race, and the crops that the quickstart trains on. Batches have 4. */
export const sides = { race: 256, quickstart: 128 } as const;

/** Class ids and logits that every contestant makes for itself; `peer.py` has the same formulas. */
export function example(side: number, classes: 1 | 2): { ids: Int32Array; logits: Float32Array } {
  const pixels = 4 * side * side;
  return {
    ids: Int32Array.from({ length: pixels }, (_, i) => (((i >> 3) + (i >> 11)) % 3 === 0 ? 1 : 0)),
    logits: Float32Array.from({ length: pixels * classes }, (_, i) => (((i * 7919) % 20011) / 20011 - 0.5) * 8),
  };
}
