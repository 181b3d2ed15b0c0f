import { contiguous } from '../core/arrays.js';
import { requireInteger, requireKnownOptions, requireMask, requireSameSize } from '../core/check.js';
import type { Mask } from '../core/types.js';

/** How often each true class was predicted as each class; adds up over images and workers. */
export interface ConfusionMatrix {
  /** Number of classes. */
  readonly classes: number;
  /** `classes * classes` pixel counts; that of true class `t` predicted as `p` is at `t * classes + p`. */
  readonly counts: Float64Array;
}

/** Options of {@link confusionMatrix}. */
export interface ConfusionMatrixOptions {
  /** Number of classes, 1 to 256; class ids are 0 to `classes - 1`. */
  readonly classes: number;
  /** Pixels with this id in `target` are left out. It lies outside the class ids, for example 255. */
  readonly ignoreIndex?: number;
}

/**
 * Returns how often each class of `target` was predicted as each class, as counts of pixels: the ground of all overlap
 * metrics. Rows are true classes, columns predicted ones, as in scikit-learn.
 *
 * @param target - true class per pixel, `[height, width]`.
 * @param predicted - predicted class per pixel, of the same size. Where `target` is ignored, any value is allowed.
 * @throws RangeError where the sizes differ, a class id is out of range (with its position), or `ignoreIndex` is a
 * class id.
 *
 * @example
 * ```ts
 * const target = createMask([0, 0, 1, 1], [2, 2]);
 * const predicted = createMask([0, 1, 1, 1], [2, 2]);
 * confusionMatrix(target, predicted, { classes: 2 }).counts; // [1, 1, 0, 2]
 * ```
 */
export function confusionMatrix(target: Mask, predicted: Mask, options: ConfusionMatrixOptions): ConfusionMatrix {
  requireMask('target', target);
  requireMask('predicted', predicted);
  requireSameSize('predicted', predicted, 'target', target);
  requireKnownOptions('confusionMatrix', options, ['classes', 'ignoreIndex']);
  const { classes, ignoreIndex } = options;
  requireInteger('classes', classes, { min: 1, max: 256 });
  if (ignoreIndex !== undefined) requireInteger('ignoreIndex', ignoreIndex, { min: classes, max: 255 });

  const truth = contiguous(target).data;
  const guess = contiguous(predicted).data;
  const pairs = countPairs(truth, guess);
  const counts = new Float64Array(classes * classes);
  for (let t = 0; t < 256; t++) {
    if (t === ignoreIndex) continue;
    for (let p = 0; p < 256; p++) {
      const count = pairs[(t << 8) | p]!;
      if (count === 0) continue;
      if (t >= classes || p >= classes) throw outOfRange(truth, guess, target.shape[1]!, classes, ignoreIndex);
      counts[t * classes + p] = count;
    }
  }
  return { classes, counts };
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

function outOfRange(
  truth: Uint8Array,
  guess: Uint8Array,
  width: number,
  classes: number,
  ignoreIndex: number | undefined,
): RangeError {
  const at = truth.findIndex((t, i) => t !== ignoreIndex && (t >= classes || guess[i]! >= classes));
  const [name, value] = truth[at]! >= classes ? ['target', truth[at]] : ['predicted', guess[at]];
  const position = `[${Math.floor(at / width)}, ${at % width}]`;
  return new RangeError(`${name} must hold class ids in 0..${classes - 1}, got ${value} at [row, column] ${position}.`);
}
