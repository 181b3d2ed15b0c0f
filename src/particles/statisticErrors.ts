import { log } from '../core/math.js';
import type { SizeStatistics } from './sizeStatistics.js';
import { scaleOf, type WeightedSizes, type Weighting, weightingPower } from './weightedStatistics.js';

/** The statistics whose standard errors a formula gives. */
export type SmoothStatistic =
  | 'mean'
  | 'standardDeviation'
  | 'coefficientOfVariation'
  | 'skew'
  | 'd32'
  | 'd43'
  | 'geometricMean'
  | 'geometricStandardDeviation';

/**
 * Standard errors by the delta method, from what each size pulls at a statistic: relative to the statistic, for the GSD to its
 * logarithm, for the skew as it is.
 */
export function standardErrorsOf(
  { sorted, weights, logs }: WeightedSizes,
  weighting: Weighting,
  found: SizeStatistics,
): Record<SmoothStatistic, number> {
  const power = weightingPower(weighting);
  const scale = scaleOf(sorted);
  const count = sorted.length;
  const mean = found.mean / scale;
  const d32 = found.d32 / scale;
  const d43 = found.d43 / scale;
  const meanLog = log(found.geometricMean);
  let [sum, sum2, sum3, second, secondLog] = [0, 0, 0, 0, 0];
  const parts = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const size = sorted[i]! / scale;
    const area = weights[i]! * size * size;
    const part = power === 0 ? weights[i]! : power === 2 ? area : area * size;
    parts[i] = part;
    sum += part;
    sum2 += area;
    sum3 += area * size;
    if (part === 0) continue;
    second += part * (size - mean) * (size - mean);
    secondLog += part * (logs![i]! - meanLog) * (logs![i]! - meanLog);
  }
  second /= sum;
  secondLog /= sum;
  const spread = Math.sqrt(second);
  const squares = new Float64Array(8);
  for (let i = 0; i < count; i++) {
    const size = sorted[i]! / scale;
    const area = weights[i]! * size * size;
    const share = parts[i]! / sum;
    const z = (size - mean) / spread;
    const byMean = (share * (size - mean)) / mean;
    const bySpread = (share * (z * z - 1)) / 2;
    const bySkew = share * (z * z * z - 3 * z - found.skew - 1.5 * found.skew * (z * z - 1));
    const byD32 = (area * (size - d32)) / (sum2 * d32);
    const byD43 = (area * size * (size - d43)) / (sum3 * d43);
    const deviation = share === 0 ? 0 : logs![i]! - meanLog;
    const byLog = share * deviation;
    const byLogSpread = (share * (deviation * deviation - secondLog)) / (2 * secondLog);
    squares[0]! += byMean * byMean;
    squares[1]! += bySpread * bySpread;
    squares[2]! += (bySpread - byMean) * (bySpread - byMean);
    squares[3]! += bySkew * bySkew;
    squares[4]! += byD32 * byD32;
    squares[5]! += byD43 * byD43;
    squares[6]! += byLog * byLog;
    squares[7]! += byLogSpread * byLogSpread;
  }
  const [byMean, bySpread, byVariation, bySkew, byD32, byD43, byLog, byLogSpread] = squares.map(Math.sqrt);
  return {
    mean: byMean!,
    standardDeviation: bySpread!,
    coefficientOfVariation: byVariation!,
    skew: bySkew!,
    d32: byD32!,
    d43: byD43!,
    geometricMean: byLog!,
    geometricStandardDeviation: byLogSpread!,
  };
}
