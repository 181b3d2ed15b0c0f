import type { Emitter } from '../emitter.js';
import { MICROSOFT, NCHWC } from '../graphBuilder.js';
import type { Value } from './definition.js';
import { flipTaps } from './filters.js';
import { type Geometry, isPointwise } from './geometry.js';

/** Bytes of the strips of x and dy that a convolution reads again and again: they should stay in the cache of a core. */
const STRIP_BYTES = 1 << 19;

/**
 * Emits the gradient of a filter, `[height, width, inputs, outputs]`.
 *
 * In blocks it is itself a convolution. The rows of x, pixels of `depth` channels one after the other, are an image of
 * one channel; dy, all of its pixels, is the filter that passes over it, its taps `depth` numbers apart: the result at
 * position `depth` j + c of row i is the gradient of tap (i, j) and channel c. Large kernels like these are what ONNX
 * Runtime's direct convolutions sum up in registers, two to three times as fast as products of shifted matrices.
 */
export function filterGradient(graph: Emitter, x: Value, dy: Value, geometry: Geometry, output: Value): void {
  const parts = graph.partsOf(x);
  if (parts) {
    // Of joined feature maps each has a gradient of its own.
    const gradients = parts.map((part) => {
      const shape = output.shape.toSpliced(2, 1, part.shape[3]!);
      const gradient: Value = { shape, dtype: output.dtype };
      correlate(graph, part, dy, geometry, gradient);
      return graph.plain(gradient);
    });
    graph.define(output, graph.op('Concat', gradients, { axis: 2 }));
  } else if (graph.block > 0) {
    correlate(graph, x, dy, geometry, output);
  } else if (isPointwise(geometry)) {
    const [inputs, outputs] = output.shape.slice(2) as [number, number];
    graph.define(output, graph.reshape(pixelProducts(graph, x, dy, inputs, outputs), output.shape));
  } else {
    shiftedProducts(graph, x, dy, geometry, output);
  }
}

/** x^T dy over all pixels. */
function pixelProducts(graph: Emitter, x: Value, dy: Value, inputs: number, outputs: number): string {
  const batch = x.shape[0]!;
  const pixels = x.shape[1]! * x.shape[2]!;
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
  const isDense = [...geometry.strides, ...geometry.dilations].every((n) => n === 1);
  // Up to four blocks of filters are summed at a time: where the two can change roles, the one with more is the filter.
  // An image is copied where it is padded or cut into strips, so that the smaller one had better be it, too; but the
  // gradient then takes some passes to be turned round.
  const copied = dy.shape[0]! * dy.shape[1]! * dy.shape[2]! * (inputs - outputs);
  const turned = 4 * height * width * inputs * outputs;
  const swap = isDense && (Math.min(inputs, 4 * block) > Math.min(outputs, 4 * block) || copied > turned);
  const roles: Roles = swap
    ? {
        image: dy,
        filter: x,
        geometry: {
          ...geometry,
          before: [geometry.kernel[0] - 1 - geometry.before[0], geometry.kernel[1] - 1 - geometry.before[1]],
          inputSides: geometry.outputSides,
          outputSides: geometry.inputSides,
        },
      }
    : { image: x, filter: dy, geometry };
  const { name, depth, stacks } = correlation(graph, roles);
  const filled = graph.filled(swap ? inputs : outputs);
  const images = swap ? outputs : inputs;
  // [stacks, blocks of filters, taps, depth, block]
  let gradient = graph.reshape(name, [stacks, filled / block, height * width, depth, block]);
  if (swap) {
    // dy passed over x: the taps come in the opposite order.
    gradient = graph.op('Transpose', [gradient], { perm: [2, 1, 4, 0, 3] });
    gradient = graph.reshape(gradient, [height * width, filled, stacks * depth]);
    gradient = flipTaps(graph, gradient, height * width, [filled, stacks * depth]);
    gradient = cutAxis(graph, gradient, 1, filled, inputs);
    gradient = cutAxis(graph, gradient, 2, stacks * depth, images);
  } else {
    gradient = graph.op('Transpose', [gradient], { perm: [2, 0, 3, 1, 4] });
    gradient = graph.reshape(gradient, [height * width, stacks * depth, filled]);
    gradient = cutAxis(graph, gradient, 1, stacks * depth, images);
    gradient = cutAxis(graph, gradient, 2, filled, outputs);
  }
  graph.define(output, graph.reshape(gradient, output.shape));
}

function cutAxis(graph: Emitter, name: string, axis: number, from: number, to: number): string {
  return from === to ? name : graph.op('Slice', [name, graph.ints(0), graph.ints(to), graph.ints(axis)]);
}

/** Rows of pixels, `depth` numbers each; a value in blocks is a stack of as many as it has blocks. */
interface PixelRows {
  /** `[batch x stacks, height, width, depth]`. */
  readonly name: string;
  readonly depth: number;
  readonly stacks: number;
}

function pixelRows(graph: Emitter, value: Value): PixelRows {
  const [batch, height, width, channels] = value.shape as [number, number, number, number];
  if (channels < graph.block && !graph.has(value, 'blocked')) {
    return { name: graph.plain(value), depth: channels, stacks: 1 };
  }
  const stacks = graph.filled(channels) / graph.block;
  const name = graph.reshape(graph.blocked(value), [batch * stacks, height, width, graph.block]);
  return { name, depth: graph.block, stacks };
}

/**
 * Passes the filter over the image. The images of a batch are groups of the convolution, strips of rows its input
 * channels, so that one operation adds up all of them, strip by strip, and dy is read where it lies.
 */
function correlation(graph: Emitter, { image, filter, geometry }: Roles): PixelRows {
  const { block } = graph;
  const { kernel, strides, dilations } = geometry;
  const { name, depth, stacks } = pixelRows(graph, image);
  const [batch, height, width, channels] = filter.shape as [number, number, number, number];
  const blocks = graph.filled(channels) / block;
  const strips = stripsOf(height, width * (Math.min(blocks, 4) * block + depth) * 4, block);
  const rows = Math.ceil(height / strips);
  const all = { ...geometry, outputSides: [rows * strips, width] as const };
  const sides = [0, 1].map((a) => strides[a]! * (all.outputSides[a]! - 1) + dilations[a]! * (kernel[a]! - 1) + 1);
  const padded = padFor(graph, name, all, [batch * stacks, ...image.shape.slice(1, 3), depth], 1);
  const rowsOfStrip = strides[0] * (rows - 1) + dilations[0] * (kernel[0] - 1) + 1;
  const pixels = stripsOfRows(graph, padded, {
    batch,
    stacks,
    height: sides[0]!,
    width: sides[1]! * depth,
    starts: Array.from({ length: strips }, (_, strip) => strip * rows * strides[0]),
    rows: rowsOfStrip,
  });
  let taps = graph.blocked(filter);
  if (rows * strips > height) {
    const flat = graph.reshape(taps, [batch * blocks, height, width * block]);
    taps = graph.op('Pad', [flat, graph.ints(0, 0, 0, 0, rows * strips - height, 0)]);
  }
  const sums = graph.op(
    'Conv',
    [pixels, graph.reshape(taps, [batch * blocks * block, strips, rows, width])],
    {
      group: batch,
      kernel_shape: [rows, width],
      // Steps of the filter's taps are the strides of the convolution, and the other way round.
      strides: [dilations[0], 1],
      dilations: [strides[0], strides[1] * depth],
    },
    NCHWC,
  );
  const reach = dilations[1] * (kernel[1] - 1) + 1;
  let total = graph.reshape(sums, [stacks, batch, blocks * kernel[0] * reach * depth * block]);
  if (batch > 1) total = graph.op('ReduceSum', [total, graph.ints(1)], { keepdims: 0 });
  if (dilations[1] > 1) {
    // Of the positions along a row only every so many are taps.
    total = graph.reshape(total, [stacks * blocks * kernel[0], reach, depth * block]);
    const wanted = graph.ints(...Array.from({ length: kernel[1] }, (_, tap) => tap * dilations[1]));
    total = graph.op('Gather', [total, wanted], { axis: 1 });
  }
  return { name: total, depth, stacks };
}

interface Strips {
  readonly batch: number;
  readonly stacks: number;
  readonly height: number;
  readonly width: number;
  /** First row of each strip. */
  readonly starts: readonly number[];
  readonly rows: number;
}

/** Rows `[batch x stacks, height, width]` as overlapping strips `[stacks, batch x strips, rows, width]`. */
function stripsOfRows(graph: Emitter, name: string, strips: Strips): string {
  const { batch, stacks, height, width, starts, rows } = strips;
  const shape = [stacks, batch * starts.length, rows, width];
  if ((batch === 1 || stacks === 1) && starts.length * rows === height) return graph.reshape(name, shape);
  const wanted: number[] = [];
  for (let stack = 0; stack < stacks; stack++) {
    for (let n = 0; n < batch; n++) {
      for (const start of starts) {
        for (let row = 0; row < rows; row++) wanted.push((n * stacks + stack) * height + start + row);
      }
    }
  }
  const lines = graph.reshape(name, [batch * stacks * height, width]);
  return graph.reshape(graph.op('Gather', [lines, graph.ints(...wanted)], { axis: 0 }), shape);
}

/** Into how many strips to cut: few enough to count as input channels that are not blocked, a divisor if there is one. */
function stripsOf(height: number, bytesOfRow: number, block: number): number {
  const wanted = Math.min(block - 1, height, Math.max(1, Math.round((height * bytesOfRow) / STRIP_BYTES)));
  for (let strips = wanted; strips >= wanted / 2; strips--) if (height % strips === 0) return strips;
  return wanted;
}
