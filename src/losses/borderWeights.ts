import type { NdArray } from 'ndarray';
import { contiguous, createProbabilityMap } from '../core/arrays.js';
import { requireKnownOptions, requireLabels, requireNumber } from '../core/check.js';
import type { Labels } from '../core/types.js';
import { euclideanDistances } from '../morphology/euclideanDistances.js';

/** Options of {@link borderWeights}. */
export interface BorderWeightsOptions {
  /** Weight, besides 1, where two objects touch; 0 or more. @defaultValue 10 */
  readonly w0?: number;
  /** How fast it falls with the distances to both, in pixels. @defaultValue 5 */
  readonly sigma?: number;
  /** Weigh pixels of objects as well; else only those of the background, as the U-Net's figure has it. @defaultValue false */
  readonly inside?: boolean;
}

/**
 * Returns U-Net's weight map (Ronneberger et al. 2015): 1 + w0 exp(-(d1 + d2)^2 / (2 sigma^2)), where d1 and d2 are the
 * distances to the nearest and the second nearest object, in pixels: narrow gaps between objects weigh most. The paper's
 * balance of classes, w_c, is `classWeights` of the loss. Pixels with fewer than two objects around them weigh 1.
 *
 * @param labels - an id of every object, `[height, width]`, 0 = background; see `label` of `segkit/morphology`.
 * @returns `[height, width]`, 1 or more; terms below 1e-8 are left out.
 * @throws TypeError or RangeError for anything but labels, and bad options.
 *
 * @example
 * ```ts
 * const weights = borderWeights(createLabels([1, 0, 2], [1, 3]));
 * weights.data; // [1, 10.231163, 1]
 * ```
 */
export function borderWeights(labels: Labels, options: BorderWeightsOptions = {}): NdArray<Float32Array> {
  requireLabels('labels', labels);
  requireKnownOptions('borderWeights', options, ['w0', 'sigma', 'inside']);
  const { w0 = 10, sigma = 5, inside = false } = options;
  requireNumber('w0', w0, { min: 0 });
  requireNumber('sigma', sigma, { above: 0 });
  if (typeof inside !== 'boolean') throw new TypeError(`inside must be true or false, got ${String(inside)}.`);
  const [height, width] = labels.shape as [number, number];
  const { data } = contiguous(labels);
  const weights = new Float32Array(data.length).fill(1);
  // Beyond this sum of distances the term is below 1e-8.
  const reach = w0 === 0 ? 0 : sigma * Math.sqrt(2 * Math.max(0, Math.log(w0 * 1e8)));
  const nearest = new Float32Array(data.length).fill(Number.POSITIVE_INFINITY);
  const second = new Float32Array(data.length).fill(Number.POSITIVE_INFINITY);
  for (const box of boxesOf(data, height, width)) noteDistances(box, data, height, width, reach, nearest, second);
  for (let i = 0; i < data.length; i++) {
    if (second[i] === Number.POSITIVE_INFINITY || (data[i] !== 0 && !inside)) continue;
    const sum = nearest[i]! + second[i]!;
    if (sum <= reach) weights[i] = 1 + w0 * Math.exp(-(sum * sum) / (2 * sigma * sigma));
  }
  return createProbabilityMap(weights, [height, width]);
}

interface ObjectBox {
  readonly id: number;
  top: number;
  bottom: number;
  left: number;
  right: number;
}

function boxesOf(data: Int32Array, height: number, width: number): Iterable<ObjectBox> {
  const boxes = new Map<number, ObjectBox>();
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const id = data[i]!;
      if (id === 0) continue;
      const box = boxes.get(id);
      if (box === undefined) boxes.set(id, { id, top: y, bottom: y, left: x, right: x });
      else {
        box.bottom = y;
        if (x < box.left) box.left = x;
        if (x > box.right) box.right = x;
      }
    }
  }
  return boxes.values();
}

/** Keeps the two smallest distances of every pixel within reach of an object. */
function noteDistances(
  { id, ...box }: ObjectBox,
  data: Int32Array,
  height: number,
  width: number,
  reach: number,
  nearest: Float32Array,
  second: Float32Array,
): void {
  const margin = Math.ceil(reach);
  const [top, left] = [Math.max(0, box.top - margin), Math.max(0, box.left - margin)];
  const [rows, columns] = [
    Math.min(height, box.bottom + margin + 1) - top,
    Math.min(width, box.right + margin + 1) - left,
  ];
  const others = new Uint8Array(rows * columns);
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0, from = (top + y) * width + left; x < columns; x++, i++, from++)
      others[i] = data[from] === id ? 0 : 1;
  }
  const distances = euclideanDistances(others, rows, columns, 1, 1);
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0, to = (top + y) * width + left; x < columns; x++, i++, to++) {
      const distance = distances[i]!;
      if (distance < nearest[to]!) {
        second[to] = nearest[to]!;
        nearest[to] = distance;
      } else if (distance < second[to]!) second[to] = distance;
    }
  }
}
