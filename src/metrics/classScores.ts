import { requireInteger } from '../core/check.js';
import { type ClassIds, flat, placeOf, type Scores } from './classIds.js';

/** Options of metrics of the scores of several classes. */
export interface ClassScoreOptions {
  /** Number of classes, on the last axis of the scores. */
  readonly classes: number;
  /** Pixels with this id in `target` are left out; outside the class ids. */
  readonly ignoreIndex?: number;
}

/** Checks class ids with the scores of all classes, and calls `each` with the place of the first score of every pixel. */
export function forEachClassScore(
  target: ClassIds,
  scores: Scores,
  { classes, ignoreIndex }: ClassScoreOptions,
  each: (scores: ArrayLike<number>, from: number, id: number) => void,
): void {
  requireInteger('classes', classes, { min: 1 });
  if (ignoreIndex !== undefined && ignoreIndex >= 0 && ignoreIndex < classes) {
    throw new RangeError(`ignoreIndex must lie outside the class ids 0..${classes - 1}, got ${ignoreIndex}.`);
  }
  const truth = flat('target', target);
  const values = flat('scores', scores, 'scores');
  if (values.data.length !== truth.data.length * classes) {
    throw new RangeError(
      `scores must hold ${classes} numbers a pixel of target, ${truth.data.length * classes}, got ${values.data.length}.`,
    );
  }
  for (let i = 0; i < truth.data.length; i++) {
    const id = truth.data[i]!;
    if (id === ignoreIndex) continue;
    if (!(id >= 0 && id < classes && Number.isInteger(id))) {
      throw new RangeError(`target must hold class ids in 0..${classes - 1}, got ${id} at ${placeOf(i, truth.shape)}.`);
    }
    for (let k = 0; k < classes; k++) {
      if (Number.isNaN(values.data[i * classes + k]!)) {
        throw new RangeError(`scores must be numbers, got NaN at ${placeOf(i * classes + k, values.shape)}.`);
      }
    }
    each(values.data, i * classes, id);
  }
}
