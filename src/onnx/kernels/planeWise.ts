import type { Emitter } from '../emitter.js';
import type { Affine, Channelwise } from './channelwise.js';
import type { Value } from './definition.js';

/** A value as planes, channel by channel. */
export class PlaneWise implements Channelwise {
  readonly layout = 'planes';
  readonly name: string;
  readonly #graph: Emitter;
  readonly #value: Value;

  constructor(graph: Emitter, value: Value, name = graph.planes(value)) {
    this.name = name;
    this.#graph = graph;
    this.#value = value;
  }

  affine(scale: string, shift?: string, { sum, relu = false }: Affine = {}): PlaneWise {
    const spread = (vector: string): string => this.#graph.reshape(vector, [1, this.#value.shape[3]!, 1, 1]);
    let result = this.#graph.op('Mul', [this.name, spread(scale)]);
    if (shift !== undefined) result = this.#graph.op('Add', [result, spread(shift)]);
    if (sum !== undefined) result = this.#graph.op('Add', [result, sum]);
    return new PlaneWise(this.#graph, this.#value, relu ? this.#graph.op('Relu', [result]) : result);
  }

  times(other: string): PlaneWise {
    return new PlaneWise(this.#graph, this.#value, this.#graph.op('Mul', [this.name, other]));
  }

  sum(): string {
    const rows = this.#graph.op('ReduceSum', [this.name, this.#graph.ints(3)], { keepdims: 0 });
    return this.#graph.op('ReduceSum', [rows, this.#graph.ints(0, 2)], { keepdims: 0 });
  }

  dot(other: PlaneWise): string {
    return this.times(other.name).sum();
  }
}
