import type { NamedAttrMap } from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import type { Value } from '../value.js';

export { isSupported, type Value } from '../value.js';

/** One call of a TensorFlow.js kernel. */
export interface KernelCall {
  /** By the names of the kernel; lists of tensors by their index. */
  readonly inputs: Readonly<Record<string, Value>>;
  readonly attrs: NamedAttrMap;
}

/** A call that was recorded, with what it returns. */
export interface RecordedCall extends KernelCall {
  readonly outputs: readonly Value[];
}

/** How a TensorFlow.js kernel is recorded and what it is in ONNX. */
export interface KernelDefinition {
  /** Name of the TensorFlow.js kernel. */
  readonly name: string;
  /** Whether the call can be lowered; else it runs on the CPU backend. By default any call can. */
  readonly accepts?: (call: KernelCall) => boolean;
  /** Shapes and dtypes of the results. */
  readonly infer: (call: KernelCall) => readonly Value[];
  /** Emits the operations and defines each of `call.outputs` in one layout (`graph.define`). */
  readonly lower: (call: RecordedCall, graph: Emitter) => void;
  /**
   * Numbers among the attributes that change from call to call, as tensors: they become inputs named here, so that the
   * graph stays the same. They are taken out of the attributes.
   */
  readonly numbers?: readonly string[];
}
