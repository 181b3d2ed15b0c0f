import type { DataType } from '@tensorflow/tfjs-core';
import {
  type Attribute,
  type OnnxConstant,
  type OnnxData,
  type OnnxNode,
  type OnnxType,
  TYPE_NUMBERS,
} from './graph.js';

/** ONNX Runtime's own domains. */
export const MICROSOFT = 'com.microsoft';
/** Convolutions and poolings on `blocked` values. */
export const NCHWC = 'com.microsoft.nchwc';

/** Options of an {@link GraphBuilder}. */
export interface GraphBuilderOptions {
  /** Channels of a block where the graph is for this very machine; 0 for a graph that runs anywhere. */
  readonly block: number;
}

/** What {@link GraphBuilder.op} takes besides the inputs. */
export type Attributes = Readonly<Record<string, Attribute>>;

const TYPES: Partial<Record<DataType, OnnxType>> = { float32: 'float32', int32: 'int32', bool: 'bool' };

/** The ONNX type of a TensorFlow.js dtype. */
export function onnxType(dtype: DataType): OnnxType {
  const type = TYPES[dtype];
  if (type === undefined) throw new TypeError(`dtype must be float32, int32 or bool, got ${dtype}.`);
  return type;
}

/** Collects the operations of one graph. The same operation on the same inputs is emitted once. */
export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly constants: OnnxConstant[] = [];
  /** Channels of a block, 0 where `blocked` cannot be used. */
  readonly block: number;
  readonly #known = new Map<string, readonly string[]>();
  #names = 0;

  constructor({ block }: GraphBuilderOptions) {
    this.block = block;
  }

  /** Emits an operation with one result and returns its name. */
  op(op: string, inputs: readonly string[], attributes: Attributes = {}, domain = ''): string {
    return this.ops(op, inputs, 1, attributes, domain)[0]!;
  }

  /** Emits an operation with several results and returns their names. */
  ops(
    op: string,
    inputs: readonly string[],
    count: number,
    attributes: Attributes = {},
    domain = '',
  ): readonly string[] {
    const key = `${domain}:${op}(${inputs.join()})${count}${JSON.stringify(attributes)}`;
    const known = this.#known.get(key);
    if (known) return known;
    const outputs = Array.from({ length: count }, () => this.name());
    this.nodes.push({ op, domain, inputs, outputs, attributes });
    this.#known.set(key, outputs);
    return outputs;
  }

  /** A name that nothing has yet. */
  name(): string {
    return `v${this.#names++}`;
  }

  /** A constant list of int64, as shapes and axes are. */
  ints(...values: readonly number[]): string {
    return this.#constant('int64', [values.length], BigInt64Array.from(values, BigInt), values.join());
  }

  /** A constant float32 scalar. */
  float(value: number): string {
    return this.#constant('float32', [], Float32Array.of(value), Object.is(value, -0) ? '-0' : `${value}`);
  }

  /** A constant int32 scalar. */
  int(value: number): string {
    return this.#constant('int32', [], Int32Array.of(value), `${value}`);
  }

  /** A constant scalar of the dtype of a value. */
  scalar(value: number, dtype: DataType): string {
    if (dtype === 'bool') return this.#constant('bool', [], Uint8Array.of(value ? 1 : 0), `${value ? 1 : 0}`);
    return dtype === 'int32' ? this.int(value) : this.float(value);
  }

  /** A constant float32 tensor. */
  floats(values: Float32Array, shape: readonly number[]): string {
    return this.#constant('float32', shape, values, values.join());
  }

  #constant(type: OnnxType, shape: readonly number[], data: OnnxData, text: string): string {
    const key = `${type}[${shape}]${text}`;
    const known = this.#known.get(key);
    if (known) return known[0]!;
    const name = this.name();
    this.constants.push({ name, type, shape, data });
    this.#known.set(key, [name]);
    return name;
  }

  /** Emits a `Cast`; float32 to int32 as C does it, which is only defined for numbers that int32 holds. */
  cast(name: string, dtype: DataType): string {
    return this.op('Cast', [name], { to: TYPE_NUMBERS[onnxType(dtype)] });
  }

  /** Emits a `Reshape`. */
  reshape(name: string, shape: readonly number[]): string {
    return this.op('Reshape', [name, this.ints(...shape)]);
  }
}
