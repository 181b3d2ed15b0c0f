import type { NdArray, TypedArray } from 'ndarray';
import { contiguous } from '../core/arrays.js';
import { isNdArray, show } from '../core/check.js';

/** Numbers one after the other: what `tensor.dataSync()` and ndarrays hold. */
export type Numbers =
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** Class or instance ids, one a pixel: an ndarray of any shape, or plain numbers such as the data of a tensor. */
export type ClassIds = NdArray<TypedArray> | Numbers;

/** Scores, one a pixel or one a pixel and class: an ndarray of any shape, or plain numbers. */
export type Scores = NdArray<Float32Array | Float64Array> | Float32Array | Float64Array;

/** Row-major numbers with their shape. */
export interface Flat {
  readonly data: Numbers;
  readonly shape: readonly number[];
}

const TYPES = [
  Uint8Array,
  Uint8ClampedArray,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
] as const;

/** Returns the numbers of an array in row-major order; throws for anything else and for none. */
export function flat(name: string, value: unknown, what = 'class ids'): Flat {
  if (isNdArray(value)) {
    const { data, shape } = contiguous(value as NdArray<TypedArray>);
    if (data.length === 0) throw new RangeError(`${name} must not be empty, got shape [${shape.join(', ')}].`);
    return { data: data as Numbers, shape };
  }
  if (!TYPES.some((type) => value instanceof type)) {
    throw new TypeError(`${name} must be an ndarray or a typed array of ${what}, got ${show(value)}.`);
  }
  const data = value as Numbers;
  if (data.length === 0) throw new RangeError(`${name} must not be empty, got no ${what}.`);
  return { data, shape: [data.length] };
}

/** Throws unless both hold as many numbers, and have one shape where both are ndarrays. */
export function requireAlike(name: string, value: Flat, otherName: string, other: Flat): void {
  const { shape } = value;
  const comparable = shape.length > 1 && other.shape.length > 1;
  if (value.data.length === other.data.length && (!comparable || shape.every((side, i) => side === other.shape[i])))
    return;
  throw new RangeError(
    `${name} must have the shape of ${otherName}, [${other.shape.join(', ')}], got [${shape.join(', ')}].`,
  );
}

/** Where an element is, in words. */
export function placeOf(index: number, shape: readonly number[]): string {
  const at: number[] = [];
  for (let axis = shape.length - 1, rest = index; axis >= 0; axis--) {
    at.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return shape.length === 2 ? `[row, column] [${at.join(', ')}]` : `[${at.join(', ')}]`;
}
