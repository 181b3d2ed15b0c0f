import type { OnnxConstant, OnnxNode } from './graph.js';

/** A constant float tensor, being computed with. */
export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

type Fold = (inputs: readonly OnnxConstant[], attributes: OnnxNode['attributes']) => FloatTensor | undefined;

/**
 * Computes an operation whose inputs are all constant, where that gives what any runtime gives: moving numbers about,
 * and the arithmetic that float32 rounds exactly.
 *
 * @returns `undefined` for other operations.
 */
export function foldConstant({ op, domain, attributes }: OnnxNode, inputs: readonly OnnxConstant[]) {
  if (domain !== '' || inputs.length === 0) return undefined;
  return FOLDS()[op]?.(inputs, attributes);
}

function FOLDS(): Readonly<Record<string, Fold>> {
  return {
    Transpose: ([x], { perm }) => isFloat(x!) && transposed(x, perm as readonly number[]),
    Reshape: ([x, target]) => isFloat(x!) && reshaped(x, Array.from(target!.data, Number)),
    Add: arithmetic((a, b) => a + b),
    Sub: arithmetic((a, b) => a - b),
    Mul: arithmetic((a, b) => a * b),
    Div: arithmetic((a, b) => a / b),
    Sqrt: mapping(Math.sqrt),
    Reciprocal: mapping((x) => 1 / x),
    Neg: mapping((x) => -x),
  } as Record<string, Fold>;
}

function isFloat(constant: OnnxConstant): constant is OnnxConstant & { readonly data: Float32Array } {
  return constant.data instanceof Float32Array;
}

function mapping(of: (x: number) => number): Fold {
  return ([x]) => (isFloat(x!) ? { shape: x.shape, data: x.data.map(of) } : undefined);
}

function arithmetic(of: (a: number, b: number) => number): Fold {
  return ([a, b]) => (isFloat(a!) && isFloat(b!) ? broadcast(a, b, of) : undefined);
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

/** Moves axes; `perm` is as ONNX has it. */
export function transposed({ shape, data }: FloatTensor, perm: readonly number[]): FloatTensor {
  const steps = stepsOf(shape);
  return gather(
    perm.map((axis) => shape[axis]!),
    (index) => data[index]!,
    perm.map((axis) => steps[axis]!),
  );
}

/** A tensor whose numbers lie `steps` apart in another. */
function gather(shape: readonly number[], read: (index: number) => number, steps: readonly number[]): FloatTensor {
  const result = new Float32Array(sizeOf(shape));
  let at = 0;
  const walk = (axis: number, from: number): void => {
    if (axis === shape.length) {
      result[at++] = read(from);
      return;
    }
    for (let i = 0; i < shape[axis]!; i++) walk(axis + 1, from + i * steps[axis]!);
  };
  walk(0, 0);
  return { shape, data: result };
}

/** Combines tensors that broadcast. */
export function broadcast(a: FloatTensor, b: FloatTensor, of: (a: number, b: number) => number): FloatTensor {
  const rank = Math.max(a.shape.length, b.shape.length);
  const [left, right] = [a, b].map(({ shape }) => [...new Array<number>(rank - shape.length).fill(1), ...shape]) as [
    number[],
    number[],
  ];
  const shape = left.map((side, axis) => (side === 1 ? right[axis]! : side));
  const spread = (sides: readonly number[]) => stepsOf(sides).map((step, axis) => (sides[axis] === 1 ? 0 : step));
  const repeated = (tensor: FloatTensor, sides: readonly number[]): Float32Array =>
    sizeOf(sides) === sizeOf(shape) ? tensor.data : gather(shape, (index) => tensor.data[index]!, spread(sides)).data;
  const [first, second] = [repeated(a, left), repeated(b, right)];
  return { shape, data: first.map((value, i) => of(value, second[i]!)) };
}
