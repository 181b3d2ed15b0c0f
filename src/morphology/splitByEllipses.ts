import { requireInteger, requireKnownOptions, requireNumber } from '../core/check.js';
import { log } from '../core/math.js';
import type { Labels, Mask } from '../core/types.js';
import { components } from './components.js';
import { euclideanDistances } from './euclideanDistances.js';
import { cropOf } from './regionCrop.js';
import { regionTable } from './regionTable.js';
import { objectIds, type SplitResult, splitResult } from './splitting.js';
import { flood } from './watershedFlood.js';

/** Options of {@link splitByEllipses}. */
export interface SplitByEllipsesOptions {
  /** Most parts of one object. @defaultValue 6 */
  readonly maxParts?: number;
  /** By how much another ellipse must better the fit, as a share of the object's area. @defaultValue 0.02 */
  readonly minGain?: number;
}

/**
 * Splits touching particles into ellipses: one, two, ... ellipses are fitted to the pixels of an object, and the smallest
 * number is kept that another ellipse does not better by `minGain`. The misfit is the area where ellipses and object
 * disagree. For elliptical particles that overlap far.
 *
 * The confidence of a cut is the share of the misfit of one ellipse that the split does away with.
 *
 * @param maskOrLabels - objects: connected pixels of one class, or of one id, which are split each for itself.
 * @throws RangeError where `maxParts` is below 1 or `minGain` not above 0.
 *
 * @example
 * ```ts
 * const rows = ['0111001110', '1111111111', '1111111111', '1111111111', '0111001110'];
 * const two = createMask(rows.join('').split('').map(Number), [5, 10]);
 * splitByEllipses(two).cuts.length; // 1
 * ```
 */
export function splitByEllipses(maskOrLabels: Mask | Labels, options: SplitByEllipsesOptions = {}): SplitResult {
  requireKnownOptions('splitByEllipses', options, ['maxParts', 'minGain']);
  const { maxParts = 6, minGain = 0.02 } = options;
  requireInteger('maxParts', maxParts, { min: 1, max: 50 });
  requireNumber('minGain', minGain, { above: 0, max: 1 });
  const { ids, height, width } = objectIds(maskOrLabels);
  const table = regionTable(ids, height, width, 0);
  const parts = new Int32Array(ids.length);
  const confidences: number[] = [0];
  for (let i = 0; i < table.count; i++) {
    const crop = cropOf(table, i);
    const { assigned, count, confidence } = fitted(crop.data, crop.height, crop.width, maxParts, minGain);
    const base = confidences.length - 1;
    for (let k = 0; k < count; k++) confidences.push(confidence);
    for (let at = 0; at < assigned.length; at++) {
      if (assigned[at] === 0) continue;
      const row = Math.floor(at / crop.width) + table.minRow[i]!;
      parts[row * width + (at % crop.width) + table.minColumn[i]!] = base + assigned[at]!;
    }
  }
  return splitResult(parts, ids, height, width, (a) => confidences[a]!);
}

interface Ellipse {
  row: number;
  column: number;
  /** The inverse of the covariance of its pixels, and the logarithm of the determinant of that. */
  rr: number;
  rc: number;
  cc: number;
  logDeterminant: number;
}

function fitted(
  crop: Uint8Array,
  height: number,
  width: number,
  maxParts: number,
  minGain: number,
): { assigned: Int32Array; count: number; confidence: number } {
  const pixels = Int32Array.from(Array.from(crop.keys()).filter((at) => crop[at] === 1));
  let best = attempt(crop, pixels, height, width, [pixels[pixels.length >> 1]!]);
  const single = best.misfit;
  const seeds = seedsOf(crop, height, width, maxParts);
  let count = 1;
  for (let k = 2; k <= seeds.length; k++) {
    const next = attempt(crop, pixels, height, width, seeds.slice(0, k));
    if (next.count < k || best.misfit - next.misfit < minGain) break;
    best = next;
    count = k;
  }
  return { assigned: best.assigned, count, confidence: single > 0 ? Math.min(1, 1 - best.misfit / single) : 0 };
}

/** Where ellipses may begin: places far from the outline, each beyond most of the disc that fits around those before. */
function seedsOf(crop: Uint8Array, height: number, width: number, most: number): number[] {
  const rim = new Uint8Array((height + 2) * (width + 2));
  for (let row = 0; row < height; row++) {
    rim.set(crop.subarray(row * width, (row + 1) * width), (row + 1) * (width + 2) + 1);
  }
  const distances = euclideanDistances(rim, height + 2, width + 2, 1, 1);
  const order = Array.from(crop.keys())
    .filter((at) => crop[at] === 1)
    .map((at) => ({ at, distance: distances[(Math.floor(at / width) + 1) * (width + 2) + (at % width) + 1]! }))
    .sort((a, b) => b.distance - a.distance || a.at - b.at);
  const seeds: typeof order = [];
  for (const one of order) {
    if (seeds.length === most || one.distance < 0.25 * order[0]!.distance) break;
    const apart = seeds.every(({ at, distance }) => {
      const rows = Math.floor(at / width) - Math.floor(one.at / width);
      const columns = (at % width) - (one.at % width);
      return Math.sqrt(rows * rows + columns * columns) > Math.max(distance, one.distance);
    });
    if (apart) seeds.push(one);
  }
  return seeds.map(({ at }) => at);
}

/** Pixels go to the ellipse that explains them best, ellipses follow their pixels, until nothing changes. */
function attempt(
  crop: Uint8Array,
  pixels: Int32Array,
  height: number,
  width: number,
  seeds: readonly number[],
): { assigned: Int32Array; count: number; misfit: number } {
  let ellipses: Ellipse[] = seeds.map((at) => ({
    row: Math.floor(at / width),
    column: at % width,
    rr: 1,
    rc: 0,
    cc: 1,
    logDeterminant: 0,
  }));
  const assigned = new Int32Array(crop.length);
  for (let iteration = 0; iteration < 30; iteration++) {
    let changed = 0;
    for (const at of pixels) {
      const row = Math.floor(at / width);
      const column = at % width;
      let nearest = 0;
      let least = Number.POSITIVE_INFINITY;
      ellipses.forEach((ellipse, k) => {
        const distance = distanceTo(ellipse, row, column) - ellipse.logDeterminant;
        if (distance < least) {
          least = distance;
          nearest = k + 1;
        }
      });
      if (assigned[at] !== nearest) changed++;
      assigned[at] = nearest;
    }
    if (changed === 0) break;
    ellipses = seeds.map((_, k) => ellipseOf(assigned, pixels, width, k + 1)).filter((one) => one !== undefined);
    if (ellipses.length < seeds.length) return { assigned, count: ellipses.length, misfit: Number.POSITIVE_INFINITY };
  }
  let wrong = 0;
  // Ellipses may reach beyond the box of the object.
  for (let row = -2; row < height + 2; row++) {
    for (let column = -2; column < width + 2; column++) {
      const inside = row >= 0 && row < height && column >= 0 && column < width && crop[row * width + column] === 1;
      // A full ellipse has the covariance of its pixels where its outline lies at distance 2.
      const covered = ellipses.some((ellipse) => distanceTo(ellipse, row, column) <= 4);
      if (inside !== covered) wrong++;
    }
  }
  return {
    assigned: inPieces(assigned, crop, height, width, seeds.length),
    count: seeds.length,
    misfit: wrong / pixels.length,
  };
}

function distanceTo({ row: r, column: c, rr, rc, cc }: Ellipse, row: number, column: number): number {
  const y = row - r;
  const x = column - c;
  return rr * y * y + 2 * rc * y * x + cc * x * x;
}

function ellipseOf(assigned: Int32Array, pixels: Int32Array, width: number, part: number): Ellipse | undefined {
  let count = 0;
  let row = 0;
  let column = 0;
  for (const at of pixels) {
    if (assigned[at] !== part) continue;
    count++;
    row += Math.floor(at / width);
    column += at % width;
  }
  if (count < 5) return undefined;
  row /= count;
  column /= count;
  // A pixel is a square with a variance of 1 / 12 of its own.
  let rr = 1 / 12;
  let rc = 0;
  let cc = 1 / 12;
  for (const at of pixels) {
    if (assigned[at] !== part) continue;
    const y = Math.floor(at / width) - row;
    const x = (at % width) - column;
    rr += (y * y) / count;
    rc += (y * x) / count;
    cc += (x * x) / count;
  }
  const determinant = rr * cc - rc * rc;
  return {
    row,
    column,
    rr: cc / determinant,
    rc: -rc / determinant,
    cc: rr / determinant,
    logDeterminant: -log(determinant),
  };
}

/** Parts in one piece each: what is torn off goes to the part that it touches. */
function inPieces(assigned: Int32Array, crop: Uint8Array, height: number, width: number, count: number): Int32Array {
  const { ids, count: pieces } = components(assigned, height, width, 8);
  const sizes = new Int32Array(pieces + 1);
  for (const id of ids) sizes[id]!++;
  const largest = new Int32Array(count + 1);
  for (let at = 0; at < ids.length; at++) {
    const part = assigned[at]!;
    if (part > 0 && sizes[ids[at]!]! > (largest[part] === 0 ? 0 : sizes[largest[part]!]!)) largest[part] = ids[at]!;
  }
  const markers = assigned.map((part, at) => (part > 0 && largest[part] === ids[at] ? part : 0));
  return flood({ values: new Uint8Array(crop.length), height, width, markers, mask: crop, connectivity: 8 });
}
