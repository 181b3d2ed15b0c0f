import { type Attributes, GraphBuilder, NCHWC } from './graphBuilder.js';
import { expand } from './kernels/broadcast.js';
import type { Value } from './value.js';

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

/** A tensor that a larger one repeats, as broadcasting does. */
export interface Spread {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Collects the operations of one graph, and knows the layouts of its values: each is brought into one at most once. */
export class Emitter extends GraphBuilder {
  readonly #layouts = new Map<Value, Partial<Record<Layout, string>>>();
  readonly #spreads = new Map<Value, Spread>();
  readonly #parts = new Map<Value, readonly Value[]>();

  /** Says that a value is to be had under a name in a layout. */
  define(value: Value, name: string, layout: Layout = 'plain'): void {
    const layouts = this.#layouts.get(value);
    if (layouts) layouts[layout] = name;
    else this.#layouts.set(value, { [layout]: name });
  }

  /** Whether a value is already to be had in a layout. */
  has(value: Value, layout: Layout): boolean {
    if (this.partsOf(value)) return layout === 'blocked';
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

  /**
   * Says that a value is blocked ones joined along their channels, all but the last a multiple of the block. They are
   * joined where somebody asks for the whole; convolutions take them as they are.
   */
  defineParts(value: Value, parts: readonly Value[]): void {
    this.#parts.set(value, parts);
  }

  /** The values that one consists of, as long as nobody has joined them. */
  partsOf(value: Value): readonly Value[] | undefined {
    return this.#layouts.has(value) ? undefined : this.#parts.get(value);
  }

  /** All names of one value are names of another, of the same shape, too. */
  alias(value: Value, original: Value): void {
    const spread = this.#spreads.get(original);
    if (spread) this.defineSpread(value, spread);
    const parts = this.#parts.get(original);
    if (parts) this.defineParts(value, parts);
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
      const parts = this.#parts.get(value);
      if (spread) this.#spellOut(value, spread, layout);
      else if (parts)
        this.define(
          value,
          this.op(
            'Concat',
            parts.map((part) => this.blocked(part)),
            { axis: 1 },
          ),
          'blocked',
        );
      else throw new Error('a value of the recording was used before it was defined.');
      layouts = this.#layouts.get(value)!;
    }
    layouts[layout] ??= convert(layouts);
    return layouts[layout];
  }

  /** Makes the large tensor of a spread, in the layout that is wanted or in one that leads there. */
  #spellOut(value: Value, { name, shape }: Spread, layout: Layout): void {
    const rank = value.shape.length;
    const sides = [...new Array<number>(rank - shape.length).fill(1), ...shape];
    if (layout === 'planes' || layout === 'blocked') {
      const [batch, height, width, channels] = value.shape as [number, number, number, number];
      // What is small is brought into the layout before it is repeated.
      const small = { shape: sides, dtype: value.dtype };
      if (layout === 'planes') {
        this.define(small, this.reshape(name, sides));
        const [images, rows, columns, depth] = sides as [number, number, number, number];
        const operand = { name: this.planes(small), sides: [images, depth, rows, columns] };
        this.define(value, expand(this, operand, [batch, channels, height, width], value.dtype), 'planes');
        return;
      }
      if (sides[3] === channels) {
        this.define(small, this.reshape(name, sides));
        const blocks = this.filled(channels) / this.block;
        const [images, rows, columns] = sides as [number, number, number];
        const operandSides = [images, blocks, rows, columns, this.block];
        const operand = { name: this.reshape(this.blocked(small), operandSides), sides: operandSides };
        const large = expand(this, operand, [batch, blocks, height, width, this.block], value.dtype);
        this.define(value, this.reshape(large, [batch, blocks * this.block, height, width]), 'blocked');
        return;
      }
    }
    this.define(value, expand(this, { name, sides }, value.shape, value.dtype));
  }

  /** Channels of a blocked value, zeros included. */
  filled(channels: number): number {
    return Math.ceil(channels / this.block) * this.block;
  }
}
