import { requireInteger, requireNumber } from './check.js';
import { exp, log, logGamma } from './math.js';

/** A seed, or a generator to draw from. */
export type Seed = number | Random;

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Folds the two 32-bit halves of `key` into the running state. */
function absorb(state: Uint32Array, key: number): void {
  for (const half of [key >>> 0, Math.floor(key / 4294967296) >>> 0]) {
    let carry = half;
    for (let i = 0; i < 4; i++) {
      carry = mix((state[i]! ^ carry) + 0x9e3779b9 * (i + 1));
      state[i] = carry;
    }
    // A second sweep lets the first word depend on the last.
    for (let i = 0; i < 4; i++) {
      carry = mix((state[i]! + carry) ^ (0x85ebca6b * (i + 1)));
      state[i] = carry;
    }
  }
}

/**
 * A seeded stream of random numbers with the same bytes on every platform (xoshiro128**, Blackman and Vigna 2018;
 * the seed and split keys are hashed into its state).
 *
 * `split` derives independent streams from keys alone, whatever has been drawn before: `random.split(epoch, index)`
 * gives each sample its own stream.
 *
 * @example
 * ```ts
 * const random = new Random(7);
 * random.integer(0, 10); // the same every run
 * new Random(7).split(3, 1).uniform() === random.split(3, 1).uniform(); // true
 * ```
 */
export class Random {
  readonly #key: Uint32Array;
  readonly #state: Uint32Array;
  #spare: number | undefined;

  /**
   * @param seed - an integer from 0 to 2^53 - 1.
   * @throws TypeError or RangeError for anything else.
   */
  constructor(seed: number) {
    requireInteger('seed', seed, { min: 0 });
    this.#key = new Uint32Array([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344]);
    absorb(this.#key, seed);
    this.#state = this.#key.slice();
  }

  /** Returns an independent stream for `keys` (integers of 0 or more); it depends on the seed and the keys alone. */
  split(...keys: readonly number[]): Random {
    if (keys.length === 0) throw new RangeError('split must be given at least one key, got none.');
    const child = new Random(0);
    child.#key.set(this.#key);
    for (const key of keys) {
      requireInteger('key', key, { min: 0 });
      absorb(child.#key, key);
    }
    child.#state.set(child.#key);
    return child;
  }

  /** Returns 32 random bits as an integer in 0..2^32 - 1. */
  bits(): number {
    const s = this.#state;
    const b = s[1]!;
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= b << 9;
    const d = s[3]!;
    s[3] = (d << 11) | (d >>> 21);
    return result;
  }

  /** Returns a number from `low` up to but not including `high`, evenly spread, with 53 random bits. */
  uniform(low = 0, high = 1): number {
    requireNumber('low', low);
    requireNumber('high', high, { min: low });
    const unit = ((this.bits() >>> 5) * 67108864 + (this.bits() >>> 6)) / 9007199254740992;
    return low + (high - low) * unit;
  }

  /** Returns an integer from `low` up to but not including `high`, without bias; the span is at most 2^32. */
  integer(low: number, high: number): number {
    requireInteger('low', low);
    requireInteger('high', high, { above: low, max: low + 4294967296 });
    const span = high - low;
    const limit = 4294967296 - (4294967296 % span);
    let bits = this.bits();
    while (bits >= limit) bits = this.bits();
    return low + (bits % span);
  }

  /** Returns true with the given probability. */
  boolean(probability = 0.5): boolean {
    requireNumber('probability', probability, { min: 0, max: 1 });
    return this.uniform() < probability;
  }

  /** Returns a normal deviate (Marsaglia's polar method). */
  normal(mean = 0, standardDeviation = 1): number {
    requireNumber('mean', mean);
    requireNumber('standardDeviation', standardDeviation, { min: 0 });
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return mean + standardDeviation * spare;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const square = u * u + v * v;
      if (square > 0 && square < 1) {
        const factor = Math.sqrt((-2 * log(square)) / square);
        this.#spare = v * factor;
        return mean + standardDeviation * u * factor;
      }
    }
  }

  /** Returns a Poisson count with the given mean: by multiplication below 10, else Hörmann's PTRS (1993). */
  poisson(mean: number): number {
    requireNumber('mean', mean, { min: 0, max: 1e9 });
    if (mean === 0) return 0;
    if (mean < 10) {
      const limit = exp(-mean);
      let count = 0;
      for (let product = this.uniform(); product > limit; product *= this.uniform()) count++;
      return count;
    }
    const logMean = log(mean);
    const b = 0.931 + 2.53 * Math.sqrt(mean);
    const a = -0.059 + 0.02483 * b;
    const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    const accept = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
      const u = this.uniform() - 0.5;
      const v = this.uniform();
      const us = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
      if (us >= 0.07 && v <= accept) return k;
      if (k < 0 || (us < 0.013 && v > us)) continue;
      if (log((v * inverseAlpha) / (a / (us * us) + b)) <= k * logMean - mean - logGamma(k + 1)) return k;
    }
  }

  /** Returns the items in random order (Fisher-Yates); the argument stays as it is. */
  shuffle<T>(items: readonly T[]): T[] {
    const result = items.slice();
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.integer(0, i + 1);
      const kept = result[i]!;
      result[i] = result[j]!;
      result[j] = kept;
    }
    return result;
  }

  /**
   * Returns one of the items; each equally likely, or in proportion to `weights`.
   *
   * @throws RangeError where there is no item, or the weights are negative, all zero or of another length.
   */
  choice<T>(items: readonly T[], weights?: readonly number[]): T {
    if (items.length === 0) throw new RangeError('items must hold at least one item, got none.');
    if (weights === undefined) return items[this.integer(0, items.length)]!;
    if (weights.length !== items.length) {
      throw new RangeError(`weights must have one number an item, ${items.length}, got ${weights.length}.`);
    }
    let total = 0;
    weights.forEach((weight, i) => {
      requireNumber(`weights[${i}]`, weight, { min: 0 });
      total += weight;
    });
    requireNumber('the sum of weights', total, { above: 0 });
    let rest = this.uniform() * total;
    for (let i = 0; i < items.length; i++) {
      rest -= weights[i]!;
      if (rest < 0) return items[i]!;
    }
    return items[weights.findLastIndex((weight) => weight > 0)]!;
  }
}

/**
 * Returns a generator for a seed, or the generator itself.
 *
 * @example
 * ```ts
 * toRandom(3).uniform(); // a number in 0..1, the same every run
 * ```
 */
export function toRandom(seed: Seed): Random {
  return seed instanceof Random ? seed : new Random(seed);
}
