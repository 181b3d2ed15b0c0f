/** Keys and their places, which the sort uses up, and as much room again. */
export interface RankMemory {
  keys: Int32Array;
  places: Int32Array;
  otherKeys: Int32Array;
  otherPlaces: Int32Array;
  readonly offsets: Int32Array;
}

/** Memory for ranking up to `capacity` floats. */
export function rankMemory(capacity: number): RankMemory {
  const room = () => new Int32Array(capacity);
  return {
    keys: room(),
    places: room(),
    otherKeys: room(),
    otherPlaces: room(),
    offsets: new Int32Array(2048),
  };
}

/** Bits of a float as a number that rises with it when read without a sign: negative floats run backwards; -0 is 0. */
export function keyOf(bits: number): number {
  const b = bits === -2147483648 ? 0 : bits;
  return b < 0 ? ~b : b | -2147483648;
}

/**
 * Writes the ranks of the first `count` keys to their places: 0 for the lowest, equal keys alike. Sorted digit by digit, 8
 * bits at a time for few keys, else 11. Returns the number of ranks.
 */
export function ranksOfKeys(memory: RankMemory, count: number, ranks: Int32Array): number {
  const { offsets } = memory;
  const digitBits = count < 4096 ? 8 : 11;
  const digits = 1 << digitBits;
  const mask = digits - 1;
  for (let shift = 0; shift < 32; shift += digitBits) {
    const { keys, places, otherKeys, otherPlaces } = memory;
    offsets.fill(0, 0, digits);
    for (let i = 0; i < count; i++) offsets[(keys[i]! >>> shift) & mask]!++;
    // One digit for all: this pass would change nothing.
    if (count > 0 && offsets[(keys[0]! >>> shift) & mask] === count) continue;
    let sum = 0;
    for (let digit = 0; digit < digits; digit++) {
      const size = offsets[digit]!;
      offsets[digit] = sum;
      sum += size;
    }
    for (let i = 0; i < count; i++) {
      const to = offsets[(keys[i]! >>> shift) & mask]!++;
      otherKeys[to] = keys[i]!;
      otherPlaces[to] = places[i]!;
    }
    memory.keys = otherKeys;
    memory.otherKeys = keys;
    memory.places = otherPlaces;
    memory.otherPlaces = places;
  }
  const { keys, places } = memory;
  let rank = 0;
  for (let i = 0; i < count; i++) {
    if (i > 0 && keys[i] !== keys[i - 1]) rank++;
    ranks[places[i]!] = rank;
  }
  return rank + 1;
}
