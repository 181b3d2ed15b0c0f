import type { Basins } from './watershedFlood.js';

/** The image with a rim of one pixel that is never flooded, so that neighbours need no test of the border. */
interface Padded {
  readonly line: number;
  /** Ids so far; -1 where no water may come. */
  readonly ids: Int32Array;
  /** Where the pixel of a padded place lies in the image. */
  readonly place: (at: number) => number;
  /** Steps to the neighbours: above, left, right, below, then the corners. */
  readonly steps: readonly number[];
}

function pad({ height, width, markers, mask, connectivity }: Basins): Padded {
  const line = width + 2;
  const ids = new Int32Array(line * (height + 2)).fill(-1);
  for (let row = 0, from = 0; row < height; row++) {
    for (let x = 0, at = (row + 1) * line + 1; x < width; x++, at++, from++) {
      if (mask === undefined || mask[from]! > 0) ids[at] = markers[from]!;
    }
  }
  const edges = [-line, -1, 1, line];
  const steps = connectivity === 4 ? edges : [...edges, -line - 1, -line + 1, line - 1, line + 1];
  return { line, ids, steps, place: (at) => at - line - 1 - 2 * (Math.floor(at / line) - 1) };
}

function unpad(ids: Int32Array, height: number, width: number, result: Int32Array): void {
  const line = width + 2;
  for (let row = 0, to = 0; row < height; row++) {
    for (let x = 0, at = (row + 1) * line + 1; x < width; x++, at++, to++) result[to] = Math.max(0, ids[at]!);
  }
}

/** Floods with lines or compactly: a pixel may wait several times, under values that depend on where its water comes from.
 * Ids are written to `result`. */
export function floodByHeap(basins: Basins, compactness: number, lines: boolean, result: Int32Array): void {
  const { height, width, values } = basins;
  const { line, ids, steps, place } = pad(basins);
  const heap = new WaterHeap();
  for (let at = 0; at < ids.length; at++) if (ids[at]! > 0) heap.push(values[place(at)]!, at, at);
  // Pixels of a line, and markers that touch another: no water flows from them, and none is looked for in them.
  const blocked = new Uint8Array(ids.length);
  while (heap.size > 0) {
    const { at, source } = heap.pop();
    if (at !== source && ids[at]! > 0) continue;
    if (lines && (blocked[at] === 1 || separates(ids, blocked, at, steps))) {
      blocked[at] = 1;
      continue;
    }
    ids[at] = ids[source]!;
    for (const step of steps) {
      const other = at + step;
      if (ids[other] !== 0 || blocked[other] === 1) continue;
      let value = values[place(other)]!;
      if (compactness > 0) {
        const rows = Math.floor(other / line) - Math.floor(source / line);
        const columns = (other % line) - (source % line);
        value += compactness * Math.sqrt(rows * rows + columns * columns);
      }
      heap.push(value, other, source);
    }
  }
  unpad(ids, height, width, result);
}

/** Whether two neighbours belong to different basins. */
function separates(ids: Int32Array, blocked: Uint8Array, at: number, steps: readonly number[]): boolean {
  let first = 0;
  for (const step of steps) {
    const id = ids[at + step]!;
    if (id <= 0 || blocked[at + step] === 1) continue;
    if (first === 0) first = id;
    else if (id !== first) return true;
  }
  return false;
}

/** A binary heap ordered by value, then age. */
class WaterHeap {
  size = 0;
  #age = 0;
  #values = new Float64Array(1024);
  #ages = new Float64Array(1024);
  #places = new Int32Array(1024);
  #sources = new Int32Array(1024);

  push(value: number, place: number, source: number): void {
    if (this.size === this.#values.length) this.#grow();
    let at = this.size++;
    const age = this.#age++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      // A parent of the same value is older.
      if (this.#values[parent]! <= value) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#values[at] = value;
    this.#ages[at] = age;
    this.#places[at] = place;
    this.#sources[at] = source;
  }

  pop(): { at: number; source: number } {
    const top = { at: this.#places[0]!, source: this.#sources[0]! };
    const end = --this.size;
    const value = this.#values[end]!;
    const age = this.#ages[end]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= end) break;
      if (child + 1 < end && this.#before(child + 1, child)) child++;
      if (value < this.#values[child]! || (value === this.#values[child] && age < this.#ages[child]!)) break;
      this.#move(child, at);
      at = child;
    }
    if (end > 0) this.#move(end, at);
    return top;
  }

  #before(a: number, b: number): boolean {
    return (
      this.#values[a]! < this.#values[b]! || (this.#values[a] === this.#values[b] && this.#ages[a]! < this.#ages[b]!)
    );
  }

  #move(from: number, to: number): void {
    this.#values[to] = this.#values[from]!;
    this.#ages[to] = this.#ages[from]!;
    this.#places[to] = this.#places[from]!;
    this.#sources[to] = this.#sources[from]!;
  }

  #grow(): void {
    const larger = <T extends Float64Array | Int32Array>(old: T): T => {
      const result = new (old.constructor as { new (length: number): T })(2 * old.length);
      result.set(old);
      return result;
    };
    this.#values = larger(this.#values);
    this.#ages = larger(this.#ages);
    this.#places = larger(this.#places);
    this.#sources = larger(this.#sources);
  }
}
