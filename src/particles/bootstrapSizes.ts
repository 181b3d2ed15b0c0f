import { requireInteger, requireKnownOptions, requireNumber } from '../core/check.js';
import { exp, log } from '../core/math.js';
import { type Seed, toRandom } from '../core/random.js';
import { quantile } from './quantile.js';
import { type SizeStatistics, statisticsOf } from './sizeStatistics.js';
import { normalCdf, normalQuantile } from './specialFunctions.js';
import { type SmoothStatistic, standardErrorsOf } from './statisticErrors.js';
import type { WeightedSizes, Weighting } from './weightedStatistics.js';

/** How confidence intervals are found. */
export interface ConfidenceOptions {
  /** Share of intervals that hold the true value. @defaultValue 0.95 */
  readonly level?: number;
  /** How often the sizes are drawn anew. @defaultValue 1000 */
  readonly resamples?: number;
  /** Seed, or generator, of the draws. @defaultValue 1 */
  readonly seed?: Seed;
}

type Interval = readonly [low: number, high: number];

/**
 * Bounds of all statistics: sizes are drawn anew with replacement. Smooth statistics are studentized (each draw over its own
 * standard error, Efron and Tibshirani 1993, chapter 12), by logarithms, since they are above 0 and skewed; percentiles, span and mode,
 * whose errors no formula gives, are read off the draws, corrected for their bias (chapter 14).
 */
export function bootstrapSizes(
  data: WeightedSizes,
  weighting: Weighting,
  options: ConfidenceOptions,
): { readonly [K in keyof SizeStatistics]: Interval } {
  requireKnownOptions('confidence', options, ['level', 'resamples', 'seed']);
  const { level = 0.95, resamples = 1000, seed = 1 } = options;
  requireNumber('confidence.level', level, { above: 0, below: 1 });
  requireInteger('confidence.resamples', resamples, { min: 2, max: 1e6 });
  const random = toRandom(seed);
  const count = data.sorted.length;
  const whole = { ...data, logs: data.sorted.map(log) };
  const found = statisticsOf(whole, weighting);
  const errors = standardErrorsOf(whole, weighting, found);
  const names = Object.keys(found) as Array<keyof SizeStatistics>;
  const values = names.map(() => new Float64Array(resamples));
  const times = new Int32Array(count);
  const draw = { sorted: new Float64Array(count), weights: new Float64Array(count), logs: new Float64Array(count) };
  for (let k = 0; k < resamples; k++) {
    times.fill(0);
    for (let i = 0; i < count; i++) times[random.integer(0, count)]!++;
    for (let i = 0, at = 0; i < count; i++) {
      for (let n = times[i]!; n > 0; n--, at++) {
        draw.sorted[at] = whole.sorted[i]!;
        draw.weights[at] = whole.weights[i]!;
        draw.logs[at] = whole.logs[i]!;
      }
    }
    const drawn = statisticsOf(draw, weighting);
    const own = standardErrorsOf(draw, weighting, drawn);
    names.forEach((name, n) => {
      values[n]![k] =
        name in errors ? studentized(name as SmoothStatistic, found, drawn, own[name as SmoothStatistic]) : drawn[name];
    });
  }
  const bounds = names.map((name, n): readonly [string, Interval] => {
    if (count < 2 || Number.isNaN(found[name])) return [name, [Number.NaN, Number.NaN]];
    // What a draw of one size leaves undefined is left out.
    const ascending = values[n]!.filter(Number.isFinite).sort();
    if (!(name in errors)) return [name, biasCorrected(ascending, found[name], level)];
    const error = errors[name as SmoothStatistic];
    // Sizes that are all alike, at any rate those at hand.
    if (!(error > 0) || ascending.length === 0) return [name, [found[name], found[name]]];
    const [low, high] = [quantile(ascending, (1 + level) / 2), quantile(ascending, (1 - level) / 2)];
    const [to, from] = scalesOf(name as SmoothStatistic);
    return [name, [from(to(found[name]) - error * low), from(to(found[name]) - error * high)]];
  });
  return Object.fromEntries(bounds) as { readonly [K in keyof SizeStatistics]: Interval };
}

/** To the scale on which a statistic is studentized, and back. */
function scalesOf(name: SmoothStatistic): readonly [to: (value: number) => number, from: (value: number) => number] {
  if (name === 'skew') return [(value) => value, (value) => value];
  if (name === 'geometricStandardDeviation') return [(value) => log(log(value)), (value) => exp(exp(value))];
  return [log, exp];
}

function studentized(name: SmoothStatistic, found: SizeStatistics, drawn: SizeStatistics, error: number): number {
  const [to] = scalesOf(name);
  return error > 1e-12 ? (to(drawn[name]) - to(found[name])) / error : Number.NaN;
}

/** Percentiles of the draws, moved by twice the place of the value among them (Efron's BC). */
function biasCorrected(ascending: Float64Array, value: number, level: number): Interval {
  let below = 0.5;
  for (const draw of ascending) below += draw < value ? 1 : draw === value ? 0.5 : 0;
  const bias = normalQuantile(below / (ascending.length + 1));
  const at = (share: number) => quantile(ascending, normalCdf(2 * bias + normalQuantile(share)));
  return [at((1 - level) / 2), at((1 + level) / 2)];
}
