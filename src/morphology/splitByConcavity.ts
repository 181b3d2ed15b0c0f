import { createMask } from '../core/arrays.js';
import { requireKnownOptions, requireNumber } from '../core/check.js';
import type { Labels, Mask } from '../core/types.js';
import { components } from './components.js';
import { findContours } from './findContours.js';
import { cropOf } from './regionCrop.js';
import { regionTable } from './regionTable.js';
import { objectIds, type SplitResult, splitResult } from './splitting.js';
import { flood } from './watershedFlood.js';

/** Options of {@link splitByConcavity}. */
export interface SplitByConcavityOptions {
  /** How sharply an outline must turn inwards to begin a cut, in degrees. @defaultValue 30 */
  readonly minAngle?: number;
  /** A cut is at most this long, as a share of the shorter way along the outline between its ends. @defaultValue 0.8 */
  readonly maxLength?: number;
  /** Parts of fewer pixels are not cut off. @defaultValue 10 */
  readonly minArea?: number;
}

/**
 * Splits touching particles along straight lines between points where their outline turns inwards: the shortest such line
 * first, then each part in turn. Also for long particles, which have no single middle to flood from.
 *
 * The confidence of a cut is 1 - its length / the smaller of the two parts' equivalent diameters.
 *
 * @param maskOrLabels - objects: connected pixels of one class, or of one id, which are split each for itself.
 * @throws RangeError for an angle or length out of range.
 *
 * @example
 * ```ts
 * const sides = ['00111110000111110', '01111111001111111'];
 * const rows = [...sides, ...Array(3).fill('1'.repeat(17)), ...sides.reverse()];
 * const two = createMask(Array.from(rows.join(''), Number), [7, 17]);
 * splitByConcavity(two).cuts.length; // 1
 * ```
 */
export function splitByConcavity(maskOrLabels: Mask | Labels, options: SplitByConcavityOptions = {}): SplitResult {
  requireKnownOptions('splitByConcavity', options, ['minAngle', 'maxLength', 'minArea']);
  const { minAngle = 30, maxLength = 0.8, minArea = 10 } = options;
  requireNumber('minAngle', minAngle, { above: 0, below: 180 });
  requireNumber('maxLength', maxLength, { above: 0, max: 1 });
  requireNumber('minArea', minArea, { min: 1 });
  const { ids, height, width } = objectIds(maskOrLabels);
  const table = regionTable(ids, height, width, 0);
  const parts = new Int32Array(ids.length);
  const confidences = new Map<string, number>();
  let count = 0;
  for (let i = 0; i < table.count; i++) {
    const crop = cropOf(table, i);
    const rim = padded(crop.data, crop.height, crop.width);
    const waiting = [rim];
    const done: Uint8Array[] = [];
    const cuts: Array<{ readonly halves: readonly [Uint8Array, Uint8Array]; readonly confidence: number }> = [];
    while (waiting.length > 0) {
      const data = waiting.pop()!;
      const cut = bestCut(data, crop.height + 2, crop.width + 2, minAngle, maxLength, minArea);
      if (cut === undefined) {
        done.push(data);
        continue;
      }
      cuts.push(cut);
      waiting.push(...cut.halves);
    }
    const first = count + 1;
    for (const data of done) {
      count++;
      data.forEach((value, at) => {
        if (value === 0) return;
        const row = Math.floor(at / (crop.width + 2)) - 1 + table.minRow[i]!;
        const column = (at % (crop.width + 2)) - 1 + table.minColumn[i]!;
        parts[row * width + column] = count;
      });
    }
    // Two parts are apart by the first cut that put them on different sides.
    done.forEach((a, p) => {
      done.forEach((b, q) => {
        if (q <= p) return;
        const inA = a.indexOf(1);
        const inB = b.indexOf(1);
        const cut = cuts.find(({ halves: [x, y] }) => (x[inA] === 1 && y[inB] === 1) || (y[inA] === 1 && x[inB] === 1));
        confidences.set(`${first + p} ${first + q}`, cut?.confidence ?? 0);
      });
    });
  }
  return splitResult(parts, ids, height, width, (a, b) => confidences.get(a < b ? `${a} ${b}` : `${b} ${a}`) ?? 0);
}

function padded(crop: Uint8Array, height: number, width: number): Uint8Array {
  const result = new Uint8Array((height + 2) * (width + 2));
  for (let row = 0; row < height; row++) {
    result.set(crop.subarray(row * width, (row + 1) * width), (row + 1) * (width + 2) + 1);
  }
  return result;
}

type Point = readonly [row: number, column: number];

/** The cut of smallest length for the way that it saves along the outline; undefined where none is good enough. */
function bestCut(
  data: Uint8Array,
  height: number,
  width: number,
  minAngle: number,
  maxLength: number,
  minArea: number,
): { halves: [Uint8Array, Uint8Array]; confidence: number } | undefined {
  const outline = outerOutline(data, height, width);
  const count = outline.length;
  if (count < 12) return undefined;
  const step = Math.max(4, Math.min(6, Math.round(count / 20)));
  const turns = outline.map((_, i) => turnAt(outline, i, step));
  const limit = (-minAngle * Math.PI) / 180;
  const hollows: number[] = [];
  for (let i = 0; i < count; i++) {
    if (turns[i]! > limit) continue;
    let sharpest = true;
    for (let k = 1; k <= Math.ceil(step / 2) && sharpest; k++) {
      sharpest = turns[i]! < turns[(i + k) % count]! && turns[i]! <= turns[(i - k + count) % count]!;
    }
    if (sharpest) hollows.push(i);
  }
  const candidates: Array<{ readonly from: number; readonly to: number; readonly share: number }> = [];
  const consider = (from: number, to: number, allowed: number) => {
    const arc = Math.min(Math.abs(from - to), count - Math.abs(from - to));
    const length = Math.hypot(outline[from]![0] - outline[to]![0], outline[from]![1] - outline[to]![1]);
    // Points of an outline are about 0.8 pixels apart.
    const share = length / (0.8 * arc);
    if (arc >= 2 * step && share <= allowed && inwards(outline, from, to, step)) candidates.push({ from, to, share });
  };
  hollows.forEach((from, n) => {
    for (const to of hollows.slice(n + 1)) if (inwards(outline, to, from, step)) consider(from, to, maxLength);
    // From one sharp hollow to the other side, where it must be much shorter.
    if (turns[from]! <= 2 * limit) for (let to = 0; to < count; to += 2) consider(from, to, 0.5 * maxLength);
  });
  candidates.sort((a, b) => a.share - b.share);
  for (const { from, to } of candidates.slice(0, 20)) {
    const halves = divided(data, height, width, outline[from]!, outline[to]!);
    if (halves === undefined) continue;
    const areas = halves.map((half) => half.reduce((sum, value) => sum + value, 0));
    if (Math.min(...areas) < minArea) continue;
    const length = Math.hypot(outline[from]![0] - outline[to]![0], outline[from]![1] - outline[to]![1]);
    const diameter = Math.sqrt((4 * Math.min(...areas)) / Math.PI);
    return { halves, confidence: Math.min(1, Math.max(0, 1 - length / diameter)) };
  }
  return undefined;
}

/** The longest outline, smoothed. */
function outerOutline(data: Uint8Array, height: number, width: number): Point[] {
  const contours = findContours(createMask(data, [height, width]), { level: 0.5, fullyConnected: 'high' });
  const longest = contours.reduce<readonly Point[]>(
    (best, { points }) => (points.length > best.length ? points : best),
    [],
  );
  const open = longest.slice(0, -1);
  const count = open.length;
  const weights = [0.4, 0.24, 0.06];
  return open.map((_, i) => {
    let row = 0;
    let column = 0;
    for (let k = -2; k <= 2; k++) {
      const weight = weights[Math.abs(k)]!;
      const [y, x] = open[(i + k + count) % count]!;
      row += weight * y;
      column += weight * x;
    }
    return [row, column] as const;
  });
}

/** The angle by which an outline turns at a point, negative where it turns inwards. */
function turnAt(outline: readonly Point[], i: number, step: number): number {
  const count = outline.length;
  const [y0, x0] = outline[(i - step + count) % count]!;
  const [y1, x1] = outline[i]!;
  const [y2, x2] = outline[(i + step) % count]!;
  const cross = (x1 - x0) * (y2 - y1) - (y1 - y0) * (x2 - x1);
  const dot = (x1 - x0) * (x2 - x1) + (y1 - y0) * (y2 - y1);
  // Columns count to the right and rows downwards: with the object on the right-hand side of the way, right turns are outward.
  return Math.atan2(cross, dot);
}

/** Whether a cut leaves a hollow about straight on, within 60 degrees: a cut across a particle runs along the outline. */
function inwards(outline: readonly Point[], from: number, to: number, step: number): boolean {
  const count = outline.length;
  const [y, x] = outline[from]!;
  const before = outline[(from - step + count) % count]!;
  const after = outline[(from + step) % count]!;
  const down = y - (before[0] + after[0]) / 2;
  const right = x - (before[1] + after[1]) / 2;
  const rows = outline[to]![0] - y;
  const columns = outline[to]![1] - x;
  return down * rows + right * columns >= 0.5 * Math.hypot(down, right) * Math.hypot(rows, columns);
}

/** Cuts an object along a line; undefined where the line leaves it, or does not make exactly two of it. */
function divided(
  data: Uint8Array,
  height: number,
  width: number,
  from: Point,
  to: Point,
): [Uint8Array, Uint8Array] | undefined {
  const rest = data.slice();
  const steps = Math.max(2, Math.ceil(2 * Math.hypot(to[0] - from[0], to[1] - from[1])));
  let outside = 0;
  for (let k = 0; k <= steps; k++) {
    const row = from[0] + ((to[0] - from[0]) * k) / steps;
    const column = from[1] + ((to[1] - from[1]) * k) / steps;
    const at = Math.round(row) * width + Math.round(column);
    if (data[at] === 0) outside++;
    rest[at] = 0;
  }
  // The ends lie on the outline, half a pixel from either side.
  if (outside > Math.max(4, steps / 4)) return undefined;
  const { ids, count } = components(rest, height, width, 4);
  const sizes = new Int32Array(count + 1);
  for (const id of ids) sizes[id]!++;
  const order = Array.from({ length: count }, (_, i) => i + 1).sort((a, b) => sizes[b]! - sizes[a]!);
  if (order.length < 2) return undefined;
  const markers = ids.map((id) => (id === order[0] ? 1 : id === order[1] ? 2 : 0));
  const parts = flood({
    values: new Uint8Array(data.length),
    height,
    width,
    markers,
    mask: data,
    connectivity: 8,
  });
  return [parts.map((part) => (part === 1 ? 1 : 0)), parts.map((part) => (part === 2 ? 1 : 0))].map((half) =>
    Uint8Array.from(half),
  ) as [Uint8Array, Uint8Array];
}
