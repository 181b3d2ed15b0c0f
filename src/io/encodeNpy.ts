import type { NdArray, TypedArray } from 'ndarray';
import { contiguous } from '../core/arrays.js';
import { show } from '../core/check.js';
import { isMachineLittleEndian, reverseBytes } from './bytes.js';
import type { NpyArray } from './decodeNpy.js';

/**
 * Encodes an image, mask, labels, probability map or {@link NpyArray} as a NumPy `.npy` file: version 1.0, little
 * endian, C order, of the type of its data; `np.load` reads it.
 *
 * @throws TypeError for data of a type that NumPy does not have.
 *
 * @example
 * ```ts
 * const bytes = encodeNpy(createMask([0, 1, 1, 0], [2, 2]));
 * decodeNpy(bytes).data; // [0, 1, 1, 0]
 * ```
 */
export function encodeNpy(array: NdArray<TypedArray> | NpyArray): Uint8Array {
  const { shape, data } = 'stride' in array ? contiguous(array) : array;
  const description = describe(data, 'boolean' in array && array.boolean);
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const count = shape.reduce((product, side) => product * side, 1);
  if (count !== data.length) {
    throw new RangeError(`data must have ${count} elements for the shape [${shape.join(', ')}], got ${data.length}.`);
  }
  const text = `{'descr': '${description}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // The header is filled up with blanks, so that the data begin at a multiple of 64.
  const size = Math.ceil((10 + text.length + 1) / 64) * 64;
  const typed = data as Uint8Array;
  const result = new Uint8Array(size + typed.byteLength);
  result.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (size - 10) & 255, (size - 10) >> 8]);
  result.set(new TextEncoder().encode(`${text.padEnd(size - 11)}\n`), 10);
  const body = result.subarray(size);
  body.set(new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength));
  if (!isMachineLittleEndian()) reverseBytes(body, typed.BYTES_PER_ELEMENT);
  return result;
}

function describe(data: unknown, boolean: boolean): string {
  if (data instanceof Uint8Array) return boolean ? '|b1' : '|u1';
  if (data instanceof Int8Array) return '|i1';
  if (data instanceof Uint16Array) return '<u2';
  if (data instanceof Int16Array) return '<i2';
  if (data instanceof Uint32Array) return '<u4';
  if (data instanceof Int32Array) return '<i4';
  if (data instanceof Float32Array) return '<f4';
  if (data instanceof Float64Array) return '<f8';
  throw new TypeError(`array must hold integers of 8 to 32 bits or floats, got ${show(data)}.`);
}
