import type { Emitter } from '../emitter.js';

/** What {@link interleave} weaves. */
export interface Weave {
  readonly batch: number;
  /** Channels of one phase, filled up. */
  readonly filled: number;
  readonly strides: readonly [number, number];
  /** Height and width of each phase. */
  readonly sides: readonly [number, number];
  /** Height and width of the result, at most strides x sides. */
  readonly inputSides: readonly [number, number];
}

/**
 * Weaves the phases of a blocked value `[batch, phases x filled, height, width]`, rows before columns, into one value
 * of `strides` times the size.
 */
export function interleave(graph: Emitter, name: string, weave: Weave): string {
  const { batch, filled, strides, sides, inputSides } = weave;
  const blocks = filled / graph.block;
  const phases = graph.reshape(name, [batch, strides[0], strides[1], blocks, sides[0], sides[1], graph.block]);
  const woven = graph.op('Transpose', [phases], { perm: [0, 3, 4, 1, 5, 2, 6] });
  const whole: readonly [number, number] = [strides[0] * sides[0], strides[1] * sides[1]];
  if (whole[0] === inputSides[0] && whole[1] === inputSides[1]) {
    return graph.reshape(woven, [batch, filled, whole[0], whole[1]]);
  }
  const flat = graph.reshape(woven, [batch * blocks, whole[0], whole[1], graph.block]);
  const cut = graph.op('Slice', [flat, graph.ints(0, 0), graph.ints(...inputSides), graph.ints(1, 2)]);
  return graph.reshape(cut, [batch, filled, ...inputSides]);
}
