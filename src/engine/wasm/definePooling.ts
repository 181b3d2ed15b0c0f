import type { Assembler, Callable } from './assembler.js';
import { declareGeometry, forEachTapRow } from './geometry.js';
import { advance, i32, repeat } from './instructions.js';
import { eachGroup, lanes, perWidth, widths } from './rows.js';

/**
 * Adds pooling to a module, each function over the sizes of {@link declareGeometry}:
 *
 * - `sumTaps`: y[.., i] += x[.., i] for every tap, for example the gradient of nearest upsampling
 * - `maxPoolGradient` with two more addresses, `dx` and `rest`: where x equals y, `rest` (dy at first) goes to dx and
 *   becomes zero, so that the first maximum of a window gets all of it
 */
export function definePooling(module: Assembler): void {
  const sums = perWidth((columns) => defineSumTap(module, columns));
  module.define('sumTaps', (scope) => {
    const sizes = declareGeometry(scope);
    const [x, y] = [scope.local(), scope.local()];
    return forEachTapRow(scope, sizes, (row) => [
      x.set(row.x.get),
      y.set(row.y.get),
      eachGroup(scope, sizes.channels.get, widths, [x, y], (group) =>
        sums[group]!.call(x.get, y.get, row.count.get, row.xStep.get, row.yStep.get),
      ),
    ]);
  });
  const takes = perWidth((columns) => defineTakeMaximum(module, columns));
  module.define('maxPoolGradient', (scope) => {
    const sizes = declareGeometry(scope);
    const [dxStart, restStart] = [scope.parameter(), scope.parameter()];
    const [x, y, dx, rest] = [scope.local(), scope.local(), scope.local(), scope.local()];
    return forEachTapRow(scope, sizes, (row) => [
      x.set(row.x.get),
      y.set(row.y.get),
      dx.set(i32.add(dxStart.get, i32.sub(row.x.get, sizes.x.get))),
      rest.set(i32.add(restStart.get, i32.sub(row.y.get, sizes.y.get))),
      eachGroup(scope, sizes.channels.get, widths, [x, y, dx, rest], (group) =>
        takes[group]!.call(x.get, y.get, dx.get, rest.get, row.count.get, row.xStep.get, row.yStep.get),
      ),
    ]);
  });
}

function defineSumTap(module: Assembler, columns: number): Callable {
  const { lane, vectors } = lanes(columns);
  return module.define(`sumTap${columns}`, (scope) => {
    const [x, y, count] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const [xStep, yStep] = [scope.parameter(), scope.parameter()];
    return repeat(count, [
      Array.from({ length: vectors }, (_, v) =>
        lane.store(y.get, lane.add(lane.load(y.get, 16 * v), lane.load(x.get, 16 * v)), 16 * v),
      ),
      advance(x, xStep.get),
      advance(y, yStep.get),
    ]);
  });
}

function defineTakeMaximum(module: Assembler, columns: number): Callable {
  const { lane, type, vectors } = lanes(columns);
  return module.define(`takeMaximum${columns}`, (scope) => {
    const [x, y, dx, rest] = [scope.parameter(), scope.parameter(), scope.parameter(), scope.parameter()];
    const [count, xStep, yStep] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const [left, taken] = [scope.local(type), scope.local(type)];
    return repeat(count, [
      Array.from({ length: vectors }, (_, v) => {
        const offset = 16 * v;
        return [
          left.set(lane.load(rest.get, offset)),
          taken.set(lane.whereEqual(lane.load(x.get, offset), lane.load(y.get, offset), left.get)),
          lane.store(dx.get, lane.add(lane.load(dx.get, offset), taken.get), offset),
          lane.store(rest.get, lane.sub(left.get, taken.get), offset),
        ];
      }),
      [x, dx].map((address) => advance(address, xStep.get)),
      [y, rest].map((address) => advance(address, yStep.get)),
    ]);
  });
}
