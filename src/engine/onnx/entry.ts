import type { BackendValues, DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelCall, KernelDefinition, RecordedCall, Value } from '../../onnx/kernels/definition.js';
import type { Numbers } from './binding.js';

/** A kernel call that waits to be run. */
export interface PendingCall extends RecordedCall {
  readonly definition: KernelDefinition;
  readonly inputs: Readonly<Record<string, Entry>>;
  readonly outputs: readonly Entry[];
  /** The same before what varies was taken out of the attributes: as kernels know it. */
  readonly asCalled: KernelCall & { readonly inputs: Readonly<Record<string, Entry>> };
  /** Everything about the call but which tensors it takes. */
  readonly signature: string;
}

/** The data of one tensor: numbers, or the call that will give them. */
export class Entry implements Value {
  readonly shape: readonly number[];
  readonly dtype: DataType;
  /** Number of elements. */
  readonly size: number;
  /** How many tensors share it. */
  refs = 1;
  /** The numbers, once there. */
  data: Numbers | undefined;
  /** The call that gives the numbers; `undefined` once they are there. */
  call: PendingCall | undefined;
  /** Why there will be no numbers: the run that was to give them failed. */
  failure: unknown;
  /** Whether someone outside may hold `data`, so that its memory cannot be used again. */
  exposed = false;
  /** Data of a dtype that graphs do not hold (text, complex numbers), on the CPU backend. */
  foreign: TensorInfo | undefined;
  /** The same numbers in other shapes, as long as they wait to be run. */
  views: Map<string, Entry> | undefined;

  constructor(shape: readonly number[], dtype: DataType) {
    this.shape = shape;
    this.dtype = dtype;
    this.size = shape.reduce((product, side) => product * side, 1);
  }
}

/** The numbers of `write` and `move`, which the caller may change later, as an array of our own. */
export function copyNumbers(values: BackendValues | null | undefined, size: number, dtype: DataType): Numbers {
  const Numbers = dtype === 'float32' ? Float32Array : dtype === 'int32' ? Int32Array : Uint8Array;
  return values ? Numbers.from(values as ArrayLike<number>) : new Numbers(size);
}
