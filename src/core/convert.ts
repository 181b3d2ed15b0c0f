import type { NdArray } from 'ndarray';
import { createImage, pixels } from './arrays.js';
import { show } from './check.js';
import type { Image, PixelData } from './types.js';

/**
 * Returns a float copy of an image. Integer samples are divided by the largest value of their type (255 or 65535), so
 * that they lie in 0..1; float samples stay as they are.
 *
 * @example
 * ```ts
 * toFloat32(createImage(new Uint8Array([0, 255]), [1, 2])).get(0, 1); // 1
 * ```
 */
export function toFloat32(image: Image): NdArray<Float32Array> {
  const { data } = pixels(image);
  const scale = data instanceof Uint8Array ? 255 : data instanceof Uint16Array ? 65535 : 1;
  const result = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) result[i] = data[i]! / scale;
  return createImage(result, image.shape);
}

/**
 * Returns an 8-bit copy of an image. Floats in 0..1 become 0..255, 16-bit samples are divided by 257, both rounded.
 *
 * @throws RangeError where a float sample is not in 0..1: stretch such an image first.
 *
 * @example
 * ```ts
 * toUint8(createImage(new Float32Array([0, 1]), [1, 2])).get(0, 1); // 255
 * ```
 */
export function toUint8(image: Image): NdArray<Uint8Array> {
  const { data } = pixels(image);
  const result = new Uint8Array(data.length);
  if (data instanceof Float32Array) {
    for (let i = 0; i < data.length; i++) {
      const value = data[i]!;
      if (!(value >= 0 && value <= 1)) {
        throw new RangeError(`image must hold samples in 0..1 to become 8-bit, got ${value}; see stretchContrast.`);
      }
      result[i] = Math.round(value * 255);
    }
  } else if (data instanceof Uint16Array) {
    for (let i = 0; i < data.length; i++) result[i] = Math.round(data[i]! / 257);
  } else {
    result.set(data);
  }
  return createImage(result, image.shape);
}

/**
 * Returns a grey float image, `[height, width]`, in the sample values of the input (0..255 stays 0..255): one channel
 * as it is, three or four as 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601, as OpenCV and ImageJ weight them); alpha is
 * left out.
 *
 * @throws RangeError for 2 or more than 4 channels.
 *
 * @example
 * ```ts
 * toGrey(createImage(new Uint8Array([10, 10, 10]), [1, 1, 3])).get(0, 0); // 10
 * ```
 */
export function toGrey(image: Image): NdArray<Float32Array> {
  const { data, height, width, channels } = pixels(image);
  const result = new Float32Array(height * width);
  if (channels === 1) {
    result.set(data);
  } else if (channels === 3 || channels === 4) {
    for (let i = 0, from = 0; i < result.length; i++, from += channels) {
      result[i] = (299 * data[from]! + 587 * data[from + 1]! + 114 * data[from + 2]!) / 1000;
    }
  } else {
    throw new RangeError(`image must have 1, 3 or 4 channels to become grey, got ${channels}.`);
  }
  return createImage(result, [height, width]);
}

/**
 * Stretches the values of an image linearly so that the given percentiles become 0 and 1, and clips what lies beyond:
 * the usual first step for showing or comparing micrographs. A constant image becomes 0.
 *
 * @param range - percentiles in 0..100, taken over all channels together; `[0, 100]` is the plain min-max stretch.
 * @throws RangeError where the percentiles are not rising within 0..100, or a sample is not finite.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint16Array([100, 200, 300]), [1, 3]);
 * stretchContrast(image).get(0, 1); // 0.5
 * ```
 */
export function stretchContrast(image: Image, range: readonly [number, number] = [0, 100]): NdArray<Float32Array> {
  const { data } = pixels(image);
  const [low, high] = range;
  if (!(low >= 0 && high <= 100 && low < high)) {
    throw new RangeError(`range must be two rising percentiles within 0..100, got ${show(range)}.`);
  }
  const [from, to] = percentiles(data, low, high);
  if (!Number.isFinite(from) || !Number.isFinite(to))
    throw new RangeError('image must hold finite samples, got NaN or infinity.');
  const result = new Float32Array(data.length);
  const factor = to > from ? 1 / (to - from) : 0;
  for (let i = 0; i < data.length; i++) result[i] = Math.min(1, Math.max(0, (data[i]! - from) * factor));
  return createImage(result, image.shape);
}

function percentiles(data: PixelData, low: number, high: number): [number, number] {
  if (low === 0 && high === 100) {
    let smallest = Number.POSITIVE_INFINITY;
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < data.length; i++) {
      const value = data[i]!;
      if (!Number.isFinite(value)) return [Number.NaN, Number.NaN];
      if (value < smallest) smallest = value;
      if (value > largest) largest = value;
    }
    return [smallest, largest];
  }
  const sorted = data.slice().sort();
  if (!Number.isFinite(sorted[0]!) || !Number.isFinite(sorted[sorted.length - 1]!)) return [Number.NaN, Number.NaN];
  const at = (percentile: number) => {
    const position = (percentile / 100) * (sorted.length - 1);
    const below = Math.floor(position);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below]! + (sorted[above]! - sorted[below]!) * (position - below);
  };
  return [at(low), at(high)];
}
