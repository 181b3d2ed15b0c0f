import type { DataType, NamedAttrMap } from '@tensorflow/tfjs-core';
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
   * Takes what changes from call to call out of the attributes: it becomes inputs, so that the graph stays the same.
   * `isAtHand` says whether a tensor holds its numbers, rather than waits for them. `lower` has to know both forms,
   * since graphs that are written out keep the attributes; so does {@link numberOf}.
   */
  readonly vary?: (call: KernelCall, isAtHand: (value: Value) => boolean) => Varying | undefined;
  /** Whether the CPU backend's kernel gives the result at once: it takes no tensors, and hardly any time. */
  readonly isImmediate?: boolean;
}

/** A call's attributes, those that vary as tensors. */
export interface Varying {
  /** What is left of the attributes. */
  readonly attrs: NamedAttrMap;
  readonly inputs: Readonly<Record<string, VaryingInput>>;
}

/** Numbers of one call. */
export interface VaryingInput {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** Some attributes as single numbers of a dtype. */
export function varyNumbers(attrs: NamedAttrMap, names: readonly string[], dtype: DataType = 'float32'): Varying {
  const rest: NamedAttrMap = { ...attrs };
  const inputs: Record<string, VaryingInput> = {};
  for (const name of names) {
    inputs[name] = { dtype, shape: [], values: [attrs[name] as number] };
    delete rest[name];
  }
  return { attrs: rest, inputs };
}

/** The name of a single number, be it an input or an attribute. */
export function numberOf(
  graph: Emitter,
  { inputs, attrs }: KernelCall,
  name: string,
  dtype: DataType = 'float32',
): string {
  return inputs[name] ? graph.plain(inputs[name]) : graph.scalar(attrs[name] as number, dtype);
}
