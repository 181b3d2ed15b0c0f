import type { DataType } from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../graphBuilder.js';

/** A tensor of the graph that may have to be repeated along its sides of 1; `sides` are as many as the result has. */
export interface Operand {
  readonly name: string;
  readonly sides: readonly number[];
}

/** Number of elements. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** Whether two shapes are the same. */
export function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((side, axis) => side === b[axis]);
}

/** ONNX Runtime works along runs of equal steps; with shorter ones, starting them takes most of the time. */
const LONG_RUN = 256;
/** Tensors of fewer elements are not worth a second operation. */
const LARGE = 16_384;

/**
 * Repeats a small operand along the inner axes until the numbers that it shares with a large one lie in long runs.
 * Measured on 4 million numbers: a vector of 16 channels times `[pixels, 16]` takes 7 ms, the vector repeated for a row
 * of pixels 1.3 ms. Graphs that run anywhere keep to the sides that they came with.
 */
export function widen(graph: GraphBuilder, operand: Operand, sides: readonly number[], dtype: DataType): Operand {
  if (graph.block === 0 || sizeOf(sides) < LARGE) return operand;
  if (sizeOf(operand.sides) === 1) return sides.at(-1) === 1 ? ofFullRank(graph, operand, sides) : operand;
  const { name, sides: own } = repeatInner(graph, operand, sides, dtype);
  const wide = [...own];
  let run = 1;
  for (let axis = sides.length - 1; axis >= 0 && run < LONG_RUN; axis--) {
    // One number for a whole run needs no repeating.
    if (run === 1 && own[axis] !== sides[axis]) return { name, sides: own };
    wide[axis] = sides[axis]!;
    run *= sides[axis]!;
  }
  if (isSameShape(wide, own)) return { name, sides: own };
  return { name: graph.op('Expand', [name, graph.ints(...wide)]), sides: wide };
}

/** One number with as many sides as the result: with fewer, ONNX Runtime takes a last side of 1 number by number. */
function ofFullRank(graph: GraphBuilder, { name }: Operand, sides: readonly number[]): Operand {
  const ones = sides.map(() => 1);
  return { name: graph.reshape(name, ones), sides: ones };
}

/** Repeats an operand to its full size. */
export function expand(graph: GraphBuilder, operand: Operand, sides: readonly number[], dtype: DataType): string {
  const { name, sides: own } = repeatInner(graph, operand, sides, dtype);
  if (isSameShape(own, sides)) return graph.reshape(name, sides);
  return graph.op('Expand', [name, graph.ints(...sides)]);
}

/**
 * Repeats every number of an operand along a short last axis. As a product with a row of ones, since `Expand` takes
 * twenty times longer for that.
 */
function repeatInner(graph: GraphBuilder, operand: Operand, sides: readonly number[], dtype: DataType): Operand {
  const { name, sides: own } = operand;
  let from = sides.length;
  while (from > 0 && own[from - 1] === 1) from--;
  const repeats = sizeOf(sides.slice(from));
  const many = sizeOf(own) * repeats >= LARGE;
  if (graph.block === 0 || from === 0 || !many || repeats === 1 || repeats >= LONG_RUN || dtype === 'int32') {
    return operand;
  }
  const numbers = dtype === 'bool' ? graph.cast(name, 'float32') : name;
  const ones = graph.floats(new Float32Array(repeats).fill(1), [1, repeats]);
  const product = graph.op('MatMul', [graph.reshape(numbers, [sizeOf(own), 1]), ones]);
  const repeated = [...own.slice(0, from), ...sides.slice(from)];
  const whole = graph.reshape(product, repeated);
  return { name: dtype === 'bool' ? graph.cast(whole, 'bool') : whole, sides: repeated };
}
