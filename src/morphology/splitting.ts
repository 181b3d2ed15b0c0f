import { createLabels } from '../core/arrays.js';
import type { Labels, Mask } from '../core/types.js';
import { objectsOf, requireMaskOrLabels } from './objects.js';

/** A cut between two parts of what was one object. */
export interface Cut {
  /** The object in the mask (numbered as `label` does) or labels given. */
  readonly object: number;
  /** The ids of the two parts in the result. */
  readonly between: readonly [number, number];
  /** 0 a guess, 1 certain; see the function for its measure. */
  readonly confidence: number;
}

/** What the splitting functions return. */
export interface SplitResult {
  /** The parts, numbered from 1 in raster order of their first pixels; what was not cut is one part. */
  readonly labels: Labels;
  /** The cuts that made them. */
  readonly cuts: readonly Cut[];
}

/** Objects of a mask or of labels as ids from 1, in raster order of a mask's objects or ascending order of ids. */
export function objectIds(maskOrLabels: Mask | Labels): {
  ids: Int32Array;
  count: number;
  height: number;
  width: number;
} {
  requireMaskOrLabels(maskOrLabels);
  const { places, count, height, width } = objectsOf(maskOrLabels, undefined);
  return { ids: places, count, height, width };
}

/**
 * Numbers parts in raster order and finds which of them meet.
 *
 * @param parts - ids of parts, any above 0; 0 is background.
 * @param confidenceOf - the confidence of a cut between two parts of an object, by their ids in `parts`.
 */
export function splitResult(
  parts: Int32Array,
  objects: Int32Array,
  height: number,
  width: number,
  confidenceOf: (a: number, b: number) => number,
): SplitResult {
  const numbers = new Map<number, number>();
  const labels = createLabels(undefined, [height, width]);
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (part === 0) continue;
    let number = numbers.get(part);
    if (number === undefined) {
      number = numbers.size + 1;
      numbers.set(part, number);
    }
    labels.data[i] = number;
  }
  const cuts = new Map<string, Cut>();
  const meet = (i: number, j: number) => {
    const a = parts[i]!;
    const b = parts[j]!;
    if (a === 0 || b === 0 || a === b || objects[i] !== objects[j]) return;
    const between = [numbers.get(a)!, numbers.get(b)!].sort((p, q) => p - q) as [number, number];
    const key = between.join(' ');
    if (!cuts.has(key)) cuts.set(key, { object: objects[i]!, between, confidence: confidenceOf(a, b) });
  };
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i++) {
      if (column + 1 < width) meet(i, i + 1);
      if (row + 1 < height) {
        meet(i, i + width);
        if (column + 1 < width) meet(i, i + width + 1);
        if (column > 0) meet(i, i + width - 1);
      }
    }
  }
  return {
    labels,
    cuts: [...cuts.values()].sort((p, q) => p.between[0] - q.between[0] || p.between[1] - q.between[1]),
  };
}
