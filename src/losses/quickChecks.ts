import type { TypedArray } from '@tensorflow/tfjs-core';

// Checks of whole batches at every step: one pass without branches, after which all is known to be well. Where they
// return false, a second pass finds what is not, and says so.

/** Whether values are surely whole numbers in 0..last. */
export function areWithin(values: TypedArray, last: number): boolean {
  if (!(values instanceof Int32Array)) return false;
  // All bits that occur, in four parts that do not wait for each other: no value is above them, or has a sign unless they do.
  let [a, b, c, d] = [0, 0, 0, 0];
  const end = values.length & ~3;
  for (let i = 0; i < end; i += 4) {
    a |= values[i]!;
    b |= values[i + 1]!;
    c |= values[i + 2]!;
    d |= values[i + 3]!;
  }
  for (let i = end; i < values.length; i++) a |= values[i]!;
  const bits = a | b | c | d;
  if (bits >= 0 && bits <= last) return true;
  if (bits < 0 || bits > 2 * last) return false;
  // As 1 and 2 have the bits of 3: a sign stays where a value, or what it lacks to the last one, is negative.
  let signs = 0;
  for (let i = 0; i < values.length; i++) signs |= last - values[i]!;
  return signs >= 0;
}

/** Whether values are surely finite. */
export function areFinite(values: TypedArray): boolean {
  if (!(values instanceof Float32Array)) return false;
  // 0 times infinity or NaN is NaN; four sums, since each has to wait for itself.
  let [a, b, c, d] = [0, 0, 0, 0];
  const end = values.length & ~3;
  for (let i = 0; i < end; i += 4) {
    a += values[i]! * 0;
    b += values[i + 1]! * 0;
    c += values[i + 2]! * 0;
    d += values[i + 3]! * 0;
  }
  for (let i = end; i < values.length; i++) a += values[i]! * 0;
  return a + b + c + d === 0;
}
