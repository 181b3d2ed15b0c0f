import { requireNumber, show } from '../core/check.js';
import type { Random } from '../core/random.js';
import type { PaddingMode } from './types.js';

/** One number for plus or minus so much, or two for a range. */
export type Limit = number | readonly [low: number, high: number];

/** Returns the range that a limit stands for. */
export function readLimit(name: string, limit: unknown): readonly [number, number] {
  if (typeof limit === 'number') {
    requireNumber(name, limit, { min: 0 });
    return [-limit, limit];
  }
  return readRange(name, limit);
}

/** Returns a range of two rising numbers. */
export function readRange(name: string, range: unknown, min?: number): readonly [number, number] {
  if (!Array.isArray(range) || range.length !== 2) {
    throw new TypeError(`${name} must be two numbers, [low, high], got ${show(range)}.`);
  }
  const [low, high] = range as [unknown, unknown];
  requireNumber(`${name}[0]`, low, min === undefined ? {} : { min });
  requireNumber(`${name}[1]`, high, { min: low });
  return [low, high];
}

/** Draws from a range, its upper end included where both are equal. */
export function drawFrom(random: Random, [low, high]: readonly [number, number]): number {
  return random.uniform(low, high);
}

/** The names of the border modes. */
export function borderModes(): readonly PaddingMode[] {
  return ['constant', 'reflect101', 'reflect', 'replicate', 'wrap'];
}
