import type { Assembler, Callable, Code, Local, Scope } from './assembler.js';
import { advance, f32x4, forRange, i32, repeat } from './instructions.js';
import { eachGroup } from './rows.js';

/**
 * Adds what 3 x 3 convolutions need that compute 2 x 2 pixels at once with 16 products instead of 36 (Winograd's
 * F(2 x 2, 3 x 3), Lavin and Gray 2016), over channels in multiples of four. Steps are in bytes.
 *
 * Each transform takes `(from, to, tiles, channels, fromTile, fromRow, fromColumn, toTile, toRow, toColumn, bias, low)`
 * and gives M t M' of every tile t and channel; `bias` is the address of one number a channel and `low` a lower bound,
 * which `transformOutput` alone regards:
 *
 * - `transformInput`: 4 x 4 pixels of the image to 16 planes
 * - `transformFilter`: 3 x 3 taps to 16 planes
 * - `transformOutput`: 16 planes to 2 x 2 pixels
 * - `spreadOutput`, `gatherFilter`: the transposes of the last two, for the gradient of the filter
 *
 * `multiplyPlanes(v, u, m, tiles, inner, outer, planeV, planeU, planeM)` multiplies 16 times: m = v u.
 * `correlatePlanes` with the same parameters adds v' m to u.
 */
export function defineWinograd(module: Assembler, outerProduct: (rows: number, columns: 4 | 8) => Callable): void {
  const half = 0.5;
  const output = [
    [1, 1, 1, 0],
    [0, 1, -1, -1],
  ];
  const filter = [
    [1, 0, 0],
    [half, half, half],
    [half, -half, half],
    [0, 0, 1],
  ];
  const input = [
    [1, 0, -1, 0],
    [0, 1, 1, 0],
    [0, -1, 1, 0],
    [0, 1, 0, -1],
  ];
  defineTransform(module, 'transformInput', input);
  defineTransform(module, 'transformFilter', filter);
  defineTransform(module, 'transformOutput', output, true);
  defineTransform(module, 'spreadOutput', transposed(output));
  defineTransform(module, 'gatherFilter', transposed(filter));
  defineMultiply(module);
  defineCorrelate(module, outerProduct);
}

type Matrix = readonly (readonly number[])[];

function transposed(matrix: Matrix): Matrix {
  return matrix[0]!.map((_, column) => matrix.map((row) => row[column]!));
}

/** The sum of some values, each times its factor. */
function combine(factors: readonly number[], value: (index: number) => Code): Code {
  let sum: Code | undefined;
  const order = factors.map((_, index) => index).sort((a, b) => factors[b]! - factors[a]!);
  for (const index of order) {
    const factor = factors[index]!;
    if (factor === 0) continue;
    const size = Math.abs(factor);
    const term = size === 1 ? value(index) : f32x4.mul(value(index), f32x4.constant(size));
    if (sum === undefined) sum = factor < 0 ? f32x4.sub(f32x4.constant(0), term) : term;
    else sum = factor < 0 ? f32x4.sub(sum, term) : f32x4.add(sum, term);
  }
  return sum!;
}

/** Multiples 0, 1, 2, 3 of a step. */
function multiples(scope: Scope, step: Local): { readonly prepare: Code; readonly at: (index: number) => Code } {
  const [twice, thrice] = [scope.local(), scope.local()];
  return {
    prepare: [twice.set(i32.shiftLeft(step.get, 1)), thrice.set(i32.add(twice.get, step.get))],
    at: (index) => [i32.constant(0), step.get, twice.get, thrice.get][index]!,
  };
}

function defineTransform(module: Assembler, name: string, matrix: Matrix, bounded = false): void {
  const [height, width] = [matrix.length, matrix[0]!.length];
  module.define(name, (scope) => {
    const [from, to, tiles, channels] = [scope.parameter(), scope.parameter(), scope.parameter(), scope.parameter()];
    const [fromTile, fromRow, fromColumn] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const [toTile, toRow, toColumn] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const [bias, low] = [scope.parameter(), scope.parameter('f32')];
    const [channel, source, target, left] = [scope.local(), scope.local(), scope.local(), scope.local()];
    const [sourceRows, targetRows] = [fromRow, toRow].map((step) => multiples(scope, step)) as [Steps, Steps];
    const [sourceColumns, targetColumns] = [fromColumn, toColumn].map((step) => multiples(scope, step)) as [
      Steps,
      Steps,
    ];
    const line = Array.from({ length: width }, () => scope.local('v128'));
    const rows = Array.from({ length: width }, () => scope.local());
    const [row, addend, bound] = [scope.local(), scope.local('v128'), scope.local('v128')];
    const finish = (value: Code): Code => (bounded ? f32x4.max(f32x4.add(value, addend.get), bound.get) : value);
    const load = (r: number, c: number): Code =>
      f32x4.load(c === 0 ? rows[r]!.get : i32.add(rows[r]!.get, sourceColumns.at(c)));
    const tile: Code = [
      bounded ? addend.set(f32x4.load(i32.add(bias.get, channel.get))) : [],
      rows.map((local, r) => local.set(i32.add(i32.add(source.get, channel.get), sourceRows.at(r)))),
      matrix.map((factors, i) => [
        line.map((local, c) => local.set(combine(factors, (r) => load(r, c)))),
        row.set(i32.add(i32.add(target.get, channel.get), targetRows.at(i))),
        Array.from({ length: height }, (_, j) => {
          const value = finish(combine(matrix[j]!, (c) => line[c]!.get));
          return f32x4.store(j === 0 ? row.get : i32.add(row.get, targetColumns.at(j)), value);
        }),
      ]),
      advance(channel, i32.constant(16)),
    ];
    return [
      [sourceRows, targetRows, sourceColumns, targetColumns].map((steps) => steps.prepare),
      bound.set(f32x4.splat(low.get)),
      source.set(from.get),
      target.set(to.get),
      repeat(tiles, [
        channel.set(i32.constant(0)),
        left.set(i32.shiftRight(channels.get, 2)),
        repeat(left, tile),
        advance(source, fromTile.get),
        advance(target, toTile.get),
      ]),
    ];
  });
}

type Steps = ReturnType<typeof multiples>;

const heights = [4, 1] as const;
const lengths = [8, 4] as const;

/** `c[i, j] = sum over k of a[i, k] b[k, j]` for `rows` x `columns` numbers; `count` is that of k over four. */
function defineProduct(module: Assembler, rows: number, columns: number): Callable {
  return module.define(`product${rows}x${columns}`, (scope) => {
    const [a, b, c, count] = [scope.parameter(), scope.parameter(), scope.parameter(), scope.parameter()];
    const [aStep, step] = [scope.parameter(), scope.parameter()];
    const starts = Array.from({ length: rows }, () => scope.local());
    const vectors = columns / 4;
    const sums = Array.from({ length: rows }, () => Array.from({ length: vectors }, () => scope.local('v128')));
    const values = Array.from({ length: vectors }, () => scope.local('v128'));
    const factor = scope.local('v128');
    return [
      starts.map((start, i) => start.set(i === 0 ? a.get : i32.add(starts[i - 1]!.get, aStep.get))),
      repeat(count, [
        [0, 4, 8, 12].map((offset) => [
          values.map((value, v) => value.set(f32x4.load(b.get, 16 * v))),
          sums.map((line, i) => [
            factor.set(f32x4.loadSplat(starts[i]!.get, offset)),
            line.map((sum, v) => sum.set(f32x4.add(sum.get, f32x4.mul(factor.get, values[v]!.get)))),
          ]),
          advance(b, step.get),
        ]),
        starts.map((start) => advance(start, i32.constant(16))),
      ]),
      sums.map((line) => [line.map((sum, v) => f32x4.store(c.get, sum.get, 16 * v)), advance(c, step.get)]),
    ];
  });
}

/** The parameters of both products over planes, and code for each of the 16. */
function eachPlane(
  scope: Scope,
  body: (planes: Record<'v' | 'u' | 'm', Local>, sizes: Record<Size, Local>) => Code,
): Code {
  const [v, u, m] = [scope.parameter(), scope.parameter(), scope.parameter()];
  const [tiles, inner, outer] = [scope.parameter(), scope.parameter(), scope.parameter()];
  const steps = [v, u, m].map((plane) => ({ plane, step: scope.parameter() }));
  const index = scope.local();
  return forRange(index, i32.constant(16), [
    body({ v, u, m }, { tiles, inner, outer }),
    steps.map(({ plane, step }) => advance(plane, step.get)),
  ]);
}

type Size = 'tiles' | 'inner' | 'outer';

function defineMultiply(module: Assembler): void {
  const kernels = heights.map((rows) => lengths.map((columns) => defineProduct(module, rows, columns)));
  module.define('multiplyPlanes', (scope) => {
    return eachPlane(scope, ({ v, u, m }, { tiles, inner, outer }) => {
      const [a, b, c, start] = [scope.local(), scope.local(), scope.local(), scope.local()];
      const [aStep, step] = [scope.local(), scope.local()];
      return [
        aStep.set(i32.shiftLeft(inner.get, 2)),
        step.set(i32.shiftLeft(outer.get, 2)),
        b.set(u.get),
        start.set(m.get),
        eachGroup(scope, outer.get, lengths, [b, start], (length) => [
          a.set(v.get),
          c.set(start.get),
          eachGroup(scope, tiles.get, heights, [], (height) => [
            kernels[height]![length]!.call(a.get, b.get, c.get, i32.shiftRight(inner.get, 2), aStep.get, step.get),
            advance(a, i32.mul(aStep.get, i32.constant(heights[height]!))),
            advance(c, i32.mul(step.get, i32.constant(heights[height]!))),
          ]),
        ]),
      ];
    });
  });
}

function defineCorrelate(module: Assembler, outerProduct: (rows: number, columns: 4 | 8) => Callable): void {
  const kernels = lengths.map((columns) => outerProduct(4, columns));
  module.define('correlatePlanes', (scope) => {
    return eachPlane(scope, ({ v, u, m }, { tiles, inner, outer }) => {
      const [x, y, w, line] = [scope.local(), scope.local(), scope.local(), scope.local()];
      const [xStep, step] = [scope.local(), scope.local()];
      return [
        xStep.set(i32.shiftLeft(inner.get, 2)),
        step.set(i32.shiftLeft(outer.get, 2)),
        x.set(v.get),
        line.set(u.get),
        eachGroup(scope, inner.get, [4], [x], () => [
          y.set(m.get),
          w.set(line.get),
          eachGroup(scope, outer.get, lengths, [y, w], (length) =>
            kernels[length]!.call(x.get, y.get, w.get, tiles.get, xStep.get, step.get, step.get),
          ),
          advance(line, i32.shiftLeft(step.get, 2)),
        ]),
      ];
    });
  });
}
