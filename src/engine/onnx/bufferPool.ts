import type { BackendValues, DataType } from '@tensorflow/tfjs-core';
import type { OnnxType } from '../../onnx/graph.js';
import { onnxType } from '../../onnx/graphBuilder.js';
import type { Numbers } from './binding.js';

/** Memory of disposed tensors that later ones of the same size take over, which saves taking and clearing it anew. */
export class BufferPool {
  readonly #free = new Map<number, { buffer: ArrayBuffer; since: number }[]>();
  #runs = 0;

  /** An array of a length, with any numbers in it. */
  take(type: OnnxType, length: number): Numbers {
    const width = type === 'bool' ? 1 : 4;
    const bytes = length * width;
    const buffer = (bytes >= SMALLEST ? this.#free.get(bytes)?.pop()?.buffer : undefined) ?? new ArrayBuffer(bytes);
    return type === 'float32'
      ? new Float32Array(buffer)
      : type === 'int32'
        ? new Int32Array(buffer)
        : new Uint8Array(buffer);
  }

  /** The numbers of `write` and `move`, which the caller may change later, as an array of our own; 0 where there are none. */
  copy(values: BackendValues | null | undefined, length: number, dtype: DataType): Numbers {
    const numbers = this.take(onnxType(dtype), length) as Float32Array;
    if (values) numbers.set(values as ArrayLike<number>);
    else numbers.fill(0);
    return numbers;
  }

  /** Takes memory that nobody reads any more. */
  give({ buffer, byteLength }: Numbers): void {
    if (byteLength < SMALLEST || byteLength !== buffer.byteLength || !(buffer instanceof ArrayBuffer)) return;
    const list = this.#free.get(byteLength);
    const item = { buffer, since: this.#runs };
    if (list) list.push(item);
    else this.#free.set(byteLength, [item]);
  }

  /** Lets go of what the last runs had no use for. */
  age(): void {
    this.#runs++;
    for (const [bytes, list] of this.#free) {
      const kept = list.filter(({ since }) => this.#runs - since <= KEPT_FOR);
      if (kept.length > 0) this.#free.set(bytes, kept);
      else this.#free.delete(bytes);
    }
  }

  /** Lets go of everything. */
  clear(): void {
    this.#free.clear();
  }
}

/** Smaller pieces are not worth looking for, in bytes. */
const SMALLEST = 4096;
/** Runs for which a piece waits to be taken. */
const KEPT_FOR = 3;
