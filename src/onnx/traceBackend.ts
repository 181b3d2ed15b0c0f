import {
  type BackendValues,
  type DataId,
  type DataType,
  KernelBackend,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { EngineError } from '../core/errors.js';
import type { OnnxData } from './graph.js';
import { isSupported, type KernelDefinition, type RecordedCall, type Value } from './kernels/definition.js';
import { SizeError } from './sizeError.js';

/** A tensor of a trace: numbers (weights, and what layers make by themselves), or the result of a call. */
export class TracedValue implements Value {
  constructor(
    readonly shape: readonly number[],
    readonly dtype: DataType,
    readonly data?: OnnxData,
  ) {}
}

/** A kernel call of a trace. */
export interface TracedCall extends RecordedCall {
  readonly definition: KernelDefinition;
  /** The layer that called, for messages. */
  readonly layer: string;
  readonly inputs: Readonly<Record<string, TracedValue>>;
  readonly outputs: readonly TracedValue[];
}

/** Finds the numbers of a tensor that lies on another backend, and leaves it there. */
export type NumbersOf = (info: TensorInfo) => BackendValues;

/**
 * A backend for the length of one trace. Its kernels compute nothing and list their calls; what lies on other backends
 * is read, never moved.
 */
export class TraceBackend extends KernelBackend {
  readonly calls: TracedCall[] = [];
  /** The layer that is being called. */
  layer = '';
  readonly #numbersOf: NumbersOf;
  readonly #own = new WeakMap<DataId, TracedValue>();
  readonly #foreign = new Map<DataId, Map<string, TracedValue>>();

  constructor(numbersOf: NumbersOf) {
    super();
    this.#numbersOf = numbersOf;
  }

  /** Lists a call. */
  call(definition: KernelDefinition, inputs: NamedTensorInfoMap, attrs: NamedAttrMap): TensorInfo[] {
    const taken: Record<string, TracedValue> = {};
    for (const [name, info] of Object.entries(inputs)) {
      if (info !== undefined && info !== null) taken[name] = this.tracedOf(info as TensorInfo);
    }
    const known = { inputs: taken, attrs };
    if (!Object.values(taken).every(isUsable) || !(definition.accepts?.(known) ?? true))
      throw this.#refusal(definition);
    const outputs = definition.infer(known).map(({ shape, dtype }) => new TracedValue(shape, dtype));
    if (!outputs.every(isUsable)) throw this.#refusal(definition);
    this.calls.push({ ...known, definition, layer: this.layer, outputs });
    return outputs.map((value) => this.publish(value));
  }

  /** Where arguments are too small, others may do. */
  #refusal({ name }: KernelDefinition): SizeError {
    return new SizeError(`the kernel ${name} has no ONNX form for the arguments that it gets there`);
  }

  /** A tensor to hand out for a value. */
  publish(value: TracedValue): TensorInfo {
    const dataId: DataId = {};
    this.#own.set(dataId, value);
    return { dataId, shape: [...value.shape], dtype: value.dtype };
  }

  /** The value of a tensor, of this trace or from elsewhere. */
  tracedOf(info: TensorInfo): TracedValue {
    const own = this.#own.get(info.dataId);
    if (own) return own;
    let shapes = this.#foreign.get(info.dataId);
    if (shapes === undefined) {
      shapes = new Map();
      this.#foreign.set(info.dataId, shapes);
    }
    const key = info.shape.join();
    let value = shapes.get(key);
    if (value === undefined) {
      value = new TracedValue(info.shape, info.dtype, toData(this.#numbersOf(info), info.dtype));
      shapes.set(key, value);
    }
    return value;
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    // The caller may change its array later.
    return this.publish(new TracedValue([...shape], dtype, toData(values, dtype)?.slice())).dataId;
  }

  override readSync(dataId: DataId): BackendValues {
    const data = this.#own.get(dataId)?.data;
    if (data === undefined) throw new EngineError('it reads values in the middle of the computation');
    return data as BackendValues;
  }

  override async read(dataId: DataId): Promise<BackendValues> {
    return this.readSync(dataId);
  }

  override disposeData(): boolean {
    return true;
  }

  override refCount(): number {
    return 1;
  }

  override incRef(): void {}

  override numDataIds(): number {
    return 0;
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {
    this.#foreign.clear();
  }
}

function isUsable(value: TracedValue): boolean {
  return isSupported(value) && value.shape.every((side) => side > 0);
}

function toData(values: BackendValues, dtype: DataType): OnnxData | undefined {
  if (dtype === 'float32')
    return values instanceof Float32Array ? values : Float32Array.from(values as ArrayLike<number>);
  if (dtype === 'int32') return values instanceof Int32Array ? values : Int32Array.from(values as ArrayLike<number>);
  if (dtype === 'bool') return values instanceof Uint8Array ? values : Uint8Array.from(values as ArrayLike<number>);
  return undefined;
}
