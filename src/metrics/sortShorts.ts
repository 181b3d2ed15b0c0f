/** Sorts a part of an array in place, rising; `tally` has 65536 elements, all 0 before and after. */
export function sortShorts(values: Uint16Array, from: number, to: number, tally: Uint32Array): void {
  if (to - from <= 24) sortFew(values, from, to);
  else if (to - from >= 4096) countAll(values, from, to, tally);
  else values.subarray(from, to).sort();
}

function sortFew(values: Uint16Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const value = values[i]!;
    let at = i;
    for (; at > from && values[at - 1]! > value; at--) values[at] = values[at - 1]!;
    values[at] = value;
  }
}

/** Counts how often each value occurs, and writes it as often. */
function countAll(values: Uint16Array, from: number, to: number, tally: Uint32Array): void {
  let [least, most] = [65535, 0];
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    tally[value]!++;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  for (let value = least, at = from; value <= most; value++) {
    const count = tally[value]!;
    if (count === 0) continue;
    values.fill(value, at, at + count);
    at += count;
    tally[value] = 0;
  }
}
