import { pixels } from '../core/arrays.js';
import { requireImage, requireSameSize } from '../core/check.js';
import type { Image } from '../core/types.js';

/** The samples of two images of one size and number of channels. */
export function imagePair(
  reference: Image,
  image: Image,
): {
  readonly a: ArrayLike<number>;
  readonly b: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
} {
  requireImage('reference', reference);
  requireImage('image', image);
  requireSameSize('image', image, 'reference', reference);
  const one = pixels(reference);
  const other = pixels(image);
  if (one.channels !== other.channels) {
    throw new RangeError(`image must have the ${one.channels} channels of reference, got ${other.channels}.`);
  }
  for (const [name, { data }] of Object.entries({ reference: one, image: other })) {
    if (!(data instanceof Float32Array)) continue;
    const wrong = data.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw new RangeError(`${name} must hold finite samples, got ${data[wrong]} at sample ${wrong}.`);
  }
  return { a: one.data, b: other.data, height: one.height, width: one.width, channels: one.channels };
}
