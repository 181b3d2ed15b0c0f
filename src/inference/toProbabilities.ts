import type { LossMode } from '../losses/index.js';

/**
 * Softmax over the classes of logits `[pixels, classes]`; of one class, and in mode `'multilabel'`, the sigmoid.
 * Internal to the library.
 */
export function toProbabilities(logits: Float32Array, classes: number, mode?: LossMode): Float32Array {
  if (classes === 1 || mode === 'multilabel') return logits.map((logit) => 1 / (1 + Math.exp(-logit)));
  const result = new Float32Array(logits.length);
  for (let from = 0; from < logits.length; from += classes) {
    let most = logits[from]!;
    for (let c = 1; c < classes; c++) most = Math.max(most, logits[from + c]!);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp(logits[from + c]! - most);
    for (let c = 0; c < classes; c++) result[from + c] = Math.exp(logits[from + c]! - most) / sum;
  }
  return result;
}
