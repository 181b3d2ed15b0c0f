import { requireInteger, requireKnownOptions, requireNumber, requireOneOf, show } from '../core/check.js';
import { countInBins } from '../morphology/bins.js';
import { type SizeMeasure, type Sizes, weightedSizesOf } from './diameters.js';
import { quantile } from './quantile.js';
import { scaleOf, type Weighting, weightingPower } from './weightedStatistics.js';

/** How the number of bins follows from the sizes; as NumPy's `histogram_bin_edges` computes it. */
export type BinRule = 'freedmanDiaconis' | 'sturges' | 'scott';

/** Options of {@link sizeHistogram}; `bins` and `binWidth` exclude each other. */
export interface SizeHistogramOptions {
  /** Number of bins of equal width, ascending edges, or a rule. @defaultValue 'freedmanDiaconis' */
  readonly bins?: number | readonly number[] | BinRule;
  /** Width of a bin; edges are whole multiples of it. */
  readonly binWidth?: number;
  /** First and last edge; sizes beyond are counted in `below` and `above`. By default the smallest and largest size. */
  readonly range?: readonly [low: number, high: number];
  /**
   * `'number'` counts particles, those with a `weight` so often; `'area'` and `'volume'` give the share of the whole area or
   * volume in each bin, 0..1. Rules look at the sizes alone. @defaultValue 'number'
   */
  readonly weighting?: Weighting;
  /** Which length of a particle is its size. @defaultValue 'equivalentDiameter' */
  readonly measure?: SizeMeasure;
}

/** Counts of sizes in bins. */
export interface SizeHistogram {
  /** Edges, ascending, one more than counts; a bin holds its lower edge, the last one its upper edge too. */
  readonly edges: Float64Array;
  /** Number of sizes in each bin, or their share of the whole. */
  readonly counts: Float64Array;
  /** Number, or share, of sizes below the first edge. */
  readonly below: number;
  /** Number, or share, of sizes above the last edge. */
  readonly above: number;
}

/**
 * Counts sizes in bins, as NumPy's `histogram` does. Without sizes, edges or a range there is no bin; where all
 * sizes are equal, there is one bin (or as many as asked for) around them, of total width 1.
 *
 * @param sizes - particles of {@link measureParticles}, or diameters.
 * @throws RangeError for bins that are not ascending, a range that is not rising, or more than 100,000 bins.
 *
 * @example
 * ```ts
 * const { edges, counts } = sizeHistogram([1, 2, 2, 5], { bins: 2 });
 * edges; // [1, 3, 5]
 * counts; // [3, 1]
 * ```
 */
export function sizeHistogram(sizes: Sizes, options: SizeHistogramOptions = {}): SizeHistogram {
  requireKnownOptions('sizeHistogram', options, ['bins', 'binWidth', 'range', 'weighting', 'measure']);
  const { bins, binWidth, range, weighting = 'number', measure = 'equivalentDiameter' } = options;
  requireOneOf('weighting', weighting, ['number', 'area', 'volume']);
  if (bins !== undefined && binWidth !== undefined) {
    throw new RangeError(`bins and binWidth must not both be given, got ${show(bins)} and ${show(binWidth)}.`);
  }
  if (range !== undefined) requireRange(range);
  const { sorted, weights } = weightedSizesOf(sizes, measure);
  const edges =
    typeof bins === 'object'
      ? givenEdges(bins, range)
      : binWidth === undefined
        ? equalEdges(sorted, bins ?? 'freedmanDiaconis', range)
        : multiples(sorted, binWidth, range);
  if (edges.length === 0) return { edges, counts: new Float64Array(0), below: 0, above: 0 };
  const low = edges[0]!;
  const high = edges[edges.length - 1]!;
  if (weighting === 'number' && weights.every((weight) => weight === 1)) {
    return {
      edges,
      counts: countInBins(
        sorted.filter((size) => size >= low && size <= high),
        edges,
      ),
      below: sorted.filter((size) => size < low).length,
      above: sorted.filter((size) => size > high).length,
    };
  }
  return { edges, ...weigh(sorted, partsOf(sorted, weights, weighting), edges) };
}

/** What each size counts for: its weight, or its share of the whole area or volume. */
function partsOf(sorted: Float64Array, weights: Float64Array, weighting: Weighting): Float64Array {
  if (weighting === 'number') return weights;
  const scale = scaleOf(sorted);
  const parts = weights.map((weight, i) => weight * (sorted[i]! / scale) ** weightingPower(weighting));
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => part / sum);
}

/** Sums what ascending sizes count for in bins that hold their lower edge, the last one its upper edge too. */
function weigh(sorted: Float64Array, parts: Float64Array, edges: Float64Array): Omit<SizeHistogram, 'edges'> {
  const counts = new Float64Array(edges.length - 1);
  let [below, above, k] = [0, 0, 0];
  sorted.forEach((size, i) => {
    const part = parts[i]!;
    if (size < edges[0]!) below += part;
    else if (size > edges[counts.length]!) above += part;
    else {
      while (k < counts.length - 1 && size >= edges[k + 1]!) k++;
      counts[k]! += part;
    }
  });
  return { counts, below, above };
}

function requireRange(range: readonly [number, number]): void {
  if (!Array.isArray(range) || range.length !== 2 || !range.every(Number.isFinite) || !(range[0] < range[1])) {
    throw new RangeError(`range must be two rising numbers, got ${show(range)}.`);
  }
}

function givenEdges(bins: readonly number[], range: readonly [number, number] | undefined): Float64Array {
  if (range !== undefined) throw new RangeError(`range must not be given along with edges, got ${show(range)}.`);
  const ascending = bins.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > bins[i - 1]!));
  if (bins.length < 2 || !ascending) {
    throw new RangeError(`bins must be a number, a rule, or two or more ascending edges, got ${show(bins)}.`);
  }
  return Float64Array.from(bins);
}

function multiples(sorted: Float64Array, width: number, range: readonly [number, number] | undefined): Float64Array {
  requireNumber('binWidth', width, { above: 0 });
  if (range === undefined && sorted.length === 0) return new Float64Array(0);
  const [low, high] = range ?? [sorted[0]!, sorted[sorted.length - 1]!];
  const first = Math.floor(low / width);
  const bins = Math.max(1, Math.ceil(high / width) - first);
  requireInteger('the number of bins', bins, { max: 100_000 });
  return Float64Array.from({ length: bins + 1 }, (_, i) => (first + i) * width);
}

function equalEdges(
  sorted: Float64Array,
  bins: number | BinRule,
  range: readonly [number, number] | undefined,
): Float64Array {
  if (typeof bins === 'number') requireInteger('bins', bins, { min: 1, max: 100_000 });
  else requireOneOf('bins', bins, ['freedmanDiaconis', 'sturges', 'scott']);
  if (range === undefined && sorted.length === 0) return new Float64Array(0);
  let [low, high] = range ?? [sorted[0]!, sorted[sorted.length - 1]!];
  if (low === high) {
    low -= 0.5;
    high += 0.5;
  }
  const inside = sorted.filter((size) => size >= low && size <= high);
  const count = typeof bins === 'number' ? bins : ruledCount(inside, bins, high - low);
  return Float64Array.from({ length: count + 1 }, (_, i) => (i === count ? high : low + i * ((high - low) / count)));
}

/** The number of bins over `extent` that a rule asks for; 1 where the sizes do not spread. */
function ruledCount(sorted: Float64Array, rule: BinRule, extent: number): number {
  const n = sorted.length;
  if (n === 0) return 1;
  let width: number;
  if (rule === 'sturges') {
    width = (sorted[n - 1]! - sorted[0]!) / (Math.log2(n) + 1);
  } else if (rule === 'scott') {
    const mean = sorted.reduce((sum, size) => sum + size, 0) / n;
    const variance = sorted.reduce((sum, size) => sum + (size - mean) ** 2, 0) / n;
    width = Math.cbrt((24 * Math.sqrt(Math.PI)) / n) * Math.sqrt(variance);
  } else {
    width = (2 * (quantile(sorted, 0.75) - quantile(sorted, 0.25))) / Math.cbrt(n);
  }
  if (width === 0) return 1;
  const bins = Math.ceil(extent / width);
  requireInteger('the number of bins', bins, { max: 100_000 });
  return Math.max(1, bins);
}
