/**
 * A queue of places in rough order of their values: lowest bucket first, first in first out within a bucket. A place may be
 * in it several times. What is taken out makes room for what comes in.
 */
export class BucketQueue {
  readonly #low: number;
  readonly #scale: number;
  readonly #heads: Int32Array;
  readonly #tails: Int32Array;
  #next = new Int32Array(4096);
  #places = new Int32Array(4096);
  #used = 0;
  #free = -1;
  #bucket = 0;

  /**
   * @param low - the smallest value.
   * @param high - the largest value.
   * @param buckets - number of buckets of equal width between them.
   */
  constructor(low: number, high: number, buckets: number) {
    this.#low = low;
    this.#scale = high > low ? (buckets - 1) / (high - low) : 0;
    this.#heads = new Int32Array(buckets).fill(-1);
    this.#tails = new Int32Array(buckets);
  }

  /** Values of a bucket below that of the last place taken out are not found again. */
  push(value: number, place: number): void {
    let entry = this.#free;
    if (entry >= 0) {
      this.#free = this.#next[entry]!;
    } else {
      entry = this.#used++;
      if (entry === this.#places.length) {
        this.#next = twice(this.#next);
        this.#places = twice(this.#places);
      }
    }
    this.#places[entry] = place;
    this.#next[entry] = -1;
    const bucket = ((value - this.#low) * this.#scale) | 0;
    if (this.#heads[bucket]! < 0) this.#heads[bucket] = entry;
    else this.#next[this.#tails[bucket]!] = entry;
    this.#tails[bucket] = entry;
  }

  /** Takes the first place of the lowest bucket, -1 where nothing is left. */
  pop(): number {
    const heads = this.#heads;
    let bucket = this.#bucket;
    while (bucket < heads.length && heads[bucket]! < 0) bucket++;
    this.#bucket = bucket;
    if (bucket === heads.length) return -1;
    const entry = heads[bucket]!;
    heads[bucket] = this.#next[entry]!;
    this.#next[entry] = this.#free;
    this.#free = entry;
    return this.#places[entry]!;
  }
}

function twice(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * numbers.length);
  larger.set(numbers);
  return larger;
}
