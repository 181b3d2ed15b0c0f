import type { Assembler, Callable, Code } from './assembler.js';
import { advance, i32, repeat } from './instructions.js';
import { eachBlock, lanes, perWidth } from './rows.js';

/**
 * Adds functions over matrices of floats to a module; all sizes count floats, all steps bytes:
 *
 * - `copyRows(from, to, rows, columns, fromStep, toStep)`
 * - `addScaledRows(from, to, rows, columns, fromStep, toStep, factor)`: to += from * factor
 * - `sumRows(x, sums, rows, columns)`: sums[j] += x[.., j], in blocks of 128 rows, which keeps rounding errors small
 * - `productSums(x, y, mean, sums, rows, columns)`: sums[j] += y[.., j] and
 *   sums[columns + j] += y[.., j] (x[.., j] - mean[j])
 */
export function defineRows(module: Assembler): void {
  defineMove(module, 'copy');
  defineMove(module, 'addScaled');
  defineSumRows(module);
  defineProductSums(module);
}

type Move = 'copy' | 'addScaled';

function defineMove(module: Assembler, move: Move): void {
  const kernels = perWidth((columns) => defineMoveRow(module, move, columns));
  module.define(`${move}Rows`, (scope) => {
    const [from, to, rows] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const [columns, fromStep, toStep] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const factor = move === 'copy' ? [] : [scope.parameter('f32').get];
    const perRow = [
      { address: from, step: fromStep },
      { address: to, step: toStep },
    ];
    return eachBlock(scope, { rows, columns }, perRow, [], (group, block) => {
      const starts = block.perRow.map((start) => start.get);
      return kernels[group]!.call(...starts, block.rows.get, fromStep.get, toStep.get, ...factor);
    });
  });
}

function defineMoveRow(module: Assembler, move: Move, columns: number): Callable {
  const { lane, type, vectors } = lanes(columns);
  return module.define(`${move}${columns}`, (scope) => {
    const [from, to, rows] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const [fromStep, toStep] = [scope.parameter(), scope.parameter()];
    const start = move === 'copy' ? undefined : scope.parameter('f32');
    const factor = scope.local(type);
    const value = (offset: number): Code => {
      const source = lane.load(from.get, offset);
      return start ? lane.add(lane.load(to.get, offset), lane.mul(source, factor.get)) : source;
    };
    return [
      start ? factor.set(lane.splat(start.get)) : [],
      repeat(rows, [
        Array.from({ length: vectors }, (_, v) => lane.store(to.get, value(16 * v), 16 * v)),
        advance(from, fromStep.get),
        advance(to, toStep.get),
      ]),
    ];
  });
}

function defineSumRows(module: Assembler): void {
  const kernels = perWidth((columns) => defineSum(module, columns));
  module.define('sumRows', (scope) => {
    const [x, sums, rows, columns] = [scope.parameter(), scope.parameter(), scope.parameter(), scope.parameter()];
    const step = scope.local();
    return [
      step.set(i32.shiftLeft(columns.get, 2)),
      eachBlock(scope, { rows, columns }, [{ address: x, step }], [sums], (group, block) =>
        kernels[group]!.call(block.perRow[0]!.get, block.perColumn[0]!.get, block.rows.get, step.get),
      ),
    ];
  });
}

function defineSum(module: Assembler, columns: number): Callable {
  const { lane, type, vectors } = lanes(columns);
  return module.define(`sum${columns}`, (scope) => {
    const [x, sums, rows, step] = [scope.parameter(), scope.parameter(), scope.parameter(), scope.parameter()];
    const totals = Array.from({ length: vectors }, () => scope.local(type));
    return [
      repeat(rows, [
        totals.map((total, v) => total.set(lane.add(total.get, lane.load(x.get, 16 * v)))),
        advance(x, step.get),
      ]),
      totals.map((total, v) => lane.store(sums.get, lane.add(lane.load(sums.get, 16 * v), total.get), 16 * v)),
    ];
  });
}

function defineProductSums(module: Assembler): void {
  const kernels = perWidth((columns) => defineProductSum(module, columns));
  module.define('productSums', (scope) => {
    const [x, y, mean] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const [sums, rows, columns] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const [step, products] = [scope.local(), scope.local()];
    const perRow = [
      { address: x, step },
      { address: y, step },
    ];
    return [
      step.set(i32.shiftLeft(columns.get, 2)),
      products.set(i32.add(sums.get, step.get)),
      eachBlock(scope, { rows, columns }, perRow, [mean, sums, products], (group, block) =>
        kernels[group]!.call(
          ...[...block.perRow, ...block.perColumn].map((start) => start.get),
          block.rows.get,
          step.get,
        ),
      ),
    ];
  });
}

function defineProductSum(module: Assembler, columns: number): Callable {
  const { lane, type, vectors } = lanes(columns);
  return module.define(`productSum${columns}`, (scope) => {
    const [x, y, mean] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const [sums, products, rows, step] = [scope.parameter(), scope.parameter(), scope.parameter(), scope.parameter()];
    const parts = Array.from({ length: vectors }, (_, v) => ({
      offset: 16 * v,
      center: scope.local(type),
      value: scope.local(type),
      total: scope.local(type),
      product: scope.local(type),
    }));
    return [
      parts.map(({ center, offset }) => center.set(lane.load(mean.get, offset))),
      repeat(rows, [
        parts.map(({ center, value, total, product, offset }) => [
          value.set(lane.load(y.get, offset)),
          total.set(lane.add(total.get, value.get)),
          product.set(lane.add(product.get, lane.mul(value.get, lane.sub(lane.load(x.get, offset), center.get)))),
        ]),
        advance(x, step.get),
        advance(y, step.get),
      ]),
      parts.map(({ total, product, offset }) => [
        lane.store(sums.get, lane.add(lane.load(sums.get, offset), total.get), offset),
        lane.store(products.get, lane.add(lane.load(products.get, offset), product.get), offset),
      ]),
    ];
  });
}
