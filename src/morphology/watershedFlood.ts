import type { PixelData } from '../core/types.js';
import { LevelQueue } from './levelQueue.js';
import { keyOf, type RankMemory, rankMemory, ranksOfKeys } from './ranks.js';
import { slotOf, type ValueTable, valueTable } from './valueTable.js';
import { piecesOf, type Window, wholeImage } from './windows.js';

/** What water flows over. */
export interface Basins {
  readonly values: PixelData;
  readonly height: number;
  readonly width: number;
  readonly markers: Int32Array;
  readonly mask: Uint8Array | undefined;
  readonly connectivity: 4 | 8;
}

/** Memory for one window after the other; places are padded by a rim that is never flooded. */
interface FloodMemory {
  /** Ids so far; -1 where no water may come. */
  readonly ids: Int32Array;
  readonly ranks: Int32Array;
  readonly queue: LevelQueue;
  /** Floats as integers, and their ranks: in a table where they take few values, else by sorting each window. */
  readonly bits: Int32Array | undefined;
  readonly table: ValueTable | undefined;
  readonly sort: RankMemory | undefined;
}

/**
 * Floods without lines. Each pixel waits once, in a queue of its level: first come, first served within a level, which is
 * the order of (value, age) without the cost of a heap. No water flows from one piece of the mask to another, so each
 * piece is flooded for itself, in memory that fits into a cache. Ids are written to `result`, with `used` zeros before.
 */
export function flood(
  basins: Basins,
  result: Int32Array = new Int32Array(basins.markers.length),
  used = false,
): Int32Array {
  const { values, height, width, mask } = basins;
  const windows = (mask === undefined ? undefined : piecesOf(mask, height, width)) ?? [wholeImage(mask, height, width)];
  if (used) result.fill(0);
  let area = 0;
  let pixels = 0;
  for (const window of windows) {
    area = Math.max(area, (window.height + 2) * (window.width + 2));
    pixels = Math.max(pixels, window.pixels);
  }
  const { starts, ends, order } = windows[0] ?? wholeImage(mask, height, width);
  const bits = values instanceof Float32Array ? bitsOf(values) : undefined;
  const table = bits === undefined ? undefined : valueTable(bits, starts, ends, order.length);
  const sort = bits === undefined || table !== undefined ? undefined : rankMemory(pixels);
  const levels = table?.count ?? (bits === undefined ? (values instanceof Uint8Array ? 256 : 65536) : pixels);
  const memory: FloodMemory = {
    ids: new Int32Array(area),
    ranks: new Int32Array(area),
    queue: new LevelQueue(levels, area),
    bits,
    table,
    sort,
  };
  for (const window of windows) floodWindow(basins, window, memory, result);
  return result;
}

function floodWindow(basins: Basins, window: Window, memory: FloodMemory, result: Int32Array): void {
  const { ids, queue } = memory;
  const line = window.width + 2;
  if (!fill(basins, window, memory)) return;
  const { ranks } = memory;
  const { starts, ends, order, first, last } = window;
  /** From a place in the image to the padded one, in the row of a run. */
  const shiftOf = (start: number) => {
    const row = Math.floor(start / basins.width);
    return (row - window.top + 1) * line + 1 - row * basins.width - window.left;
  };
  for (let k = first; k < last; k++) {
    const shift = shiftOf(starts[order[k]!]!);
    const end = ends[order[k]!]! + shift;
    for (let at = starts[order[k]!]! + shift; at < end; at++) if (ids[at]! > 0) queue.push(ranks[at]!, at);
  }
  const four = basins.connectivity === 4;
  for (let at = queue.pop(); at >= 0; at = queue.pop()) {
    const id = ids[at]!;
    const up = at - line;
    const down = at + line;
    if (ids[up] === 0) {
      ids[up] = id;
      queue.push(ranks[up]!, up);
    }
    if (ids[at - 1] === 0) {
      ids[at - 1] = id;
      queue.push(ranks[at - 1]!, at - 1);
    }
    if (ids[at + 1] === 0) {
      ids[at + 1] = id;
      queue.push(ranks[at + 1]!, at + 1);
    }
    if (ids[down] === 0) {
      ids[down] = id;
      queue.push(ranks[down]!, down);
    }
    if (four) continue;
    for (let k = 0; k < 4; k++) {
      const other = (k < 2 ? up : down) + (k & 1 ? 1 : -1);
      if (ids[other] !== 0) continue;
      ids[other] = id;
      queue.push(ranks[other]!, other);
    }
  }
  for (let k = first; k < last; k++) {
    const start = starts[order[k]!]!;
    const end = ends[order[k]!]!;
    const shift = shiftOf(start);
    for (let at = start; at < end; at++) result[at] = ids[at + shift]!;
  }
}

/** Lays out ids and ranks of a window; false where no marker lies in it. */
function fill(basins: Basins, window: Window, { ids, ranks, bits, table, sort }: FloodMemory): boolean {
  const { values, markers, width } = basins;
  const { starts, ends, order, first, last } = window;
  const line = window.width + 2;
  ids.fill(-1, 0, line * (window.height + 2));
  let count = 0;
  let marked = 0;
  for (let k = first; k < last; k++) {
    const start = starts[order[k]!]!;
    const end = ends[order[k]!]!;
    const row = Math.floor(start / width);
    let to = (row - window.top + 1) * line + 1 + start - row * width - window.left;
    for (let at = start; at < end; at++, to++) {
      const id = markers[at]!;
      ids[to] = id;
      marked |= id;
      if (bits === undefined) {
        ranks[to] = values[at]!;
      } else if (table !== undefined) {
        ranks[to] = table.ranks[slotOf(table.keys, keyOf(bits[at]!))]!;
      } else if (sort !== undefined) {
        sort.keys[count] = keyOf(bits[at]!);
        sort.places[count++] = to;
      }
    }
  }
  if (marked === 0) return false;
  if (sort !== undefined) ranksOfKeys(sort, count, ranks);
  return true;
}

function bitsOf(values: Float32Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}
