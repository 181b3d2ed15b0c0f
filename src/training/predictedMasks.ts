import type { Tensor } from '@tensorflow/tfjs-core';
import { createMask } from '../core/arrays.js';
import type { Mask } from '../core/types.js';

/**
 * Reads the class of each pixel off logits `[batch, height, width, outputs]`, as a mask `[batch * height, width]`: the
 * largest of several (the first of equals), above 0 of one. Internal to the library.
 */
export async function predictedMasks(logits: Tensor): Promise<Mask> {
  const [batch, height, width, outputs] = logits.shape as [number, number, number, number];
  const data = await logits.data();
  const ids = new Uint8Array(batch * height * width);
  for (let i = 0, from = 0; i < ids.length; i++, from += outputs) {
    let best = 0;
    let most = outputs === 1 ? 0 : Number.NEGATIVE_INFINITY;
    for (let channel = 0; channel < outputs; channel++) {
      const value = data[from + channel]!;
      if (Number.isNaN(value)) throw new RangeError("the model's logits must be numbers, got NaN.");
      if (value > most) {
        most = value;
        best = outputs === 1 ? 1 : channel;
      }
    }
    ids[i] = best;
  }
  return createMask(ids, [batch * height, width]);
}
