import { type Emitter, MICROSOFT, NCHWC } from '../emitter.js';
import type { Value } from './definition.js';
import type { Geometry } from './geometry.js';
import { isPointwise } from './geometry.js';

/** Bytes of the part of dy that a convolution reads again and again: it should stay in the cache of a core. */
const STRIP_BYTES = 1 << 19;

/**
 * Emits the gradient of a filter, `[height, width, inputs, outputs]`.
 *
 * In blocks it is itself a convolution: each channel of x is an image of a batch, and dy, all of its pixels, is the
 * filter that passes over it; the results at the few positions are the gradient. Large kernels like these are what
 * ONNX Runtime's direct convolutions sum up in registers, one to two times as fast as products of shifted matrices.
 */
export function filterGradient(graph: Emitter, x: Value, dy: Value, geometry: Geometry, output: Value): void {
  if (isPointwise(geometry)) {
    const [inputs, outputs] = output.shape.slice(2) as [number, number];
    graph.define(output, graph.reshape(pixelProducts(graph, x, dy, inputs, outputs), output.shape));
    return;
  }
  if (graph.block === 0) shiftedProducts(graph, x, dy, geometry, output);
  else correlate(graph, x, dy, geometry, output);
}

/** x^T dy over all pixels. */
function pixelProducts(graph: Emitter, x: Value, dy: Value, inputs: number, outputs: number): string {
  const batch = x.shape[0]!;
  const pixels = x.shape[1]! * x.shape[2]!;
  if (graph.has(x, 'plain') && !graph.has(x, 'blocked') && !graph.has(x, 'planes')) {
    const left = graph.reshape(graph.plain(x), [batch * pixels, inputs]);
    const right = graph.reshape(graph.plain(dy), [batch * pixels, outputs]);
    return graph.op('FusedMatMul', [left, right], { transA: 1 }, MICROSOFT);
  }
  const left = graph.reshape(graph.planes(x), [batch, inputs, pixels]);
  const right = graph.reshape(graph.plain(dy), [batch, pixels, outputs]);
  const products = graph.op('MatMul', [left, right]);
  return batch === 1 ? products : graph.op('ReduceSum', [products, graph.ints(0)], { keepdims: 0 });
}

/** As many products as the filter has taps: for machines without blocks. */
function shiftedProducts(graph: Emitter, x: Value, dy: Value, geometry: Geometry, output: Value): void {
  const [height, width, inputs, outputs] = output.shape as [number, number, number, number];
  const { strides, dilations, outputSides } = geometry;
  const padded = padFor(graph, graph.plain(x), geometry, x.shape, 1);
  const right = graph.reshape(graph.plain(dy), [-1, outputs]);
  const parts: string[] = [];
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const starts = [i * dilations[0], j * dilations[1]];
      const ends = starts.map((start, axis) => start + strides[axis]! * (outputSides[axis]! - 1) + 1);
      const shifted = graph.op('Slice', [
        padded,
        graph.ints(...starts),
        graph.ints(...ends),
        graph.ints(1, 2),
        graph.ints(...strides),
      ]);
      const left = graph.reshape(shifted, [-1, inputs]);
      const product = graph.op('FusedMatMul', [left, right], { transA: 1 }, MICROSOFT);
      parts.push(graph.reshape(product, [1, inputs, outputs]));
    }
  }
  const all = parts.length === 1 ? parts[0]! : graph.op('Concat', parts, { axis: 0 });
  graph.define(output, graph.reshape(all, output.shape));
}

/** Pads, or cuts behind, so that dy's taps reach exactly as many positions as the filter has. */
function padFor(
  graph: Emitter,
  name: string,
  { kernel, strides, dilations, before, outputSides }: Geometry,
  shape: readonly number[],
  axis: number,
  [beforeRow, beforeColumn]: readonly [number, number] = before,
): string {
  const firsts = [beforeRow, beforeColumn];
  const lasts = [0, 1].map((i) => {
    const reach = strides[i]! * (outputSides[i]! - 1) + dilations[i]! * (kernel[i]! - 1) + 1;
    return reach - firsts[i]! - shape[axis + i]!;
  });
  if (firsts.every((n) => n === 0) && lasts.every((n) => n === 0)) return name;
  const pads = new Array<number>(2 * shape.length).fill(0);
  pads.splice(axis, 2, ...firsts);
  pads.splice(shape.length + axis, 2, ...lasts);
  return graph.op('Pad', [name, graph.ints(...pads)]);
}

/** The two tensors of a correlation: the one that is the filter, in blocks, and the one that it passes over. */
interface Roles {
  readonly image: Value;
  readonly filter: Value;
  /** Zeros around the image. */
  readonly geometry: Geometry;
}

function correlate(graph: Emitter, x: Value, dy: Value, geometry: Geometry, output: Value): void {
  const [height, width, inputs, outputs] = output.shape as [number, number, number, number];
  const { block } = graph;
  const dense = [...geometry.strides, ...geometry.dilations].every((n) => n === 1);
  // Four blocks of filters are summed at a time: the tensor with more channels is the filter where they can change.
  const swap = dense && Math.min(inputs, 4 * block) > Math.min(outputs, 4 * block);
  const roles: Roles = swap
    ? {
        image: dy,
        filter: x,
        geometry: {
          ...geometry,
          before: [geometry.kernel[0] - 1 - geometry.before[0], geometry.kernel[1] - 1 - geometry.before[1]],
          outputSides: geometry.inputSides,
        },
      }
    : { image: x, filter: dy, geometry };
  const sums = correlation(graph, roles);
  const [images, filters] = swap ? [outputs, inputs] : [inputs, outputs];
  const filled = graph.filled(filters);
  // [images, blocks, height, width, block]
  const blocks = graph.reshape(sums, [images, filled / block, height * width, block]);
  let gradient: string;
  if (swap) {
    // dy passed over x: the positions come in the opposite order.
    gradient = graph.op('Transpose', [blocks], { perm: [2, 1, 3, 0] });
    gradient = graph.reshape(gradient, [height * width, filled, outputs]);
    const order = Array.from({ length: height * width }, (_, i) => height * width - 1 - i);
    gradient = graph.op('Gather', [gradient, graph.ints(...order)], { axis: 0 });
    if (filled > inputs) gradient = cutAxis(graph, gradient, 1, inputs);
  } else {
    gradient = graph.op('Transpose', [blocks], { perm: [2, 0, 1, 3] });
    gradient = graph.reshape(gradient, [height * width, inputs, filled]);
    if (filled > outputs) gradient = cutAxis(graph, gradient, 2, outputs);
  }
  graph.define(output, graph.reshape(gradient, output.shape));
}

function cutAxis(graph: Emitter, name: string, axis: number, length: number): string {
  return graph.op('Slice', [name, graph.ints(0), graph.ints(length), graph.ints(axis)]);
}

/** Passes the filter over the image, image by image of the batch and strip by strip, adding up. */
function correlation(graph: Emitter, { image, filter, geometry }: Roles): string {
  const { block } = graph;
  const [batch, , , images] = image.shape as [number, number, number, number];
  const [, height, width, channels] = filter.shape as [number, number, number, number];
  const filled = graph.filled(channels);
  const { kernel, strides, dilations } = geometry;
  const padded = padFor(graph, graph.planes(image), geometry, [batch, images, ...image.shape.slice(1, 3)], 2);
  const blocked = graph.reshape(graph.blocked(filter), [batch * (filled / block), height, width * block]);
  const rows = rowsOfStrip(height, width * Math.min(filled, 4 * block) * 4);
  const paddedSides = [0, 1].map(
    (axis) => strides[axis]! * ([height, width][axis]! - 1) + dilations[axis]! * (kernel[axis]! - 1) + 1,
  );
  let sums: string | undefined;
  for (let n = 0; n < batch; n++) {
    for (let from = 0; from < height; from += rows) {
      const taken = Math.min(rows, height - from);
      const top = from * strides[0];
      const bottom = top + strides[0] * (taken - 1) + dilations[0] * (kernel[0] - 1) + 1;
      const part = sliceOf(graph, padded, [batch, images, paddedSides[0]!], [n, n + 1], [0, images], [top, bottom]);
      const strip = sliceOf(
        graph,
        blocked,
        [batch * (filled / block), height],
        [n * (filled / block), (n + 1) * (filled / block)],
        [from, from + taken],
      );
      const inputs = [
        graph.reshape(part, [images, 1, bottom - top, paddedSides[1]!]),
        graph.reshape(strip, [filled, 1, taken, width]),
      ];
      if (sums !== undefined) inputs.push('', sums);
      // Steps of the filter's taps are the strides of the convolution, and the other way round.
      sums = graph.op('Conv', inputs, { kernel_shape: [taken, width], strides: dilations, dilations: strides }, NCHWC);
    }
  }
  return sums!;
}

/** The part of a value between starts and ends along its first axes; the whole where they are its sides. */
function sliceOf(
  graph: Emitter,
  name: string,
  sides: readonly number[],
  ...ranges: readonly (readonly [number, number])[]
): string {
  const cut = ranges.flatMap(([start, end], axis) => (start === 0 && end === sides[axis] ? [] : [axis]));
  if (cut.length === 0) return name;
  return graph.op('Slice', [
    name,
    graph.ints(...cut.map((axis) => ranges[axis]![0])),
    graph.ints(...cut.map((axis) => ranges[axis]![1])),
    graph.ints(...cut),
  ]);
}

/** Rows of a strip, a few for filters that would not stay in the cache as a whole. */
function rowsOfStrip(height: number, bytesOfRow: number): number {
  const strips = Math.max(1, Math.round((height * bytesOfRow) / STRIP_BYTES));
  return Math.max(Math.ceil(height / strips), Math.min(height, 4));
}
