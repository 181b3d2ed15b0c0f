import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Assembler, signed, unsigned } from '../../src/engine/wasm/assembler.js';
import { f32x4, forRange, i32, ifElse } from '../../src/engine/wasm/instructions.js';

it('writes integers as LEB128: 624485 is e5 8e 26, -123456 is c0 bb 78', () => {
  expect(unsigned(624_485)).toEqual([0xe5, 0x8e, 0x26]);
  expect(signed(-123_456)).toEqual([0xc0, 0xbb, 0x78]);
  expect([unsigned(0), unsigned(127), unsigned(128)]).toEqual([[0], [127], [128, 1]]);
  expect([signed(63), signed(64), signed(-64), signed(-65)]).toEqual([[63], [192, 0], [64], [191, 127]]);
});

it('any 32-bit integer comes back', () => {
  const decode = (bytes: readonly number[], withSign: boolean) => {
    let value = bytes.reduce((sum, byte, i) => sum + (byte & 127) * 128 ** i, 0);
    if (withSign && (bytes.at(-1)! & 64) !== 0) value -= 128 ** bytes.length;
    return value;
  };
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 0xffffffff }), (some, positive) => {
      expect(decode(signed(some), true)).toBe(some);
      expect(decode(unsigned(positive), false)).toBe(positive);
    }),
  );
});

it('assembles a module whose loops, branches and vectors run on the given memory', async () => {
  const assembler = new Assembler();
  const square = assembler.define('square', (scope) => {
    const address = scope.parameter();
    const value = scope.local('v128');
    return [value.set(f32x4.load(address.get)), f32x4.store(address.get, f32x4.mul(value.get, value.get))];
  });
  assembler.define('squareEverySecond', (scope) => {
    const [count, index] = [scope.parameter(), scope.local()];
    const address = i32.shiftLeft(index.get, 4);
    return forRange(index, count.get, ifElse(i32.and(index.get, i32.constant(1)), [], square.call(address)));
  });
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { instance } = await WebAssembly.instantiate(assembler.toBytes(), { env: { memory } });
  const numbers = new Float32Array(memory.buffer, 0, 12).map((_, i) => i);
  new Float32Array(memory.buffer).set(numbers);
  (instance.exports as { squareEverySecond(count: number): void }).squareEverySecond(3);
  expect(Array.from(new Float32Array(memory.buffer, 0, 12))).toEqual([0, 1, 4, 9, 4, 5, 6, 7, 64, 81, 100, 121]);
});

it('gives the same bytes every time, and others for shared memory', () => {
  const build = (shared: boolean) => {
    const assembler = new Assembler();
    assembler.define('nothing', () => []);
    return Array.from(assembler.toBytes({ shared }));
  };
  expect(build(false)).toEqual(build(false));
  expect(WebAssembly.validate(Uint8Array.from(build(true)))).toBe(true);
  expect(build(true)).not.toEqual(build(false));
});
