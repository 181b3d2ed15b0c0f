import { keyOf } from './ranks.js';

const SLOTS = 16384;
const MOST = 4096;

/** The ranks of floats that take few different values, found by the value's key (`keyOf`; never 0 for finite values). */
export interface ValueTable {
  readonly keys: Int32Array;
  readonly ranks: Int32Array;
  /** Number of different values. */
  readonly count: number;
}

/**
 * The table of the values on runs, as of a distance transform; undefined where there are more than some thousands. Looking
 * a rank up is faster than sorting.
 *
 * @param bits - the floats as integers.
 */
export function valueTable(
  bits: Int32Array,
  starts: Int32Array,
  ends: Int32Array,
  runs: number,
): ValueTable | undefined {
  const keys = new Int32Array(SLOTS);
  const found: number[] = [];
  for (let run = 0; run < runs; run++) {
    const end = ends[run]!;
    for (let at = starts[run]!; at < end; at++) {
      const key = keyOf(bits[at]!);
      const slot = slotOf(keys, key);
      if (keys[slot] === key) continue;
      if (found.length === MOST) return undefined;
      keys[slot] = key;
      found.push(key);
    }
  }
  // Keys rise with their values when read without a sign.
  found.sort((a, b) => (a >>> 0) - (b >>> 0));
  const ranks = new Int32Array(SLOTS);
  found.forEach((key, rank) => {
    ranks[slotOf(keys, key)] = rank;
  });
  return { keys, ranks, count: found.length };
}

/** Where a key lies, or the free slot where it would. */
export function slotOf(keys: Int32Array, key: number): number {
  let slot = Math.imul(key, 0x9e3779b1) >>> 18;
  while (keys[slot] !== key && keys[slot] !== 0) slot = (slot + 1) & (SLOTS - 1);
  return slot;
}
