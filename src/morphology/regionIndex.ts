/** The ids that occur in labels, ascending, and a way from an id to its place among them. */
export interface RegionIndex {
  readonly ids: Int32Array;
  /** The place of an id that occurs. */
  readonly placeOf: (id: number) => number;
}

/**
 * Finds the ids above 0 that occur in row-major labels.
 *
 * @throws RangeError for a negative id, with its position.
 */
export function regionIndex(data: Int32Array, width: number): RegionIndex {
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const id = data[i]!;
    if (id > largest) largest = id;
    else if (id < 0) {
      throw new RangeError(
        `labels must hold ids of 0 or more, got ${id} at [row, column] [${Math.floor(i / width)}, ${i % width}].`,
      );
    }
  }
  // A table as long as the largest id, unless that is absurd for the number of pixels.
  return largest <= 4 * data.length + 65536 ? byTable(data, largest) : bySorting(data);
}

function byTable(data: Int32Array, largest: number): RegionIndex {
  const places = new Int32Array(largest + 1);
  let previous = 0;
  for (let i = 0; i < data.length; i++) {
    const id = data[i]!;
    if (id !== previous) {
      places[id] = 1;
      previous = id;
    }
  }
  let count = 0;
  for (let id = 1; id <= largest; id++) if (places[id] === 1) count++;
  const ids = new Int32Array(count);
  for (let id = 1, place = 0; id <= largest; id++) {
    if (places[id] === 0) continue;
    ids[place] = id;
    places[id] = place++;
  }
  return { ids, placeOf: (id) => places[id]! };
}

function bySorting(data: Int32Array): RegionIndex {
  const found = new Set<number>();
  let previous = 0;
  for (let i = 0; i < data.length; i++) {
    const id = data[i]!;
    if (id !== previous && id !== 0) found.add(id);
    previous = id;
  }
  const ids = Int32Array.from(found).sort();
  const places = new Map<number, number>();
  ids.forEach((id, place) => {
    places.set(id, place);
  });
  return { ids, placeOf: (id) => places.get(id)! };
}
