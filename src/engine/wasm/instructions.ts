// WebAssembly instructions as functions from operands to code, named after the specification.
import { type Code, type Local, signed, unsigned } from './assembler.js';

/** Integer arithmetic; comparisons give 0 or 1. */
export const i32 = {
  constant: (value: number): Code => [0x41, signed(value)],
  load: (address: Code): Code => [address, 0x28, 2, 0],
  store: (address: Code, value: Code): Code => [address, value, 0x36, 2, 0],
  add: (a: Code, b: Code): Code => [a, b, 0x6a],
  sub: (a: Code, b: Code): Code => [a, b, 0x6b],
  mul: (a: Code, b: Code): Code => [a, b, 0x6c],
  divide: (a: Code, b: Code): Code => [a, b, 0x6d],
  and: (a: Code, b: Code): Code => [a, b, 0x71],
  shiftLeft: (a: Code, by: number): Code => [a, 0x41, signed(by), 0x74],
  shiftRight: (a: Code, by: number): Code => [a, 0x41, signed(by), 0x76],
  equal: (a: Code, b: Code): Code => [a, b, 0x46],
  less: (a: Code, b: Code): Code => [a, b, 0x48],
  lessUnsigned: (a: Code, b: Code): Code => [a, b, 0x49],
  greater: (a: Code, b: Code): Code => [a, b, 0x4a],
  atLeast: (a: Code, b: Code): Code => [a, b, 0x4e],
  /** `a` where the condition holds, else `b`. */
  select: (a: Code, b: Code, condition: Code): Code => [a, b, condition, 0x1b],
};

/** One float at a time. */
export const f32 = {
  constant: (value: number): Code => [0x43, Array.from(new Uint8Array(new Float32Array([value]).buffer))],
  load: (address: Code, offset = 0): Code => [address, 0x2a, 2, unsigned(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [address, value, 0x38, 2, unsigned(offset)],
  splat: (value: Code): Code => value,
  loadSplat: (address: Code, offset = 0): Code => [address, 0x2a, 2, unsigned(offset)],
  add: (a: Code, b: Code): Code => [a, b, 0x92],
  sub: (a: Code, b: Code): Code => [a, b, 0x93],
  mul: (a: Code, b: Code): Code => [a, b, 0x94],
  div: (a: Code, b: Code): Code => [a, b, 0x95],
  sqrt: (a: Code): Code => [a, 0x91],
  /** The larger; NaN where one is. */
  max: (a: Code, b: Code): Code => [a, b, 0x97],
  /** `value` where `a` is greater than `b`, else 0. */
  whereGreater: (a: Code, b: Code, value: Code): Code => [value, f32.constant(0), a, b, 0x5e, 0x1b],
  /** `value` where `a` equals `b`, else 0. */
  whereEqual: (a: Code, b: Code, value: Code): Code => [value, f32.constant(0), a, b, 0x5b, 0x1b],
};

/** Four floats at a time, under the names of {@link f32}, so that one emitter writes both. */
export const f32x4 = {
  constant: (value: number): Code => [f32.constant(value), 0xfd, 0x13],
  load: (address: Code, offset = 0): Code => [address, 0xfd, 0x00, 2, unsigned(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [address, value, 0xfd, 0x0b, 2, unsigned(offset)],
  splat: (value: Code): Code => [value, 0xfd, 0x13],
  loadSplat: (address: Code, offset = 0): Code => [address, 0xfd, 0x09, 2, unsigned(offset)],
  add: (a: Code, b: Code): Code => [a, b, 0xfd, unsigned(0xe4)],
  sub: (a: Code, b: Code): Code => [a, b, 0xfd, unsigned(0xe5)],
  mul: (a: Code, b: Code): Code => [a, b, 0xfd, unsigned(0xe6)],
  div: (a: Code, b: Code): Code => [a, b, 0xfd, unsigned(0xe7)],
  sqrt: (a: Code): Code => [a, 0xfd, unsigned(0xe3)],
  max: (a: Code, b: Code): Code => [a, b, 0xfd, unsigned(0xe9)],
  and: (a: Code, b: Code): Code => [a, b, 0xfd, 0x4e],
  // Comparisons set all bits of a lane, or none.
  equal: (a: Code, b: Code): Code => [a, b, 0xfd, 0x41],
  notEqual: (a: Code, b: Code): Code => [a, b, 0xfd, 0x42],
  less: (a: Code, b: Code): Code => [a, b, 0xfd, 0x43],
  greater: (a: Code, b: Code): Code => [a, b, 0xfd, 0x44],
  lessEqual: (a: Code, b: Code): Code => [a, b, 0xfd, 0x45],
  greaterEqual: (a: Code, b: Code): Code => [a, b, 0xfd, 0x46],
  whereGreater: (a: Code, b: Code, value: Code): Code => [a, b, 0xfd, 0x44, value, 0xfd, 0x4e],
  whereEqual: (a: Code, b: Code, value: Code): Code => [a, b, 0xfd, 0x41, value, 0xfd, 0x4e],
};

/** Masks of lanes made narrower. */
export const i8x16 = {
  /** Eight 16-bit lanes from two times four of 32 bits. */
  narrowHalves: (a: Code, b: Code): Code => [a, b, 0xfd, unsigned(0x85)],
  /** Sixteen bytes from two times eight 16-bit lanes. */
  narrow: (a: Code, b: Code): Code => [a, b, 0xfd, 0x65],
  /** The lowest bit of each byte. */
  lowestBits: (a: Code): Code => [a, 0x41, 1, 0xfd, 0x0f, 0xfd, 0x4e],
};

/** `local += value`. */
export function advance(local: Local, value: Code): Code {
  return local.set(i32.add(local.get, value));
}

/** Runs `body` while `condition` holds, tested first. */
export function whileLoop(condition: Code, body: Code): Code {
  return [0x02, 0x40, 0x03, 0x40, condition, 0x45, 0x0d, 1, body, 0x0c, 0, 0x0b, 0x0b];
}

/** Runs `body` `count` times, at least once; `count` ends at 0. */
export function repeat(count: Local, body: Code): Code {
  return [0x03, 0x40, body, count.tee(i32.sub(count.get, i32.constant(1))), 0x0d, 0, 0x0b];
}

/** Counts `local` from 0 up to `limit`, exclusive. */
export function forRange(local: Local, limit: Code, body: Code): Code {
  return [local.set(i32.constant(0)), whileLoop(i32.less(local.get, limit), [body, advance(local, i32.constant(1))])];
}

/** Runs `body` where `condition` holds. */
export function when(condition: Code, body: Code): Code {
  return [condition, 0x04, 0x40, body, 0x0b];
}

/** Runs `body` where `condition` holds, else `otherwise`. */
export function ifElse(condition: Code, body: Code, otherwise: Code): Code {
  return [condition, 0x04, 0x40, body, 0x05, otherwise, 0x0b];
}
