import { requireInteger, requireNumber, show } from '../core/check.js';
import { exp, log } from '../core/math.js';
import { countInBins } from '../morphology/bins.js';
import { quantile } from '../particles/quantile.js';

/** Counts of particles between rising edges; `counts[i]` lies from `edges[i]` to `edges[i + 1]`. */
export interface HistogramCounts {
  /** Rising, one more than `counts`. */
  readonly edges: ArrayLike<number>;
  /** Each 0 or more. */
  readonly counts: ArrayLike<number>;
}

/** A histogram in plain arrays. */
export interface Bins {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  /** Sum of the counts. */
  readonly total: number;
}

/** Whether an argument is counts already. */
export function isCounts(value: ArrayLike<number> | HistogramCounts): value is HistogramCounts {
  return typeof value === 'object' && value !== null && 'edges' in value && 'counts' in value;
}

/** Returns checked counts as plain arrays; of no bin at all, as of no particles, one empty bin. */
export function checkedCounts(name: string, { edges, counts }: HistogramCounts): Bins {
  if (edges.length === 0 && counts.length === 0) return { edges: [0, 1], counts: [0], total: 0 };
  if (edges.length !== counts.length + 1 || counts.length === 0) {
    throw new RangeError(
      `${name}.edges must have one entry more than counts, at least 2, got ${edges.length} and ${counts.length}.`,
    );
  }
  const bins = { edges: Array.from(edges), counts: Array.from(counts) };
  bins.edges.forEach((edge, i) => {
    requireNumber(`${name}.edges[${i}]`, edge, i > 0 ? { above: bins.edges[i - 1]! } : {});
  });
  bins.counts.forEach((count, i) => {
    requireNumber(`${name}.counts[${i}]`, count, { min: 0 });
  });
  return { ...bins, total: bins.counts.reduce((sum, count) => sum + count, 0) };
}

/** Returns a checked copy of a list of sizes. */
export function checkedSizes(name: string, sizes: ArrayLike<number>): readonly number[] {
  if (!Array.isArray(sizes) && !ArrayBuffer.isView(sizes)) {
    throw new TypeError(`${name} must be a list of sizes or { edges, counts }, got ${show(sizes)}.`);
  }
  return Array.from(sizes, (size, i) => {
    requireNumber(`${name}[${i}]`, size, { min: 0 });
    return size;
  });
}

/**
 * Returns round edges of equal bins that hold all sizes. Their width is `1, 2, 2.5 or 5` times a power of ten, near
 * the rule of Freedman and Diaconis (2 IQR / n^(1/3)) or near the range / `wanted`; 5 to 60 bins.
 */
export function roundEdges(sizes: readonly number[], wanted?: number): readonly number[] {
  if (wanted !== undefined) requireInteger('bins', wanted, { min: 1, max: 500 });
  if (sizes.length === 0) return [0, 1];
  const sorted = Float64Array.from(sizes).sort();
  const low = sorted[0]!;
  const high = sorted[sorted.length - 1]!;
  // Sizes that are alike to six digits count as equal: bins between them would be too fine for edges of twelve digits.
  const alike = high - low <= 1e-6 * high || high < 1e-300;
  const range = alike ? 0.5 * (high < 1e-300 ? 1 : high) : high - low;
  const rule = (2 * (quantile(sorted, 0.75) - quantile(sorted, 0.25))) / Math.cbrt(sorted.length);
  const width = roundWidth(
    wanted === undefined ? Math.min(range / 5, Math.max(range / 60, rule || range / 10)) : range / wanted,
  );
  // Equal sizes stand in the middle of five bins. A size on the last edge counts in the last bin.
  const margin = alike ? 2 : 0;
  const edge = (i: number) => Number((i * width).toPrecision(12));
  let first = Math.max(0, Math.floor(low / width) - margin);
  let last = Math.max(first + 1, Math.ceil(high / width)) + margin;
  // The quotients are rounded: a size may lie just outside.
  while (edge(first) > low) first--;
  while (edge(last) < high) last++;
  return Array.from({ length: last - first + 1 }, (_, i) => edge(first + i));
}

/** Returns the nearest `1, 2, 2.5, 5` times a power of ten. */
export function roundWidth(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  const factor = [1, 2, 2.5, 5, 10].reduce((best, next) =>
    Math.abs(next - width / power) < Math.abs(best - width / power) ? next : best,
  );
  return factor * power;
}

/** Counts sizes between edges; the last bin holds its upper edge too. */
export function countSizes(name: string, sizes: readonly number[], edges: readonly number[]): Bins {
  const beyond = sizes.find((size) => size < edges[0]! || size > edges[edges.length - 1]!);
  if (beyond !== undefined) throw new RangeError(`${name} must lie within the edges, got ${beyond}.`);
  return { edges, counts: Array.from(countInBins(sizes, edges)), total: sizes.length };
}

/** A log-normal distribution: mean and standard deviation of the logarithm. */
export interface LogNormal {
  readonly mu: number;
  readonly sigma: number;
}

/** Returns the log-normal distribution with the logarithms' mean and standard deviation; none for fewer than 2 sizes. */
export function fitLogNormal(sizes: readonly number[]): LogNormal | undefined {
  const logs = sizes.map((size, i) => {
    requireNumber(`sizes[${i}] for a log-normal fit`, size, { above: 0 });
    return log(size);
  });
  const mu = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  const square = logs.reduce((sum, value) => sum + (value - mu) * (value - mu), 0);
  const sigma = Math.sqrt(square / (logs.length - 1));
  return logs.length > 1 && sigma > 0 ? { mu, sigma } : undefined;
}

/**
 * Returns `[size, expected count]` along the bins: a smooth curve over equal bins, and over others an outline of what
 * each bin should hold, since there a curve could not be compared with the bars.
 */
export function logNormalCurve(bins: Bins, { mu, sigma }: LogNormal): (readonly [number, number])[] {
  const { edges, counts, total } = bins;
  const density = (size: number) => {
    const z = size > 0 ? (log(size) - mu) / sigma : -99;
    return z > 38 || z < -38 ? 0 : exp((-z * z) / 2) / (size * sigma * 2.5066282746310002);
  };
  if (!isEven(edges)) {
    const expected = counts.map((_, i) => total * integral(density, edges[i]!, edges[i + 1]!));
    return outlinePoints({ edges, counts: expected });
  }
  const first = edges[0]!;
  const range = edges[edges.length - 1]! - first;
  return Array.from({ length: 201 }, (_, i) => {
    const size = first + (range * i) / 200;
    return [size, ((total * range) / counts.length) * density(size)];
  });
}

/** Simpson's rule over 64 intervals. */
function integral(density: (at: number) => number, from: number, to: number): number {
  const step = (to - from) / 64;
  let sum = 0;
  for (let i = 0; i <= 64; i++) sum += density(from + i * step) * (i === 0 || i === 64 ? 1 : i % 2 === 1 ? 4 : 2);
  return (sum * step) / 3;
}

/** The outline of a histogram as points of a line. */
export function outlinePoints({ edges, counts }: Pick<Bins, 'edges' | 'counts'>): (readonly [number, number])[] {
  const points: (readonly [number, number])[] = [[edges[0]!, 0]];
  counts.forEach((count, i) => {
    points.push([edges[i]!, count], [edges[i + 1]!, count]);
  });
  points.push([edges[edges.length - 1]!, 0]);
  return points;
}

function isEven(edges: readonly number[]): boolean {
  const width = edges[1]! - edges[0]!;
  return edges.every((edge, i) => i === 0 || Math.abs(edge - edges[i - 1]! - width) < 1e-6 * width);
}
