import type { Emitter, Layout } from './emitter.js';
import { expand } from './kernels/broadcast.js';
import type { Value } from './kernels/definition.js';

/** A tensor that a larger one repeats, as broadcasting does. */
export interface Spread {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Makes the large tensor, in the layout that is wanted or in one that leads there. */
export function spellOut(graph: Emitter, value: Value, { name, shape }: Spread, layout: Layout): void {
  const rank = value.shape.length;
  const sides = [...new Array<number>(rank - shape.length).fill(1), ...shape];
  if (layout === 'planes' || layout === 'blocked') {
    const [batch, height, width, channels] = value.shape as [number, number, number, number];
    // What is small is brought into the layout before it is repeated.
    const small = { shape: sides, dtype: value.dtype };
    if (layout === 'planes') {
      graph.define(small, graph.reshape(name, sides));
      const [images, rows, columns, depth] = sides as [number, number, number, number];
      const operand = { name: graph.planes(small), sides: [images, depth, rows, columns] };
      graph.define(value, expand(graph, operand, [batch, channels, height, width], value.dtype), 'planes');
      return;
    }
    if (sides[3] === channels) {
      graph.define(small, graph.reshape(name, sides));
      const blocks = graph.filled(channels) / graph.block;
      const [images, rows, columns] = sides as [number, number, number];
      const operandSides = [images, blocks, rows, columns, graph.block];
      const operand = { name: graph.reshape(graph.blocked(small), operandSides), sides: operandSides };
      const large = expand(graph, operand, [batch, blocks, height, width, graph.block], value.dtype);
      graph.define(value, graph.reshape(large, [batch, blocks * graph.block, height, width]), 'blocked');
      return;
    }
  }
  graph.define(value, expand(graph, { name, sides }, value.shape, value.dtype));
}
