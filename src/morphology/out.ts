import type { NdArray } from 'ndarray';
import { contiguous } from '../core/arrays.js';
import { isNdArray, requireShape, show } from '../core/check.js';

/** Where a result goes. */
export interface OutOption<A extends NdArray> {
  /**
   * An array of the shape and sample type of the result, row by row without gaps: the result is written to it, and it is
   * what is returned. Spares a loop over frames the fresh memory, which may cost more than the work itself. By default a
   * new array.
   */
  readonly out?: A | undefined;
}

/** The type of a typed array. */
type TypeOf<T> = { new (length: number): T; readonly name: string };

/**
 * The samples that a result is written to: those of `out`, or fresh ones of zeros. Those of `out` are whatever they were.
 *
 * @param inputs - data that is still read while the result is written: `out` must not lie in its memory.
 */
export function outputData<T extends Uint8Array | Uint16Array | Int32Array | Float32Array>(
  out: NdArray<T> | undefined,
  type: TypeOf<T>,
  shape: readonly number[],
  ...inputs: ReadonlyArray<ArrayBufferView | undefined>
): T {
  if (out === undefined) return new type(shape.reduce((size, side) => size * side, 1));
  if (!isNdArray(out)) throw new TypeError(`out must be an ndarray of shape [${shape.join(', ')}], got ${show(out)}.`);
  if (!(out.data instanceof type)) throw new TypeError(`out must hold a ${type.name}, got ${show(out.data)}.`);
  requireShape('out', out.shape, shape);
  if (contiguous(out) !== out) {
    throw new RangeError('out must hold its samples row by row without gaps, got a view of a larger or turned array.');
  }
  for (const input of inputs) {
    if (input !== undefined && overlap(out.data, input)) {
      throw new RangeError('out must not lie in the memory of an input, got an array that does.');
    }
  }
  return out.data;
}

function overlap(a: ArrayBufferView, b: ArrayBufferView): boolean {
  return (
    a.buffer === b.buffer && a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength
  );
}
