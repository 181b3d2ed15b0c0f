import type { Assembler, Code } from './assembler.js';
import { advance, f32x4, i32, repeat } from './instructions.js';

/** The operations of {@link defineElementwise}, from the value and the pattern to the result. */
const operations = {
  add: f32x4.add,
  multiply: f32x4.mul,
  subtract: f32x4.sub,
  subtractFrom: (value: Code, pattern: Code): Code => f32x4.sub(pattern, value),
  divide: f32x4.div,
  divideInto: (value: Code, pattern: Code): Code => f32x4.div(pattern, value),
};

/**
 * Adds elementwise functions to a module. Each of `add`, `multiply`, `subtract`, `subtractFrom` (pattern - value),
 * `divide`, `divideInto` (pattern / value) takes `(x, pattern, out, blocks, steps, gap)` and combines `blocks` stretches
 * of 16 x `steps` floats with a pattern of that length; `affine` has a second such pattern `gap` bytes behind the first
 * and gives x * first + second. `reluGradient(x, dy, out, steps)` gives dy where x > 0, else 0.
 */
export function defineElementwise(module: Assembler): void {
  for (const [name, operation] of Object.entries(operations)) definePeriodic(module, name, operation);
  definePeriodic(module, 'affine', (value, first, second) => f32x4.add(f32x4.mul(value, first), second));
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

function definePeriodic(
  module: Assembler,
  name: string,
  operation: (value: Code, first: Code, second: Code) => Code,
): void {
  module.define(name, (scope) => {
    const [x, pattern, out] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const [blocks, steps, gap] = [scope.parameter(), scope.parameter(), scope.parameter()];
    const [first, second, count] = [scope.local(), scope.local(), scope.local()];
    return repeat(blocks, [
      first.set(pattern.get),
      second.set(i32.add(pattern.get, gap.get)),
      count.set(steps.get),
      repeat(count, [
        [0, 16, 32, 48].map((offset) => {
          const [value, a, b] = [x, first, second].map((address) => f32x4.load(address.get, offset)) as [
            Code,
            Code,
            Code,
          ];
          return f32x4.store(out.get, operation(value, a, b), offset);
        }),
        [x, first, second, out].map((address) => advance(address, i32.constant(64))),
      ]),
    ]);
  });
}
