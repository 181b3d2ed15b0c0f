import type { Emitter } from '../emitter.js';
import { NCHWC } from '../graphBuilder.js';
import type { Affine, Channelwise } from './channelwise.js';
import type { Value } from './definition.js';

/** A value in blocks, channel by channel: each operation is one pass of a convolution with as many groups. */
export class BlockWise implements Channelwise {
  readonly layout = 'blocked';
  readonly name: string;
  readonly #graph: Emitter;
  readonly #value: Value;
  readonly #batch: number;
  readonly #height: number;
  readonly #width: number;
  readonly #filled: number;

  constructor(graph: Emitter, value: Value, name = graph.blocked(value)) {
    const [batch, height, width, channels] = value.shape as [number, number, number, number];
    this.name = name;
    this.#graph = graph;
    this.#value = value;
    this.#batch = batch;
    this.#height = height;
    this.#width = width;
    this.#filled = graph.filled(channels);
  }

  affine(scale: string, shift = '', { sum = '', relu = false }: Affine = {}): BlockWise {
    const inputs = [this.name, this.#graph.reshape(scale, [this.#filled, 1, 1, 1]), shift, sum];
    while (inputs.at(-1) === '') inputs.pop();
    const attributes = { kernel_shape: [1, 1], group: this.#filled, ...(relu ? { activation: 'Relu' } : {}) };
    return new BlockWise(this.#graph, this.#value, this.#graph.op('Conv', inputs, attributes, NCHWC));
  }

  times(other: string): BlockWise {
    return new BlockWise(this.#graph, this.#value, this.#graph.op('Mul', [this.name, other]));
  }

  /** Rows, then columns, then images: each a fast reduction, and short enough for float32. */
  sum(): string {
    const { block } = this.#graph;
    const stacks = (this.#batch * this.#filled) / block;
    const rows = this.#sumOver(this.name, [stacks, this.#height, this.#width * block]);
    return this.#sumOfImages(this.#sumOver(rows, [stacks, this.#width, block]));
  }

  /**
   * Without the products in between: `other` is the filter, as large as the image, of a convolution with a group for
   * every channel of every image, in strips so that all threads have work and sums stay short.
   */
  dot(other: BlockWise): string {
    const strips = [16, 8, 4, 2].find((count) => this.#height % count === 0) ?? 1;
    const groups = this.#batch * this.#filled * strips;
    const rows = this.#height / strips;
    const sums = this.#graph.op(
      'Conv',
      [
        this.#graph.reshape(this.name, [1, groups, rows, this.#width]),
        this.#graph.reshape(other.name, [groups, 1, rows, this.#width]),
      ],
      { kernel_shape: [rows, this.#width], group: groups },
      NCHWC,
    );
    const { block } = this.#graph;
    return this.#sumOfImages(this.#sumOver(sums, [(this.#batch * this.#filled) / block, strips, block]));
  }

  #sumOver(name: string, shape: readonly [number, number, number]): string {
    return this.#graph.op('ReduceSum', [this.#graph.reshape(name, shape), this.#graph.ints(1)], { keepdims: 0 });
  }

  #sumOfImages(name: string): string {
    const images = this.#graph.reshape(name, [this.#batch, this.#filled]);
    return this.#graph.op('ReduceSum', [images, this.#graph.ints(0)], { keepdims: 0 });
  }
}
