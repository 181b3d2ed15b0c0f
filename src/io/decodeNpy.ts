import { FormatError } from '../core/errors.js';
import { readSamples, requireBytes, viewOf } from './bytes.js';
import { sniffFormat } from './sniffFormat.js';
import type { AnySamples } from './toImage.js';

/** An array as NumPy stores it, of any number of axes. */
export interface NpyArray {
  /** Sides, first axis first; `[]` for a single number. */
  readonly shape: readonly number[];
  /** The elements in row-major order (the last axis runs fastest). */
  readonly data: AnySamples;
  /** True where the file holds booleans; `data` then has 0 and 1. */
  readonly boolean: boolean;
}

/**
 * Decodes a NumPy `.npy` file (versions 1 to 3): booleans, integers of 8 to 64 bits and floats of 32 and 64 bits, little or
 * big endian. Fortran order is turned into row-major order. 64-bit integers become an Int32Array, which must hold them.
 *
 * @throws FormatError where the file is damaged or ends early, holds objects, strings, complex or half-precision
 * numbers, or an integer beyond 32 bits.
 *
 * @example
 * ```ts
 * const { shape, data } = decodeNpy(encodeNpy(createLabels([1, 2, 3, 4, 5, 6], [2, 3])));
 * shape; // [2, 3]
 * data[5]; // 6
 * ```
 */
export function decodeNpy(bytes: Uint8Array): NpyArray {
  requireBytes('bytes', bytes);
  if (sniffFormat(bytes) !== 'npy') throw new FormatError('NPY: the file does not begin with the NPY signature.');
  const version = bytes[6];
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) throw new FormatError(`NPY: the file ends at byte ${bytes.length}, inside its header.`);
  if (version === undefined || version < 1 || version > 3) {
    throw new FormatError(`NPY: the version must be 1, 2 or 3, got ${version}.`);
  }
  const length = version === 1 ? viewOf(bytes).getUint16(8, true) : viewOf(bytes).getUint32(8, true);
  const end = start + length;
  if (end > bytes.length) throw new FormatError(`NPY: the file ends at byte ${bytes.length}, inside its header.`);
  const header = new TextDecoder().decode(bytes.subarray(start, end));
  const description = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const sides = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(header)?.[1];
  if (description === undefined) {
    throw new FormatError('NPY: the header must name one plain type, structured arrays are not supported.');
  }
  if (fortran === undefined || sides === undefined) throw new FormatError('NPY: the header cannot be read.');
  const shape = sides.split(',').flatMap((side) => (side.trim() === '' ? [] : [Number(side)]));
  const count = shape.reduce((product, side) => product * side, 1);
  const size = Number(/\d+$/.exec(description)?.[0] ?? 0);
  if (!Number.isSafeInteger(count * size)) throw new FormatError(`NPY: the shape (${shape.join(', ')}) is too large.`);
  if (end + count * size > bytes.length) {
    throw new FormatError(
      `NPY: the file ends at byte ${bytes.length}, but its shape (${shape.join(', ')}) needs ${end + count * size}.`,
    );
  }
  const stored = readElements(bytes.subarray(end, end + count * size), description);
  const data = fortran === 'True' && shape.length > 1 ? toRowMajor(stored, shape) : stored;
  return { shape, data, boolean: description.endsWith('b1') };
}

function readElements(body: Uint8Array, description: string): AnySamples {
  const little = !description.startsWith('>');
  switch (description.replace(/^[<>|=]/, '')) {
    case 'b1':
    case 'u1':
      return new Uint8Array(body);
    case 'i1':
      return new Int8Array(new Uint8Array(body).buffer);
    case 'u2':
      return readSamples(Uint16Array, body, little);
    case 'i2':
      return readSamples(Int16Array, body, little);
    case 'u4':
      return readSamples(Uint32Array, body, little);
    case 'i4':
      return readSamples(Int32Array, body, little);
    case 'u8':
    case 'i8':
      return readLong(body, little, description.endsWith('i8'));
    case 'f4':
      return readSamples(Float32Array, body, little);
    case 'f8':
      return readSamples(Float64Array, body, little);
    default:
      throw new FormatError(`NPY: the type "${description}" is not supported; b1, i1 to i8, u1 to u8, f4 and f8 are.`);
  }
}

function readLong(body: Uint8Array, little: boolean, signed: boolean): Int32Array {
  const view = viewOf(body);
  const result = new Int32Array(body.length / 8);
  for (let i = 0; i < result.length; i++) {
    const low = view.getUint32(i * 8 + (little ? 0 : 4), little);
    const high = view.getInt32(i * 8 + (little ? 4 : 0), little);
    result[i] = low;
    // Sign extension: the high half repeats the top bit of the low half.
    if (high !== result[i]! >> 31 || (!signed && high < 0)) {
      throw new FormatError(`NPY: the integer at index ${i} does not fit into 32 bits.`);
    }
  }
  return result;
}

/** Reorders elements whose first axis runs fastest. */
function toRowMajor(data: AnySamples, shape: readonly number[]): AnySamples {
  const result = data.slice();
  const index = new Array<number>(shape.length).fill(0);
  const strides: number[] = [];
  let stride = 1;
  for (const side of shape) {
    strides.push(stride);
    stride *= side;
  }
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    result[to] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      from += strides[axis]!;
      if (index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}
