import { type Emitter, NCHWC } from '../emitter.js';

/** A blocked value: its name in the graph and its sides. */
export interface Blocked {
  readonly name: string;
  readonly batch: number;
  /** Channels, those that fill up included. */
  readonly filled: number;
  readonly height: number;
  readonly width: number;
}

/**
 * x scale + shift (+ sum) for every channel, then an activation, in one pass: a convolution of one tap and as many
 * groups as channels. `scale` and `shift` hold `filled` numbers; `sum` is blocked.
 */
export function scaleBlocked(
  graph: Emitter,
  { name, filled }: Blocked,
  scale: string,
  shift = '',
  { sum = '', relu = false }: { readonly sum?: string; readonly relu?: boolean } = {},
): string {
  const inputs = [name, graph.reshape(scale, [filled, 1, 1, 1]), shift, sum];
  while (inputs.at(-1) === '') inputs.pop();
  const attributes = { kernel_shape: [1, 1], group: filled, ...(relu ? { activation: 'Relu' } : {}) };
  return graph.op('Conv', inputs, attributes, NCHWC);
}

/** Sums over batch and pixels for every channel, `[filled]`: rows, then columns, then images, so that float32 will do. */
export function sumBlocked(graph: Emitter, { name, batch, filled, height, width }: Blocked): string {
  const blocks = filled / graph.block;
  let sums = graph.reshape(name, [batch * blocks, height, width * graph.block]);
  sums = graph.op('ReduceSum', [sums, graph.ints(1)], { keepdims: 0 });
  sums = graph.reshape(sums, [batch * blocks, width, graph.block]);
  sums = graph.op('ReduceSum', [sums, graph.ints(1)], { keepdims: 0 });
  sums = graph.reshape(sums, [batch, filled]);
  return graph.op('ReduceSum', [sums, graph.ints(0)], { keepdims: 0 });
}

/**
 * Sums of x y over batch and pixels for every channel, `[filled]`, without the products in between: y is the filter,
 * as large as x, of a convolution with a group for every channel of every image.
 */
export function dotBlocked(graph: Emitter, x: Blocked, y: Blocked): string {
  const { batch, filled, height, width } = x;
  const blocks = filled / graph.block;
  // In strips, so that all threads have work and sums stay short.
  const strips = [16, 8, 4, 2].find((count) => height % count === 0) ?? 1;
  const groups = batch * filled * strips;
  const shape = [1, groups, height / strips, width];
  const inputs = [graph.reshape(x.name, shape), graph.reshape(y.name, [groups, ...[1, height / strips, width]])];
  const sums = graph.op('Conv', inputs, { kernel_shape: [height / strips, width], group: groups }, NCHWC);
  let total = graph.reshape(sums, [batch * blocks, strips, graph.block]);
  total = graph.op('ReduceSum', [total, graph.ints(1)], { keepdims: 0 });
  total = graph.reshape(total, [batch, filled]);
  return graph.op('ReduceSum', [total, graph.ints(0)], { keepdims: 0 });
}
