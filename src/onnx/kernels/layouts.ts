import type { Emitter, Layout } from '../emitter.js';
import { isSameShape, type Operand, sizeOf } from './broadcast.js';
import type { Value } from './definition.js';

/** The layouts that a value of any kind can be in. */
export type FullLayout = Exclude<Layout, 'filled'>;

/** With fewer channels, blocks would mostly hold zeros, and runs along the channels are too short to be fast. */
const FEW_CHANNELS = 8;

/** Whether a shape is of images with so few channels that planes are the better layout. */
export function hasFewChannels(shape: readonly number[]): boolean {
  return shape.length === 4 && shape[3]! > 1 && shape[3]! < FEW_CHANNELS;
}

/** Whether the blocks of a shape hold more numbers than zeros that fill up. */
function fillsBlocks(graph: Emitter, shape: readonly number[]): boolean {
  return graph.block > 0 && 2 * shape[3]! >= graph.filled(shape[3]!);
}

/** Whether some channels of a blocked value of a shape only fill up. */
export function isFilledUp(graph: Emitter, shape: readonly number[]): boolean {
  return graph.filled(shape[3]!) !== shape[3];
}

/** The layout that costs least for values of one shape: the one they are in. */
export function commonLayout(graph: Emitter, values: readonly Value[]): FullLayout {
  const elsewhere = values.filter((value) => value.shape.length === 4 && isElsewhere(graph, value));
  if (elsewhere.length === 0) return 'plain';
  const blocked = elsewhere.every((value) => graph.has(value, 'blocked') || graph.has(value, 'plain'));
  const someBlocked = elsewhere.some((value) => graph.has(value, 'blocked') && !graph.has(value, 'planes'));
  if ((blocked || someBlocked) && fillsBlocks(graph, elsewhere[0]!.shape)) return 'blocked';
  return 'planes';
}

/** Whether a value is to be had in another layout than plain only. */
function isElsewhere(graph: Emitter, value: Value): boolean {
  return !graph.has(value, 'plain') && (graph.has(value, 'blocked') || graph.has(value, 'planes'));
}

/** The sides of a value of a shape in a layout: of a blocked one five, `[batch, blocks, height, width, block]`. */
export function sidesIn(graph: Emitter, shape: readonly number[], layout: FullLayout): readonly number[] {
  if (layout === 'plain') return shape;
  const [batch, height, width, channels] = shape as [number, number, number, number];
  if (layout === 'planes') return [batch, channels, height, width];
  return [batch, graph.filled(channels) / graph.block, height, width, graph.block];
}

/** Where an axis of `[batch, height, width, channels]` is among {@link sidesIn}; of blocked channels, the blocks. */
export function axisIn(axis: number, layout: FullLayout): number {
  return layout === 'plain' ? axis : [0, 2, 3, 1][axis]!;
}

/** The name of a value with the sides of {@link sidesIn}. */
export function nameIn(graph: Emitter, value: Value, layout: FullLayout): string {
  if (layout === 'plain') return graph.plain(value);
  if (layout === 'planes') return graph.planes(value);
  return graph.reshape(graph.blocked(value), sidesIn(graph, value.shape, layout));
}

/** Defines a value by a name with the sides of {@link sidesIn}. */
export function defineIn(graph: Emitter, value: Value, name: string, layout: FullLayout): void {
  if (layout !== 'blocked') {
    graph.define(value, name, layout);
    return;
  }
  const [batch, height, width, channels] = value.shape as [number, number, number, number];
  graph.define(value, graph.reshape(name, [batch, graph.filled(channels), height, width]), layout);
}

/** The smaller tensor that a value repeats, or itself. */
export function smallest(graph: Emitter, value: Value): Value {
  const spread = graph.spreadOf(value);
  if (spread === undefined) return value;
  const small = { shape: spread.shape, dtype: value.dtype };
  graph.define(small, spread.name);
  return small;
}

/** The sides of a shape with leading ones, as many as the rank. */
export function alignSides(shape: readonly number[], rank: number): readonly number[] {
  return [...new Array<number>(rank - shape.length).fill(1), ...shape];
}

/**
 * A value that broadcasts against `shape` as an operand in a layout. Where it is one number for every channel, those
 * that only fill up get `filler`, or whatever is at hand where that is left out; else they get 0.
 */
export function operandIn(
  graph: Emitter,
  value: Value,
  shape: readonly number[],
  layout: FullLayout,
  filler?: number,
): Operand {
  const sides = alignSides(value.shape, shape.length);
  if (layout === 'plain') return { name: graph.plain(value), sides };
  const isFull = isSameShape(sides, shape);
  if (isFull && value.shape.length === 4) {
    return { name: nameIn(graph, value, layout), sides: sidesIn(graph, shape, layout) };
  }
  const [batch, height, width, channels] = sides as [number, number, number, number];
  const whole = value.shape.length === 4 ? value : reshaped(graph, value, sides);
  if (layout === 'planes') {
    return { name: graph.planes(whole), sides: [batch, channels, height, width] };
  }
  if (channels === 1) {
    const few = [batch, 1, height, width, 1];
    const name = graph.plain(value);
    if (sizeOf(sides) > 1) return { name: graph.reshape(name, few), sides: few };
    if (filler === undefined || !isFilledUp(graph, shape)) return { name, sides: few };
    return numberForChannels(graph, name, value, shape, filler);
  }
  const blocks = [batch, graph.filled(channels) / graph.block, height, width, graph.block];
  if (batch * height * width === 1 && !filler) {
    return { name: graph.reshape(graph.vector(value), blocks), sides: blocks };
  }
  if (height * width === 1 && !graph.has(value, 'blocked')) {
    const missing = graph.filled(channels) - channels;
    const flat = graph.reshape(graph.plain(value), [batch, channels]);
    const pads = [flat, graph.ints(0, 0, 0, missing), graph.scalar(filler ?? 0, value.dtype)];
    return { name: graph.reshape(missing === 0 ? flat : graph.op('Pad', pads), blocks), sides: blocks };
  }
  return { name: graph.reshape(graph.blocked(whole), blocks), sides: blocks };
}

function reshaped(graph: Emitter, value: Value, shape: readonly number[]): Value {
  const whole = { shape, dtype: value.dtype };
  graph.define(whole, graph.reshape(graph.plain(value), shape));
  return whole;
}

/** One number as one for every channel: those that only fill up get another, so that nothing spoils their zeros. */
function numberForChannels(
  graph: Emitter,
  name: string,
  { dtype }: Value,
  shape: readonly number[],
  filler: number,
): Operand {
  const sides = [1, graph.filled(shape[3]!) / graph.block, 1, 1, graph.block];
  const isReal = graph.cast(channelMask(graph, shape), 'bool');
  return { name: graph.op('Where', [isReal, name, graph.scalar(filler, dtype)]), sides };
}

/** A constant `[1, blocks, 1, 1, block]`: 1 for channels, 0 for those that only fill up. */
export function channelMask(graph: Emitter, shape: readonly number[]): string {
  const filled = graph.filled(shape[3]!);
  const mask = Float32Array.from({ length: filled }, (_, channel) => (channel < shape[3]! ? 1 : 0));
  return graph.floats(mask, [1, filled / graph.block, 1, 1, graph.block]);
}
