import type { NdArray, TypedArray } from 'ndarray';
import ndarray from 'ndarray';
import { requireImage, requireInteger, show } from './check.js';
import type { Image, Labels, Mask, PixelData, ProbabilityMap } from './types.js';

function wrap<T extends TypedArray>(what: string, data: T, shape: readonly number[]): NdArray<T> {
  let size = 1;
  shape.forEach((side, axis) => {
    requireInteger(`shape[${axis}]`, side, { min: 1 });
    size *= side;
  });
  if (data.length !== size) {
    throw new RangeError(
      `data of ${what} of shape [${shape.join(', ')}] must have ${size} elements, got ${data.length}.`,
    );
  }
  return ndarray(isBuffer(data) ? (asBytes(data) as T) : data, [...shape]);
}

/** Whether bytes are a Buffer of Node, whose `slice` is no copy, but a view that writes through. */
function isBuffer(data: unknown): data is Uint8Array {
  return data instanceof Uint8Array && data.constructor !== Uint8Array;
}

function asBytes({ buffer, byteOffset, length }: Uint8Array): unknown {
  return new Uint8Array(buffer, byteOffset, length);
}

function requireRank(shape: readonly number[], ranks: readonly number[], what: string): void {
  if (!Array.isArray(shape) || !ranks.includes(shape.length)) {
    throw new RangeError(`shape must be ${what}, got ${show(shape)}.`);
  }
}

/**
 * Wraps samples in row-major order as an image; nothing is copied.
 *
 * @param data - `Uint8Array`, `Uint16Array` or `Float32Array` of height * width * channels samples.
 * @param shape - `[height, width]` or `[height, width, channels]`.
 * @throws TypeError for other data, RangeError where data and shape disagree.
 *
 * @example
 * ```ts
 * const grey = createImage(new Uint8Array([0, 64, 128, 255]), [2, 2]);
 * grey.get(1, 0); // 128
 * ```
 */
export function createImage<T extends PixelData>(data: T, shape: readonly number[]): NdArray<T> {
  requireRank(shape, [2, 3], '[height, width] or [height, width, channels]');
  if (!(data instanceof Uint8Array || data instanceof Uint16Array || data instanceof Float32Array)) {
    throw new TypeError(`data must be a Uint8Array, Uint16Array or Float32Array, got ${show(data)}.`);
  }
  return wrap('an image', data, shape);
}

/**
 * Wraps class indices in row-major order as a mask; nothing is copied. Without data, an all-background mask.
 *
 * @throws TypeError for other data, RangeError where data and shape disagree.
 *
 * @example
 * ```ts
 * createMask([0, 1, 1, 0], [2, 2]).get(0, 1); // 1
 * ```
 */
export function createMask(data: Uint8Array | readonly number[] | undefined, shape: readonly number[]): Mask {
  requireRank(shape, [2], '[height, width]');
  return wrap('a mask', toTyped(Uint8Array, 'class indices in 0..255', data, shape), shape);
}

/**
 * Wraps instance ids in row-major order as labels; nothing is copied. Without data, all background.
 *
 * @throws TypeError for other data, RangeError where data and shape disagree.
 *
 * @example
 * ```ts
 * createLabels([0, 1, 2, 0], [2, 2]).get(1, 0); // 2
 * ```
 */
export function createLabels(data: Int32Array | readonly number[] | undefined, shape: readonly number[]): Labels {
  requireRank(shape, [2], '[height, width]');
  return wrap('labels', toTyped(Int32Array, 'instance ids in the range of int32', data, shape), shape);
}

/**
 * Wraps probabilities in row-major order, `[height, width]` or `[height, width, classes]`; nothing is copied.
 *
 * @throws TypeError for other data, RangeError where data and shape disagree. Values are not looked at.
 *
 * @example
 * ```ts
 * createProbabilityMap(new Float32Array([0.1, 0.9]), [1, 2]).get(0, 1) > 0.5; // true
 * ```
 */
export function createProbabilityMap(data: Float32Array, shape: readonly number[]): ProbabilityMap {
  requireRank(shape, [2, 3], '[height, width] or [height, width, classes]');
  if (!(data instanceof Float32Array)) throw new TypeError(`data must be a Float32Array, got ${show(data)}.`);
  return wrap('a probability map', data, shape);
}

function toTyped<T extends Uint8Array | Int32Array>(
  type: { new (size: number): T },
  what: string,
  data: T | readonly number[] | undefined,
  shape: readonly number[],
): T {
  if (data instanceof type) return data;
  if (data === undefined) return new type(shape.reduce((size, side) => size * side, 1));
  if (!Array.isArray(data)) throw new TypeError(`data must be a ${type.name} or an array, got ${show(data)}.`);
  const result = new type(data.length);
  data.forEach((value, i) => {
    result[i] = value;
    if (result[i] !== value) throw new RangeError(`data must hold ${what}, got ${show(value)} at index ${i}.`);
  });
  return result;
}

/** True where the elements lie in `data` in row-major order without gaps, from its first to its last element. */
function isContiguous(array: NdArray): boolean {
  if (array.offset !== 0) return false;
  let step = 1;
  for (let axis = array.shape.length - 1; axis >= 0; axis--) {
    if (array.shape[axis] !== 1 && array.stride[axis] !== step) return false;
    step *= array.shape[axis]!;
  }
  return step === array.data.length;
}

/**
 * Returns an array whose `data` holds exactly its elements in row-major order: the same array where that is so
 * already, else a copy of the view. Up to four axes; the dtype stays.
 *
 * @example
 * ```ts
 * const mask = createMask([1, 2, 3, 4], [2, 2]);
 * contiguous(mask.transpose(1, 0)).data; // Uint8Array [1, 3, 2, 4]
 * contiguous(mask) === mask; // true
 * ```
 */
export function contiguous<T extends TypedArray>(array: NdArray<T>): NdArray<T> {
  if (isContiguous(array)) return array;
  const { data, offset } = array;
  const shape = [1, 1, 1, 1, ...array.shape].slice(-4);
  const stride = [0, 0, 0, 0, ...array.stride].slice(-4);
  if (array.shape.length > 4) throw new RangeError(`array must have at most 4 axes, got ${array.shape.length}.`);
  const size = shape.reduce((product, side) => product * side, 1);
  const result = new (data.constructor as { new (size: number): T })(size);
  let at = 0;
  for (let i = 0; i < shape[0]!; i++) {
    for (let j = 0; j < shape[1]!; j++) {
      for (let k = 0; k < shape[2]!; k++) {
        let from = offset + i * stride[0]! + j * stride[1]! + k * stride[2]!;
        for (let l = 0; l < shape[3]!; l++, from += stride[3]!) result[at++] = data[from]!;
      }
    }
  }
  return ndarray(result, [...array.shape]);
}

/** The samples of an image, laid out for a tight loop. */
export interface Pixels<T extends PixelData = PixelData> {
  /** height * width * channels samples, row-major, channels last. */
  readonly data: T;
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** Samples a pixel; 1 for a grey image of two axes. */
  readonly channels: number;
}

/**
 * Returns the samples of an image in row-major order with its sizes. `data` is the image's own array where that is
 * laid out so already: do not write to it.
 *
 * @throws TypeError or RangeError where `image` is none.
 *
 * @example
 * ```ts
 * const { height, width, channels } = pixels(createImage(new Uint8Array(24), [2, 4, 3]));
 * [height, width, channels]; // [2, 4, 3]
 * ```
 */
export function pixels<T extends PixelData>(image: NdArray<T>): Pixels<T> {
  requireImage('image', image);
  const [height, width, channels = 1] = image.shape as [number, number, number?];
  return { data: contiguous(image).data as T, height, width, channels };
}

/** Names of sample types: those of {@link Image} and of {@link Labels}. */
export type Dtype = 'uint8' | 'uint16' | 'float32' | 'int32';

/**
 * Returns the sample type of an array.
 *
 * @throws TypeError for a typed array of another type.
 *
 * @example
 * ```ts
 * dtypeOf(createLabels(undefined, [2, 2])); // 'int32'
 * ```
 */
export function dtypeOf(array: NdArray): Dtype {
  const { data } = array;
  if (data instanceof Uint8Array) return 'uint8';
  if (data instanceof Uint16Array) return 'uint16';
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int32Array) return 'int32';
  throw new TypeError(`array must hold uint8, uint16, float32 or int32 samples, got ${show(data)}.`);
}
