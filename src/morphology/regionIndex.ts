import type { RegionRuns } from './regionRuns.js';

/** The ids that occur in labels, ascending, and a way from an id to its place among them. */
export interface RegionIndex {
  readonly ids: Int32Array;
  /** The place of an id that occurs. */
  readonly placeOf: (id: number) => number;
}

/** Finds the ids of runs. */
export function regionIndex({ ids, count }: RegionRuns): RegionIndex {
  let largest = 0;
  for (let run = 0; run < count; run++) if (ids[run]! > largest) largest = ids[run]!;
  // A table as long as the largest id, unless that is absurd for the number of runs.
  return largest <= 16 * count + 65536 ? byTable(ids, count, largest) : bySorting(ids, count);
}

function byTable(idOfRun: Int32Array, count: number, largest: number): RegionIndex {
  const places = new Int32Array(largest + 1);
  for (let run = 0; run < count; run++) places[idOfRun[run]!] = 1;
  let total = 0;
  for (let id = 1; id <= largest; id++) total += places[id]!;
  const ids = new Int32Array(total);
  for (let id = 1, place = 0; id <= largest; id++) {
    if (places[id] === 0) continue;
    ids[place] = id;
    places[id] = place++;
  }
  return { ids, placeOf: (id) => places[id]! };
}

function bySorting(idOfRun: Int32Array, count: number): RegionIndex {
  const ids = Int32Array.from(new Set(idOfRun.subarray(0, count))).sort();
  const places = new Map<number, number>();
  ids.forEach((id, place) => {
    places.set(id, place);
  });
  return { ids, placeOf: (id) => places.get(id)! };
}
