/** Arrays that have served, to serve again: the pages of fresh memory can cost more than the work on them. */
const spares: Int32Array<ArrayBuffer>[] = [];

/** So many arrays are kept, of at most so many numbers. */
const MOST_SPARES = 12;
const MOST_LENGTH = 1 << 20;

/** An array of at least so many numbers, which may be any. */
export function borrow(length: number): Int32Array<ArrayBuffer> {
  let best = -1;
  for (let i = 0; i < spares.length; i++) {
    if (spares[i]!.length >= length && (best < 0 || spares[i]!.length < spares[best]!.length)) best = i;
  }
  return best < 0 ? new Int32Array(length) : spares.splice(best, 1)[0]!;
}

/** The same of floats. */
export function borrowFloats(length: number): Float64Array<ArrayBuffer> {
  return new Float64Array(borrow(2 * length).buffer, 0, length);
}

/** Gives borrowed arrays back; nobody may hold them any more. Those that are not given back are lost to the collector. */
export function giveBack(...arrays: ReadonlyArray<Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>): void {
  for (const { buffer } of arrays) {
    const array = new Int32Array(buffer);
    if (array.length === 0 || array.length > MOST_LENGTH) continue;
    // In place of the smallest one, where there are enough.
    if (spares.length === MOST_SPARES) spares.sort((a, b) => b.length - a.length).pop();
    spares.push(array);
  }
}
