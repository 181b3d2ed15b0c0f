import type { Emitter } from '../emitter.js';

/** A reduction that can be made in stages: sums of sums, means of means of equally many, maxima of maxima. */
export type Reduction = 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceMin' | 'ReduceProd';

/** Numbers that are added one after the other in float32: with more, rounding errors pile up. */
const LONGEST = 256;
/** Along the last axis ONNX Runtime adds in many lanes at once. */
const LONGEST_LAST = 4096;

/** Emits one reduction, without the axes. */
export function reduceOnce(graph: Emitter, op: Reduction, name: string, axes: readonly number[]): string {
  if (op === 'ReduceSum') return graph.op(op, [name, graph.ints(...axes)], { keepdims: 0 });
  return graph.op(op, [name], { axes, keepdims: 0 });
}

/**
 * Reduces axes of a tensor, the result without them. One axis after the other and long ones in pieces, since ONNX
 * Runtime is slow over axes that are apart, and adds in float32 where the CPU backend of TensorFlow.js adds in double
 * precision.
 */
export function reduceInStages(
  graph: Emitter,
  op: Reduction,
  name: string,
  sides: readonly number[],
  axes: readonly number[],
): string {
  // Graphs that run anywhere must not depend on how the sides can be divided.
  if (graph.block === 0) return reduceAnywhere(graph, op, name, axes);
  let result = name;
  let left = sides.map((side, axis) => ({ side, isReduced: axes.includes(axis) }));
  const kept = sides.filter((_, axis) => !axes.includes(axis));
  left = left.filter(({ side }) => side !== 1);
  while (left.some(({ isReduced }) => isReduced)) {
    const axis = widest(left);
    const { side } = left[axis]!;
    const longest = axis === left.length - 1 ? LONGEST_LAST : LONGEST;
    const part = partOf(side, longest);
    if (part === 1) {
      result = reduceUneven(graph, op, result, left, axis);
      left = left.toSpliced(axis, 1);
      continue;
    }
    const before = left.slice(0, axis).map((other) => other.side);
    const after = left.slice(axis + 1).map((other) => other.side);
    // Along the last axis, pieces of what lies side by side; else strides over it, which makes the runs longer.
    const isLast = axis === left.length - 1;
    const split = part === side ? [side] : isLast ? [side / part, part] : [part, side / part];
    const shaped = graph.reshape(result, [...before, ...split, ...after]);
    result = reduceOnce(graph, op, shaped, [isLast ? before.length + split.length - 1 : before.length]);
    left = part === side ? left.toSpliced(axis, 1) : left.with(axis, { side: side / part, isReduced: true });
  }
  return graph.reshape(result, kept);
}

function reduceAnywhere(graph: Emitter, op: Reduction, name: string, axes: readonly number[]): string {
  // From the last to the first, so that the numbers of the other axes hold.
  return [...axes].sort((a, b) => b - a).reduce((result, axis) => reduceOnce(graph, op, result, [axis]), name);
}

/** The reduced axis that takes away most, the outer one of equals. */
function widest(axes: readonly { readonly side: number; readonly isReduced: boolean }[]): number {
  let best = -1;
  axes.forEach(({ side, isReduced }, axis) => {
    if (isReduced && (best < 0 || side > axes[best]!.side)) best = axis;
  });
  return best;
}

/** The largest divisor up to a limit. */
function partOf(side: number, limit: number): number {
  if (side <= limit) return side;
  for (let part = limit; part > 7; part--) if (side % part === 0) return part;
  return 1;
}

/** Reduces an axis of a side without divisors: what the longest pieces leave over comes by itself. */
function reduceUneven(
  graph: Emitter,
  op: Reduction,
  name: string,
  axes: readonly { readonly side: number }[],
  axis: number,
): string {
  const sides = axes.map(({ side }) => side);
  const side = sides[axis]!;
  const even = side - (side % LONGEST);
  const shaped = graph.reshape(name, sides);
  const cut = (from: number, to: number): string =>
    reduceInStages(
      graph,
      op === 'ReduceMean' ? 'ReduceSum' : op,
      graph.op('Slice', [shaped, graph.ints(from), graph.ints(to), graph.ints(axis)]),
      sides.with(axis, to - from),
      [axis],
    );
  const join = { ReduceSum: 'Add', ReduceMean: 'Add', ReduceMax: 'Max', ReduceMin: 'Min', ReduceProd: 'Mul' }[op];
  const whole = graph.op(join, [cut(0, even), cut(even, side)]);
  return op === 'ReduceMean' ? graph.op('Div', [whole, graph.float(side)]) : whole;
}
