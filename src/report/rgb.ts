import type { NdArray } from 'ndarray';
import { createImage, pixels } from '../core/arrays.js';
import { requireNumber, requireOneOf, show } from '../core/check.js';
import { stretchContrast } from '../core/convert.js';
import type { Image } from '../core/types.js';
import type { Rgb } from './labelColor.js';

/**
 * How grey values become 8-bit ones for showing: `'auto'` leaves 8-bit images as they are and stretches others between
 * their 0.1 and 99.9 percentiles; `'none'` takes 16-bit samples / 257 and floats in 0..1 * 255; two percentiles
 * stretch any image between them.
 */
export type Stretch = 'auto' | 'none' | readonly [low: number, high: number];

/** Throws unless `stretch` is one of the forms of {@link Stretch}. */
export function requireStretch(stretch: Stretch): void {
  if (Array.isArray(stretch)) {
    if (stretch.length !== 2) throw new RangeError(`stretch must be two percentiles, got ${show(stretch)}.`);
    stretch.forEach((value, i) => {
      requireNumber(`stretch[${i}]`, value, { min: 0, max: 100 });
    });
  } else {
    requireOneOf('stretch', stretch, ['auto', 'none']);
  }
}

/** Throws unless `color` is three integers in 0..255. */
export function requireRgb(name: string, color: unknown): asserts color is Rgb {
  const right =
    Array.isArray(color) &&
    color.length === 3 &&
    color.every((value) => Number.isInteger(value) && value >= 0 && value <= 255);
  if (!right) throw new RangeError(`${name} must be [red, green, blue], integers in 0..255, got ${show(color)}.`);
}

/** Returns a fresh 8-bit RGB picture of an image of 1, 3 or 4 channels; alpha is left out. */
export function toRgb(name: string, image: Image, stretch: Stretch): NdArray<Uint8Array> {
  const { height, width, channels } = pixels(image);
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new RangeError(`${name} must have 1, 3 or 4 channels to be shown, got ${channels}.`);
  }
  const colors = Math.min(channels, 3);
  // Alpha must not take part in the stretch, or an opaque image would keep its whole range.
  const shown = channels === 4 ? image.hi(height, width, 3) : image;
  const samples = stretched(name, shown, stretch);
  const result = new Uint8Array(height * width * 3);
  for (let i = 0, to = 0; to < result.length; i += colors) {
    for (let color = 0; color < 3; color++) result[to++] = samples[i + (colors === 3 ? color : 0)]!;
  }
  return createImage(result, [height, width, 3]);
}

function stretched(name: string, image: Image, stretch: Stretch): ArrayLike<number> {
  const { data } = pixels(image);
  if (stretch === 'none' || (stretch === 'auto' && data instanceof Uint8Array)) {
    if (data instanceof Uint8Array) return data;
    const scale = data instanceof Float32Array ? 255 : 1 / 257;
    const result = new Uint8Array(data.length);
    for (let i = 0; i < data.length; i++) {
      const value = Math.round(data[i]! * scale);
      if (!(value >= 0 && value <= 255)) {
        throw new RangeError(`${name} must hold samples in 0..1 with stretch "none", got ${data[i]}.`);
      }
      result[i] = value;
    }
    return result;
  }
  const unit = stretchContrast(image, stretch === 'auto' ? [0.1, 99.9] : (stretch as readonly [number, number])).data;
  const result = new Uint8Array(unit.length);
  for (let i = 0; i < unit.length; i++) result[i] = Math.round(unit[i]! * 255);
  return result;
}
