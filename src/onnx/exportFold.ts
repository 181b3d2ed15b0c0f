import type { OnnxConstant, OnnxNode } from './graph.js';

/** A constant float tensor, being computed with. */
export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * Computes an operation whose inputs are all constant, where that gives what any runtime gives: moving numbers about,
 * and the arithmetic that float32 rounds exactly.
 *
 * @returns `undefined` for other operations.
 */
export function foldConstant(node: OnnxNode, inputs: readonly OnnxConstant[]): FloatTensor | undefined {
  const [x, other] = inputs.map(({ shape, data }) => (data instanceof Float32Array ? { shape, data } : undefined));
  if (node.domain !== '' || x === undefined) return undefined;
  switch (node.op) {
    case 'Transpose':
      return transposed(x, node.attributes.perm as readonly number[]);
    case 'Reshape':
      return reshaped(x, Array.from(inputs[1]!.data, Number));
    case 'Sqrt':
      return { ...x, data: x.data.map(Math.sqrt) };
    case 'Reciprocal':
      return { ...x, data: x.data.map((value) => 1 / value) };
    case 'Neg':
      return { ...x, data: x.data.map((value) => -value) };
    case 'Add':
      return other && broadcast(x, other, (a, b) => a + b);
    case 'Sub':
      return other && broadcast(x, other, (a, b) => a - b);
    case 'Mul':
      return other && broadcast(x, other, (a, b) => a * b);
    case 'Div':
      return other && broadcast(x, other, (a, b) => a / b);
    default:
      return undefined;
  }
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

function reshaped(x: FloatTensor, target: readonly number[]): FloatTensor {
  const shape = target.map((side, axis) => (side === 0 ? x.shape[axis]! : side));
  const open = shape.indexOf(-1);
  if (open >= 0) shape[open] = x.data.length / -sizeOf(shape);
  return { shape, data: x.data };
}

/** Steps in memory from one number to the next along every axis. */
function stepsOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/** Numbers that lie side by side, read together: about a cache line. */
const TOGETHER = 16;

/** Moves axes; `perm` is as ONNX has it. */
export function transposed({ shape, data }: FloatTensor, perm: readonly number[]): FloatTensor {
  const moved = perm.map((axis) => shape[axis]!);
  const steps = stepsOf(shape);
  const from = perm.map((axis) => steps[axis]!);
  const to = stepsOf(moved);
  const result = new Float32Array(data.length);
  // What lies side by side before is done in short pieces, so that each is read once and all are written in order.
  const inner = perm.indexOf(shape.length - 1);
  const others = [...moved.keys()].filter((axis) => axis !== inner);
  const [count, stride] = [moved[inner] ?? 1, to[inner] ?? 1];
  const pick = (list: readonly number[]) => others.map((axis) => list[axis]!);
  const { length, rows } = rowsOf(pick(moved), [pick(from), pick(to)]);
  const [stepFrom, stepTo] = rows.steps as [number, number];
  for (let first = 0; first < count; first += TOGETHER) {
    const end = Math.min(first + TOGETHER, count);
    rows.walk(([read, write]) => {
      for (let i = 0, x = read!, y = write!; i < length; i++, x += stepFrom, y += stepTo) {
        for (let k = first, at = y + first * stride; k < end; k++, at += stride) result[at] = data[x + k]!;
      }
    });
  }
  return { shape: moved, data: result };
}

/** Combines tensors that broadcast. */
export function broadcast(a: FloatTensor, b: FloatTensor, of: (a: number, b: number) => number): FloatTensor {
  const rank = Math.max(a.shape.length, b.shape.length);
  const align = ({ shape }: FloatTensor) => [...new Array<number>(rank - shape.length).fill(1), ...shape];
  const [left, right] = [align(a), align(b)];
  const shape = left.map((side, axis) => (side === 1 ? right[axis]! : side));
  const spread = (sides: readonly number[]) => stepsOf(sides).map((step, axis) => (sides[axis] === 1 ? 0 : step));
  const result = new Float32Array(sizeOf(shape));
  const { length, rows } = rowsOf(shape, [spread(left), spread(right)]);
  const [stepA, stepB] = rows.steps as [number, number];
  let at = 0;
  rows.walk(([from, other]) => {
    for (let i = 0, x = from!, y = other!; i < length; i++, x += stepA, y += stepB) {
      result[at++] = of(a.data[x]!, b.data[y]!);
    }
  });
  return { shape, data: result };
}

interface Rows {
  /** Steps of every operand within a row. */
  readonly steps: readonly number[];
  /** Visits the rows in their order, with where each operand begins. */
  readonly walk: (visit: (starts: readonly number[]) => void) => void;
}

/** Splits a shape into rows that are as long as the steps of all operands stay the same. */
function rowsOf(shape: readonly number[], operands: readonly (readonly number[])[]): { length: number; rows: Rows } {
  let length = 1;
  let axis = shape.length;
  const steps = operands.map(() => 0);
  while (axis > 0) {
    const side = shape[axis - 1]!;
    const fits = operands.every((own, i) => length === 1 || side === 1 || own[axis - 1] === steps[i]! * length);
    if (!fits) break;
    axis--;
    if (length === 1 && side > 1) {
      operands.forEach((own, i) => {
        steps[i] = own[axis]!;
      });
    }
    length *= side;
  }
  const outer = shape.slice(0, axis);
  const walk = (visit: (starts: readonly number[]) => void): void => {
    const starts = operands.map(() => 0);
    const place = outer.map(() => 0);
    for (let left = sizeOf(outer); left > 0; left--) {
      visit(starts);
      for (let turn = outer.length - 1; turn >= 0; turn--) {
        const isOver = ++place[turn]! === outer[turn];
        for (let i = 0; i < starts.length; i++) {
          starts[i]! += operands[i]![turn]! * (isOver ? 1 - outer[turn]! : 1);
        }
        if (!isOver) break;
        place[turn] = 0;
      }
    }
  };
  return { length, rows: { steps, walk } };
}
