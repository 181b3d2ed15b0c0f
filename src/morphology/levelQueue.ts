/**
 * A queue of places in order of their level, first in first out within a level. Each place may be in it once at a time:
 * links take the room of one number a place. Levels with something in them are found by bits, 32 at a time in three
 * layers.
 */
export class LevelQueue {
  readonly #heads: Int32Array;
  readonly #tails: Int32Array;
  readonly #next: Int32Array;
  readonly #low: Int32Array;
  readonly #middle: Int32Array;
  readonly #high: Int32Array;

  /**
   * @param levels - number of levels.
   * @param places - number of places.
   */
  constructor(levels: number, places: number) {
    this.#heads = new Int32Array(levels).fill(-1);
    this.#tails = new Int32Array(levels);
    this.#next = new Int32Array(places);
    this.#low = new Int32Array((levels >> 5) + 1);
    this.#middle = new Int32Array((levels >> 10) + 1);
    this.#high = new Int32Array((levels >> 15) + 1);
  }

  push(level: number, place: number): void {
    this.#next[place] = -1;
    if (this.#heads[level]! < 0) {
      this.#heads[level] = place;
      this.#low[level >> 5]! |= 1 << (level & 31);
      this.#middle[level >> 10]! |= 1 << ((level >> 5) & 31);
      this.#high[level >> 15]! |= 1 << ((level >> 10) & 31);
    } else {
      this.#next[this.#tails[level]!] = place;
    }
    this.#tails[level] = place;
  }

  /** Takes the first place of the lowest level, -1 where nothing is left. */
  pop(): number {
    let top = 0;
    while (top < this.#high.length && this.#high[top] === 0) top++;
    if (top === this.#high.length) return -1;
    const middle = (top << 5) + lowestBit(this.#high[top]!);
    const low = (middle << 5) + lowestBit(this.#middle[middle]!);
    const level = (low << 5) + lowestBit(this.#low[low]!);
    const place = this.#heads[level]!;
    const next = this.#next[place]!;
    this.#heads[level] = next;
    if (next < 0) {
      this.#low[low]! &= ~(1 << (level & 31));
      if (this.#low[low] === 0) {
        this.#middle[middle]! &= ~(1 << (low & 31));
        if (this.#middle[middle] === 0) this.#high[top]! &= ~(1 << (middle & 31));
      }
    }
    return place;
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
