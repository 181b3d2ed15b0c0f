import type { Assembler, Code } from './assembler.js';
import { advance, f32x4, i8x16, i32, repeat } from './instructions.js';

/** The operations of {@link defineElementwise}, from the value and the pattern to the result. */
const operations = {
  add: f32x4.add,
  multiply: f32x4.mul,
  subtract: f32x4.sub,
  subtractFrom: (value: Code, pattern: Code): Code => f32x4.sub(pattern, value),
  divide: f32x4.div,
  divideInto: (value: Code, pattern: Code): Code => f32x4.div(pattern, value),
};

/** Comparisons of {@link defineElementwise}. */
const comparisons = {
  equal: f32x4.equal,
  notEqual: f32x4.notEqual,
  less: f32x4.less,
  greater: f32x4.greater,
  lessEqual: f32x4.lessEqual,
  greaterEqual: f32x4.greaterEqual,
};

/**
 * Adds elementwise functions to a module. Each of `add`, `multiply`, `subtract`, `subtractFrom` (pattern - value),
 * `divide`, `divideInto` (pattern / value) takes `(x, pattern, out, blocks, steps, gap)` and combines `blocks` stretches
 * of 16 x `steps` floats with a pattern of that length; `affine` has a second such pattern `gap` bytes behind the first
 * and gives x * first + second. `equal`, `notEqual`, `less`, `greater`, `lessEqual`, `greaterEqual` write bytes of 0 or 1. `reluGradient(x, dy, out, steps)` gives dy where x > 0, else 0.
 */
export function defineElementwise(module: Assembler): void {
  for (const [name, operation] of Object.entries(operations)) {
    definePeriodic(module, name, (value, first) => storeFloats((offset) => operation(value(offset), first(offset))));
  }
  for (const [name, comparison] of Object.entries(comparisons)) {
    definePeriodic(module, name, (value, first) => storeBytes((offset) => comparison(value(offset), first(offset))));
  }
  definePeriodic(module, 'affine', (value, first, second) =>
    storeFloats((offset) => f32x4.add(f32x4.mul(value(offset), first(offset)), second(offset))),
  );
  module.define('reluGradient', (scope) => {
    const [x, dy, out, steps] = [scope.parameter(), scope.parameter(), scope.parameter(), scope.parameter()];
    return repeat(steps, [
      [0, 16, 32, 48].map((offset) => {
        const positive = f32x4.greater(f32x4.load(x.get, offset), f32x4.constant(0));
        return f32x4.store(out.get, f32x4.and(f32x4.load(dy.get, offset), positive), offset);
      }),
      [x, dy, out].map((address) => advance(address, i32.constant(64))),
    ]);
  });
}

type Load = (offset: number) => Code;

/** Where the results of 16 numbers go, and how many bytes they take. */
interface Store {
  readonly bytes: number;
  at(address: Code): Code;
}

function storeFloats(result: Load): Store {
  return { bytes: 64, at: (address) => [0, 16, 32, 48].map((offset) => f32x4.store(address, result(offset), offset)) };
}

/** Narrows four masks to 16 bytes of 0 or 1. */
function storeBytes(mask: Load): Store {
  const halves = [0, 32].map((offset) => i8x16.narrowHalves(mask(offset), mask(offset + 16))) as [Code, Code];
  return { bytes: 16, at: (address) => f32x4.store(address, i8x16.lowestBits(i8x16.narrow(...halves))) };
}

function definePeriodic(
  module: Assembler,
  name: string,
  compute: (value: Load, first: Load, second: Load) => Store,
): void {
  module.define(name, (scope) => {
    const [x, pattern, out] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const [blocks, steps, gap] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const [first, second, count] = [scope.local(), scope.local(), scope.local()];
    const [value, a, b] = [x, first, second].map(
      (address): Load =>
        (offset) =>
          f32x4.load(address.get, offset),
    ) as [Load, Load, Load];
    const store = compute(value, a, b);
    return repeat(blocks, [
      first.set(pattern.get),
      second.set(i32.add(pattern.get, gap.get)),
      count.set(steps.get),
      repeat(count, [
        store.at(out.get),
        [x, first, second].map((address) => advance(address, i32.constant(64))),
        advance(out, i32.constant(store.bytes)),
      ]),
    ]);
  });
}
