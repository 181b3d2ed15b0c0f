import type { Assembler, Callable, Code, Local } from './assembler.js';
import { defineWinograd } from './defineWinograd.js';
import { declareGeometry, forEachTapRow } from './geometry.js';
import { advance, i32, ifElse, repeat } from './instructions.js';
import { eachGroup, lanes, widths } from './rows.js';

/**
 * Adds the gradients of convolutions to a module. Each function takes the sizes of {@link declareGeometry} and then,
 * but for the last two, the address of the filter, and **adds** to its result, but for the last:
 *
 * - `filterGradient`: filter[tap, i, j] += x[.., i] y[.., j]
 * - `depthwiseFilterGradient`: filter[tap, i, j] += x[.., i] y[.., i * multiplier + j]
 * - `depthwiseInputGradient`: x[.., i] += y[.., i * multiplier + j] filter[tap, i, j]
 * - `scatterColumns`: x[.., i] += y[.., tap * channels + i]
 * - `placeColumns`: x[.., i] = y[.., tap * channels + i]
 */
export function defineConvolutions(module: Assembler): void {
  defineFilterGradient(module);
  defineDepthwise(module, 'depthwiseFilterGradient', 'dot');
  defineDepthwise(module, 'depthwiseInputGradient', 'scale');
  defineScatterColumns(module, 'scatterColumns', 'add');
  defineScatterColumns(module, 'placeColumns', 'copy');
}

type RowKernel = 'dot' | 'scale' | 'add' | 'copy';

/**
 * `w[i, j] += sum over n of x[n, i] y[n, j]` for `rows` x `columns` numbers kept in registers; the steps between
 * pixels and between the rows of `w` are in bytes.
 */
function defineOuterProduct(module: Assembler, rows: number, columns: number): Callable {
  const { lane, type, vectors } = lanes(columns);
  return module.define(`outerProduct${rows}x${columns}`, (scope) => {
    const [x, y, w, count] = [scope.parameter(), scope.parameter(), scope.parameter(), scope.parameter()];
    const [xStep, yStep, wStep] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const row = scope.local();
    const sums = Array.from({ length: rows }, () => Array.from({ length: vectors }, () => scope.local(type)));
    const values = Array.from({ length: vectors }, () => scope.local(type));
    const factor = scope.local(type);
    const eachSum = (code: (sum: Local, offset: number) => Code): Code => [
      row.set(w.get),
      sums.map((line) => [line.map((sum, v) => code(sum, 16 * v)), advance(row, wStep.get)]),
    ];
    return [
      eachSum((sum, offset) => sum.set(lane.load(row.get, offset))),
      repeat(count, [
        values.map((value, v) => value.set(lane.load(y.get, 16 * v))),
        sums.map((line, i) => [
          factor.set(lane.loadSplat(x.get, 4 * i)),
          line.map((sum, v) => sum.set(lane.add(sum.get, lane.mul(factor.get, values[v]!.get)))),
        ]),
        advance(x, xStep.get),
        advance(y, yStep.get),
      ]),
      eachSum((sum, offset) => lane.store(row.get, sum.get, offset)),
    ];
  });
}

/** Runs over `columns` channels at once: `w += x y` (dot), `x += y w` (scale), `x += y` (add) or `x = y` (copy) for every pixel. */
function defineRow(module: Assembler, kernel: RowKernel, columns: number): Callable {
  const { lane, type, vectors } = lanes(columns);
  return module.define(`${kernel}Row${columns}`, (scope) => {
    const [x, y, w, count] = [scope.parameter(), scope.parameter(), scope.parameter(), scope.parameter()];
    const [xStep, yStep] = [scope.parameter(), scope.parameter()];
    const weights = Array.from({ length: vectors }, () => scope.local(type));
    const each = (code: (weight: Local, offset: number) => Code): Code =>
      weights.map((weight, v) => code(weight, 16 * v));
    const step = (weight: Local, offset: number): Code => {
      const [left, right] = [lane.load(x.get, offset), lane.load(y.get, offset)];
      if (kernel === 'copy') return lane.store(x.get, right, offset);
      if (kernel === 'dot') return weight.set(lane.add(weight.get, lane.mul(left, right)));
      return lane.store(x.get, lane.add(left, kernel === 'add' ? right : lane.mul(right, weight.get)), offset);
    };
    return [
      kernel === 'add' || kernel === 'copy' ? [] : each((weight, offset) => weight.set(lane.load(w.get, offset))),
      repeat(count, [each(step), advance(x, xStep.get), advance(y, yStep.get)]),
      kernel === 'dot' ? each((weight, offset) => lane.store(w.get, weight.get, offset)) : [],
    ];
  });
}

function defineFilterGradient(module: Assembler): void {
  const heights = [4, 1];
  const kernels = heights.map((rows) => widths.map((columns) => defineOuterProduct(module, rows, columns)));
  defineWinograd(
    module,
    (rows, columns: (typeof widths)[number]) => kernels[heights.indexOf(rows)]![widths.indexOf(columns)]!,
  );
  module.define('filterGradient', (scope) => {
    const sizes = declareGeometry(scope);
    const filter = scope.parameter();
    const { channels, outChannels } = sizes;
    const [x, y, line, w] = [scope.local(), scope.local(), scope.local(), scope.local()];
    return forEachTapRow(scope, sizes, (row) => [
      line.set(i32.add(filter.get, i32.mul(i32.mul(row.tap.get, channels.get), row.yStep.get))),
      x.set(row.x.get),
      eachGroup(scope, channels.get, heights, [x], (height) => [
        y.set(row.y.get),
        w.set(line.get),
        eachGroup(scope, outChannels.get, widths, [y, w], (width) =>
          kernels[height]![width]!.call(
            x.get,
            y.get,
            w.get,
            row.count.get,
            row.xStep.get,
            row.yStep.get,
            row.yStep.get,
          ),
        ),
        advance(line, i32.mul(i32.constant(heights[height]!), row.yStep.get)),
      ]),
    ]);
  });
}

function defineDepthwise(module: Assembler, name: string, kernel: 'dot' | 'scale'): void {
  const kernels = widths.map((columns) => defineRow(module, kernel, columns));
  module.define(name, (scope) => {
    const sizes = declareGeometry(scope);
    const filter = scope.parameter();
    const { channels, outChannels } = sizes;
    const [x, y, w] = [scope.local(), scope.local(), scope.local()];
    return forEachTapRow(scope, sizes, (row) => {
      const run = (width: number): Code =>
        kernels[width]!.call(x.get, y.get, w.get, row.count.get, row.xStep.get, row.yStep.get);
      const several = eachGroup(scope, channels.get, [1], [x], () =>
        eachGroup(scope, i32.divide(outChannels.get, channels.get), [1], [y, w], () => run(2)),
      );
      return [
        x.set(row.x.get),
        y.set(row.y.get),
        w.set(i32.add(filter.get, i32.mul(row.tap.get, row.yStep.get))),
        ifElse(
          i32.equal(channels.get, outChannels.get),
          eachGroup(scope, channels.get, widths, [x, y, w], run),
          several,
        ),
      ];
    });
  });
}

function defineScatterColumns(module: Assembler, name: string, kernel: 'add' | 'copy'): void {
  const kernels = widths.map((columns) => defineRow(module, kernel, columns));
  module.define(name, (scope) => {
    const sizes = declareGeometry(scope);
    const [x, y] = [scope.local(), scope.local()];
    return forEachTapRow(scope, sizes, (row) => [
      x.set(row.x.get),
      y.set(i32.add(row.y.get, i32.shiftLeft(i32.mul(row.tap.get, sizes.channels.get), 2))),
      eachGroup(scope, sizes.channels.get, widths, [x, y], (width) =>
        kernels[width]!.call(x.get, y.get, i32.constant(0), row.count.get, row.xStep.get, row.yStep.get),
      ),
    ]);
  });
}
