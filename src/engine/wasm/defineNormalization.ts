import type { Assembler, Callable, Code, Local } from './assembler.js';
import { advance, type f32, type f32x4, i32, repeat } from './instructions.js';
import { eachBlock, lanes, perWidth } from './rows.js';

/**
 * Adds batch normalisation to a module. All functions walk over matrices `[rows, columns]`. `parts` is the address of
 * some rows of as many columns, which hold one number a column each: mean, scale, shift, slope, offset, or the first of
 * them. `Relu` in a name stands for a ReLU behind the normalisation: where it gave 0, dy counts as 0.
 *
 * - `squareSums(x, parts, sums, rows, columns)`: sums += (x - mean)^2
 * - `normalize`, `normalizeRelu` `(x, parts, out, rows, columns)`: (x - mean) scale + shift
 * - `normalizeSums`, `normalizeReluSums` `(x, dy, parts, sums, rows, columns)`: two rows of sums, of dy and of
 *   dy (x - mean)
 * - `normalizeGradient`, `normalizeReluGradient` `(x, dy, parts, out, rows, columns)`:
 *   dy scale + (x - mean) slope + offset
 */
export function defineNormalization(module: Assembler): void {
  defineWalk(module, { name: 'squareSums', inputs: 1, parts: 1, sums: 1 }, (lane, [x], [mean]) => {
    const centred = x!.set(lane.sub(x!.get, mean!));
    return { first: centred, values: [lane.mul(x!.get, x!.get)] };
  });
  for (const relu of [false, true]) {
    const name = relu ? 'normalizeRelu' : 'normalize';
    defineWalk(module, { name, inputs: 1, parts: 3, sums: 0 }, (lane, [x], parts) => {
      const value = normal(lane, x!.get, parts);
      return { first: [], values: [relu ? lane.max(value, lane.constant(0)) : value] };
    });
    // What ReLU lets through is found by the same arithmetic as in the forward pass.
    const counted = (lane: Lane, x: Local, dy: Local, parts: readonly Code[]): Code =>
      relu ? dy.set(lane.whereGreater(normal(lane, x.get, parts), lane.constant(0), dy.get)) : [];
    defineWalk(module, { name: `${name}Sums`, inputs: 2, parts: relu ? 3 : 1, sums: 2 }, (lane, [x, dy], parts) => ({
      first: counted(lane, x!, dy!, parts),
      values: [dy!.get, lane.mul(dy!.get, lane.sub(x!.get, parts[0]!))],
    }));
    defineWalk(module, { name: `${name}Gradient`, inputs: 2, parts: 5, sums: 0 }, (lane, [x, dy], parts) => {
      const [mean, scale, , slope, offset] = parts as [Code, Code, Code, Code, Code];
      const spread = lane.add(lane.mul(lane.sub(x!.get, mean), slope), offset);
      return { first: counted(lane, x!, dy!, parts), values: [lane.add(lane.mul(dy!.get, scale), spread)] };
    });
  }
}

type Lane = typeof f32 | typeof f32x4;

function normal(lane: Lane, x: Code, [mean, scale, shift]: readonly Code[]): Code {
  return lane.add(lane.mul(lane.sub(x, mean!), scale!), shift!);
}

interface Walk {
  readonly name: string;
  /** Matrices to read. */
  readonly inputs: number;
  /** Rows of numbers a column. */
  readonly parts: number;
  /** Rows of sums; without any the one value goes to the matrix `out`. */
  readonly sums: number;
}

/** What is computed of one vector of each input and of each part: some preparation, then the values. */
type Compute = (
  lane: Lane,
  inputs: readonly Local[],
  parts: readonly Code[],
) => { readonly first: Code; readonly values: readonly Code[] };

function defineWalk(module: Assembler, walk: Walk, compute: Compute): void {
  const kernels = perWidth((columns) => defineColumns(module, walk, columns, compute));
  module.define(walk.name, (scope) => {
    const inputs = Array.from({ length: walk.inputs }, () => scope.parameter());
    const [parts, result] = [scope.parameter(), scope.parameter()];
    const [rows, columns] = [scope.parameter(), scope.parameter()];
    const step = scope.local();
    const perRow = [...inputs, ...(walk.sums === 0 ? [result] : [])].map((address) => ({ address, step }));
    const perColumn = [parts, ...(walk.sums === 0 ? [] : [result])];
    return [
      step.set(i32.shiftLeft(columns.get, 2)),
      eachBlock(scope, { rows, columns }, perRow, perColumn, (group, block) => {
        const starts = [...block.perRow.slice(0, walk.inputs), block.perColumn[0]!];
        const to = walk.sums === 0 ? block.perRow[walk.inputs]! : block.perColumn[1]!;
        return kernels[group]!.call(...[...starts, to, block.rows, step].map((local) => local.get));
      }),
    ];
  });
}

/** One walk for a few columns, whose parts and sums stay in registers. */
function defineColumns(module: Assembler, walk: Walk, columns: number, compute: Compute): Callable {
  const { lane, type, vectors } = lanes(columns);
  return module.define(`${walk.name}${columns}`, (scope) => {
    const inputs = Array.from({ length: walk.inputs }, () => scope.parameter());
    const [parts, result] = [scope.parameter(), scope.parameter()];
    const [rows, step] = [scope.parameter(), scope.parameter()];
    const line = scope.local();
    const locals = (count: number): Local[] => Array.from({ length: count }, () => scope.local(type));
    const each = Array.from({ length: vectors }, (_, v) => {
      const [values, numbers, sums] = [locals(walk.inputs), locals(walk.parts), locals(walk.sums)];
      const computed = compute(
        lane,
        values,
        numbers.map((number) => number.get),
      );
      return { offset: 16 * v, values, numbers, sums, computed };
    });
    /** Visits rows of numbers, one behind the other. */
    const down = (start: Local, count: number, visit: (index: number) => Code): Code => [
      line.set(start.get),
      Array.from({ length: count }, (_, index) => [visit(index), advance(line, step.get)]),
    ];
    return [
      down(parts, walk.parts, (index) =>
        each.map(({ numbers, offset }) => numbers[index]!.set(lane.load(line.get, offset))),
      ),
      repeat(rows, [
        each.map(({ offset, values, sums, computed }) => [
          values.map((value, i) => value.set(lane.load(inputs[i]!.get, offset))),
          computed.first,
          walk.sums === 0
            ? lane.store(result.get, computed.values[0]!, offset)
            : sums.map((sum, i) => sum.set(lane.add(sum.get, computed.values[i]!))),
        ]),
        [...inputs, ...(walk.sums === 0 ? [result] : [])].map((address) => advance(address, step.get)),
      ]),
      down(result, walk.sums, (index) =>
        each.map(({ sums, offset }) =>
          lane.store(line.get, lane.add(lane.load(line.get, offset), sums[index]!.get), offset),
        ),
      ),
    ];
  });
}
