import { requireInteger, requireKnownOptions } from '../core/check.js';
import { type ClassIds, type Flat, flat, placeOf, requireAlike } from './classIds.js';

/** How often each true class was predicted as each class; adds up over images and workers. */
export interface ConfusionMatrix {
  /** Number of classes. */
  readonly classes: number;
  /** `classes * classes` pixel counts; that of true class `t` predicted as `p` is at `t * classes + p`. */
  readonly counts: Float64Array;
}

/** Options of {@link confusionMatrix}. */
export interface ConfusionMatrixOptions {
  /** Number of classes, 1 to 4096; class ids are 0 to `classes - 1`. */
  readonly classes: number;
  /** Pixels with this id in `target` are left out. It lies outside the class ids, for example 255 or -1. */
  readonly ignoreIndex?: number;
  /** What every pixel counts, 0 or more, of the size of `target`. @defaultValue 1 everywhere */
  readonly weights?: ClassIds;
}

/**
 * Returns how often each class of `target` was predicted as each class, as counts of pixels: the ground of all overlap
 * metrics. Rows are true classes, columns predicted ones, as in scikit-learn.
 *
 * @param target - true class per pixel: a mask, an ndarray of any shape, or numbers such as the data of a tensor.
 * @param predicted - predicted class per pixel, of the same size. Where `target` is ignored, any value is allowed.
 * @throws RangeError where the sizes differ, there is no pixel, a class id is out of range (with its position),
 * `ignoreIndex` is a class id, or weights are negative or all 0.
 *
 * @example
 * ```ts
 * const target = createMask([0, 0, 1, 1], [2, 2]);
 * const predicted = createMask([0, 1, 1, 1], [2, 2]);
 * confusionMatrix(target, predicted, { classes: 2 }).counts; // [1, 1, 0, 2]
 * ```
 */
export function confusionMatrix(
  target: ClassIds,
  predicted: ClassIds,
  options: ConfusionMatrixOptions,
): ConfusionMatrix {
  const truth = flat('target', target);
  const guess = flat('predicted', predicted);
  requireAlike('predicted', guess, 'target', truth);
  requireKnownOptions('confusionMatrix', options, ['classes', 'ignoreIndex', 'weights']);
  const { classes, ignoreIndex, weights } = options;
  requireInteger('classes', classes, { min: 1, max: 4096 });
  if (ignoreIndex !== undefined && !(ignoreIndex < 0)) requireInteger('ignoreIndex', ignoreIndex, { min: classes });
  else if (ignoreIndex !== undefined) requireInteger('ignoreIndex', ignoreIndex);
  const counts = new Float64Array(classes * classes);
  if (weights === undefined && truth.data instanceof Uint8Array && guess.data instanceof Uint8Array) {
    const pairs = countPairs(truth.data, guess.data);
    for (let t = 0; t < 256; t++) {
      if (t === ignoreIndex) continue;
      for (let p = 0; p < 256; p++) {
        const count = pairs[(t << 8) | p]!;
        if (count === 0) continue;
        if (t >= classes || p >= classes) throw outOfRange(truth, guess, classes, ignoreIndex);
        counts[t * classes + p] = count;
      }
    }
    return { classes, counts };
  }
  const shares = weights === undefined ? undefined : pixelWeights(weights, truth);
  for (let i = 0; i < truth.data.length; i++) {
    const t = truth.data[i]!;
    if (t === ignoreIndex) continue;
    const p = guess.data[i]!;
    if (!(t >= 0 && t < classes && p >= 0 && p < classes && Number.isInteger(t) && Number.isInteger(p))) {
      throw outOfRange(truth, guess, classes, ignoreIndex);
    }
    counts[t * classes + p]! += shares === undefined ? 1 : shares[i]!;
  }
  return { classes, counts };
}

function pixelWeights(weights: ClassIds, truth: Flat): ArrayLike<number> {
  const shares = flat('weights', weights, 'weights');
  requireAlike('weights', shares, 'target', truth);
  const { data, shape } = shares;
  const wrong = data.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY));
  if (wrong >= 0) {
    throw new RangeError(
      `weights must be finite numbers of 0 or more, got ${data[wrong]} at ${placeOf(wrong, shape)}.`,
    );
  }
  if (!data.some((weight) => weight > 0)) throw new RangeError('weights must hold one above 0, got none.');
  return data;
}

/**
 * Counts of every pair of bytes at `target << 8 | predicted`. Four pixels are read at once and counted in four tables:
 * neighbours are mostly alike, and an addition would wait for the last one to the same place.
 */
function countPairs(truth: Uint8Array, guess: Uint8Array): Uint32Array {
  const first = new Uint32Array(65536);
  const second = new Uint32Array(65536);
  const third = new Uint32Array(65536);
  const fourth = new Uint32Array(65536);
  const truthWords = words(truth);
  const guessWords = words(guess);
  for (let i = 0; i < truthWords.length; i++) {
    const t = truthWords[i]!;
    const g = guessWords[i]!;
    first[((t << 8) & 0xff00) | (g & 0xff)]!++;
    second[(t & 0xff00) | ((g >> 8) & 0xff)]!++;
    third[((t >> 8) & 0xff00) | ((g >> 16) & 0xff)]!++;
    fourth[((t >> 16) & 0xff00) | (g >>> 24)]!++;
  }
  for (let i = truthWords.length << 2; i < truth.length; i++) first[(truth[i]! << 8) | guess[i]!]!++;
  for (let i = 0; i < first.length; i++) first[i]! += second[i]! + third[i]! + fourth[i]!;
  return first;
}

/** The bytes in groups of four, without the last few; a copy where they are not aligned. */
function words(bytes: Uint8Array): Int32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
}

function outOfRange(truth: Flat, guess: Flat, classes: number, ignoreIndex: number | undefined): RangeError {
  const within = (id: number): boolean => id >= 0 && id < classes && Number.isInteger(id);
  const at = truth.data.findIndex((t, i) => t !== ignoreIndex && !(within(t) && within(guess.data[i]!)));
  const [name, { data, shape }] = within(truth.data[at]!)
    ? (['predicted', guess] as const)
    : (['target', truth] as const);
  return new RangeError(`${name} must hold class ids in 0..${classes - 1}, got ${data[at]} at ${placeOf(at, shape)}.`);
}
