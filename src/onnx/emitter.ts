import type { DataType } from '@tensorflow/tfjs-core';
import {
  type Attribute,
  type OnnxConstant,
  type OnnxData,
  type OnnxNode,
  type OnnxType,
  TYPE_NUMBERS,
} from './graph.js';
import type { Value } from './kernels/definition.js';
import { type Spread, spellOut } from './spread.js';

/**
 * How a value of shape `[batch, height, width, channels]` lies in memory:
 *
 * - `plain`: as TensorFlow.js has it (every other rank is plain too)
 * - `planes`: `[batch, channels, height, width]`
 * - `blocked`: ONNX Runtime's NCHWc, `[batch, channels / block, height, width, block]`, the channels filled up with
 *   zeros to a multiple of the block. Its graph shape reads `[batch, filled channels, height, width]`.
 *
 * A vector of one number a channel may be `filled`: with zeros, to as many as a blocked value has channels.
 */
export type Layout = 'plain' | 'planes' | 'blocked' | 'filled';

/** ONNX Runtime's own domains. */
export const MICROSOFT = 'com.microsoft';
/** Convolutions and poolings on `blocked` values. */
export const NCHWC = 'com.microsoft.nchwc';

/** Options of an {@link Emitter}. */
export interface EmitterOptions {
  /** Channels of a block where the graph is for this very machine; 0 for a graph that runs anywhere. */
  readonly block: number;
}

/** What {@link Emitter.op} takes besides the inputs. */
export type Attributes = Readonly<Record<string, Attribute>>;

const TYPES: Partial<Record<DataType, OnnxType>> = { float32: 'float32', int32: 'int32', bool: 'bool' };

/** The ONNX type of a TensorFlow.js dtype. */
export function onnxType(dtype: DataType): OnnxType {
  const type = TYPES[dtype];
  if (type === undefined) throw new TypeError(`dtype must be float32, int32 or bool, got ${dtype}.`);
  return type;
}

/**
 * Collects the operations of one graph. The same operation on the same inputs is emitted once, and a value is brought
 * into a layout at most once.
 */
export class Emitter {
  readonly nodes: OnnxNode[] = [];
  readonly constants: OnnxConstant[] = [];
  /** Channels of a block, 0 where `blocked` cannot be used. */
  readonly block: number;
  readonly #known = new Map<string, readonly string[]>();
  readonly #layouts = new Map<Value, Partial<Record<Layout, string>>>();
  readonly #spreads = new Map<Value, Spread>();
  #names = 0;

  constructor({ block }: EmitterOptions) {
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

  /** Says that a value is to be had under a name in a layout. */
  define(value: Value, name: string, layout: Layout = 'plain'): void {
    const layouts = this.#layouts.get(value);
    if (layouts) layouts[layout] = name;
    else this.#layouts.set(value, { [layout]: name });
  }

  /** Whether a value is already to be had in a layout. */
  has(value: Value, layout: Layout): boolean {
    return this.#layouts.get(value)?.[layout] !== undefined;
  }

  /** Says that a value repeats a smaller one, as broadcasting does. It is spelled out where somebody asks for it. */
  defineSpread(value: Value, spread: Spread): void {
    this.#spreads.set(value, spread);
  }

  /** The smaller tensor that a value repeats, where that is known. */
  spreadOf(value: Value): Spread | undefined {
    return this.#spreads.get(value);
  }

  /** All names of one value are names of another, of the same shape, too. */
  alias(value: Value, original: Value): void {
    const spread = this.#spreads.get(original);
    if (spread) this.defineSpread(value, spread);
    for (const [layout, name] of Object.entries(this.#layouts.get(original) ?? {})) {
      this.define(value, name, layout as Layout);
    }
  }

  /** The name of a value in the layout of TensorFlow.js. */
  plain(value: Value): string {
    return this.#in(value, 'plain', ({ blocked, planes, filled }) => {
      if (filled !== undefined) {
        const [channels] = value.shape as [number];
        if (this.filled(channels) === channels) return filled;
        return this.op('Slice', [filled, this.ints(0), this.ints(channels), this.ints(0)]);
      }
      const [, height, width, channels] = value.shape as [number, number, number, number];
      if (blocked !== undefined) {
        return this.#reorder('ReorderOutput', blocked, value, { channels, channels_last: 1 });
      }
      // One channel, or one pixel, lies alike in both.
      if (channels === 1 || height * width === 1) return this.reshape(planes!, value.shape);
      return this.op('Transpose', [planes!], { perm: [0, 2, 3, 1] });
    });
  }

  /** The name of a value of rank 4 as planes. */
  planes(value: Value): string {
    return this.#in(value, 'planes', ({ blocked, plain }) => {
      const [batch, height, width, channels] = value.shape as [number, number, number, number];
      if (blocked !== undefined) return this.#reorder('ReorderOutput', blocked, value, { channels });
      if (channels === 1 || height * width === 1) return this.reshape(plain!, [batch, channels, height, width]);
      return this.op('Transpose', [plain!], { perm: [0, 3, 1, 2] });
    });
  }

  /** The name of a value of rank 4 in blocks. */
  blocked(value: Value): string {
    return this.#in(value, 'blocked', (layouts) => {
      let { planes, plain } = layouts;
      // ONNX Runtime fills up by itself, but takes channels in fours only.
      const missing = (4 - (value.shape[3]! % 4)) % 4;
      if (missing > 0) {
        const pad = (name: string, axis: number): string => {
          const pads = new Array<number>(8).fill(0);
          pads[4 + axis] = missing;
          return this.op('Pad', [name, this.ints(...pads)]);
        };
        if (planes !== undefined) planes = pad(planes, 1);
        else plain = pad(plain!, 3);
      }
      if (planes !== undefined) return this.#reorder('ReorderInput', planes, value);
      return this.#reorder('ReorderInput', plain!, value, { channels_last: 1 });
    });
  }

  /** Only floats can be reordered; truth values travel as such. */
  #reorder(op: string, name: string, { dtype }: Value, attributes: Attributes = {}): string {
    if (dtype === 'float32') return this.op(op, [name], attributes, NCHWC);
    return this.cast(this.op(op, [this.cast(name, 'float32')], attributes, NCHWC), dtype);
  }

  /** The name of a vector `[channels]`, filled up where the graph has blocks. */
  vector(value: Value): string {
    return this.#in(value, 'filled', () => {
      const length = value.shape.reduce((product, side) => product * side, 1);
      const flat = this.reshape(this.plain(value), [length]);
      const missing = this.block === 0 ? 0 : this.filled(length) - length;
      return missing === 0 ? flat : this.op('Pad', [flat, this.ints(0, missing)]);
    });
  }

  #in(value: Value, layout: Layout, convert: (layouts: Partial<Record<Layout, string>>) => string): string {
    let layouts = this.#layouts.get(value);
    if (layouts === undefined) {
      const spread = this.#spreads.get(value);
      if (spread === undefined) throw new Error('a value of the recording was used before it was defined.');
      spellOut(this, value, spread, layout);
      layouts = this.#layouts.get(value)!;
    }
    layouts[layout] ??= convert(layouts);
    return layouts[layout];
  }

  /** Channels of a blocked value, zeros included. */
  filled(channels: number): number {
    return Math.ceil(channels / this.block) * this.block;
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
