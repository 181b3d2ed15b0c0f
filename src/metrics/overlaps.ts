import { contiguous } from '../core/arrays.js';
import { requireLabels, requireSameSize } from '../core/check.js';
import type { Labels } from '../core/types.js';

/** One pair of objects that share pixels; `target` and `predicted` are positions in the lists of ids. */
export interface OverlapPair {
  readonly target: number;
  readonly predicted: number;
  /** Pixels that both have. */
  readonly pixels: number;
  /** Those over the pixels that either has. */
  readonly iou: number;
}

/** The objects of two label images and how they overlap, as a sparse table. */
export interface Overlaps {
  readonly targetIds: Int32Array;
  readonly predictedIds: Int32Array;
  readonly targetAreas: Float64Array;
  readonly predictedAreas: Float64Array;
  /** Pairs that share a pixel, by target, then by prediction. */
  readonly pairs: readonly OverlapPair[];
  /** Pixels of the images. */
  readonly pixels: number;
}

/** Areas by id, without 0, ids rising; throws for negative ids. */
function areasOf(name: string, data: Int32Array): Map<number, number> {
  const areas = new Map<number, number>();
  let [id, run] = [0, 0];
  const note = (): void => {
    if (id < 0) throw new RangeError(`${name} must hold ids of 0 or more, got ${id}.`);
    if (id !== 0 && run > 0) areas.set(id, (areas.get(id) ?? 0) + run);
  };
  for (let i = 0; i < data.length; i++) {
    if (data[i] === id) run++;
    else {
      note();
      id = data[i]!;
      run = 1;
    }
  }
  note();
  return new Map([...areas].sort(([a], [b]) => a - b));
}

/** Counts what every two objects of two label images share; runs of equal pairs make it one look-up a run. */
export function overlapsOf(target: Labels, predicted: Labels): Overlaps {
  requireLabels('target', target);
  requireLabels('predicted', predicted);
  requireSameSize('predicted', predicted, 'target', target);
  const truth = contiguous(target).data;
  const guess = contiguous(predicted).data;
  const targetAreas = areasOf('target', truth);
  const predictedAreas = areasOf('predicted', guess);
  const indexOf = (areas: Map<number, number>): Map<number, number> =>
    new Map([...areas.keys()].map((id, i) => [id, i]));
  const [rows, columns] = [indexOf(targetAreas), indexOf(predictedAreas)];
  const shared = new Map<number, number>();
  for (let i = 0; i < truth.length; ) {
    const [t, p] = [truth[i]!, guess[i]!];
    const start = i++;
    while (i < truth.length && truth[i] === t && guess[i] === p) i++;
    if (t === 0 || p === 0) continue;
    const key = rows.get(t)! * columns.size + columns.get(p)!;
    shared.set(key, (shared.get(key) ?? 0) + i - start);
  }
  const areas = {
    target: Float64Array.from(targetAreas.values()),
    predicted: Float64Array.from(predictedAreas.values()),
  };
  const pairs = [...shared]
    .sort(([a], [b]) => a - b)
    .map(([key, pixels]) => {
      const [row, column] = [Math.floor(key / columns.size), key % columns.size];
      const iou = pixels / (areas.target[row]! + areas.predicted[column]! - pixels);
      return { target: row, predicted: column, pixels, iou };
    });
  return {
    targetIds: Int32Array.from(targetAreas.keys()),
    predictedIds: Int32Array.from(predictedAreas.keys()),
    targetAreas: areas.target,
    predictedAreas: areas.predicted,
    pairs,
    pixels: truth.length,
  };
}
