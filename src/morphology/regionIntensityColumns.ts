import type { PixelData } from '../core/types.js';
import { type Columns, lastOf, once, ratio } from './regionColumnHelpers.js';
import { intensityCrop } from './regionCrop.js';
import { intensityMoments, regionIntensity, ringMean, sortedIntensities, weightedSums } from './regionIntensity.js';
import { centralMoments, huMoments, momentsAbout, normalizedMoments } from './regionMoments.js';
import type { IntensityColumn } from './regionPropertyValues.js';
import type { RegionTable } from './regionTable.js';

/** How far around a region its background is looked at, in rows and columns. */
const RING = 3;

/** The columns of the intensity image; they are asked for only where there is one. */
export function intensityColumns(
  table: RegionTable,
  values: PixelData | undefined,
  rowSize: number,
  columnSize: number,
): Pick<Columns, IntensityColumn> {
  const { pixels, minRow, minColumn, originColumn } = table;
  const grey = () => {
    if (values === undefined) throw new RangeError('intensity must be given to measure it, got undefined.');
    return values;
  };
  const first = once(() => regionIntensity(table, grey()));
  const second = once(() => intensityMoments(table, grey(), first().mean));
  const sorted = once(() => sortedIntensities(table, grey()));
  const weighted = once(() => {
    // Looks at every value, so that one that is not finite is named.
    first();
    return { sums: weightedSums(table, grey()) };
  });
  const ring = lastOf((i) => ringMean(table, grey(), i, RING));
  const centralOf = lastOf((i) => centralMoments(weighted(), i, rowSize, columnSize));
  const normalizedOf = lastOf((i) => normalizedMoments(centralOf(i), Math.min(rowSize, columnSize)));
  /** Weighted mean position in pixels, from the origin of the region. */
  const centre = (i: number): [number, number] => {
    const { sums } = weighted();
    return [ratio(sums[i * 16 + 4]!, sums[i * 16]!), ratio(sums[i * 16 + 1]!, sums[i * 16]!)];
  };
  return {
    centroidWeighted: (i) => {
      const [row, column] = centre(i);
      return [(minRow[i]! + row) * rowSize, (originColumn[i]! + column) * columnSize];
    },
    centroidWeightedLocal: (i) => {
      const [row, column] = centre(i);
      return [row * rowSize, (originColumn[i]! - minColumn[i]! + column) * columnSize];
    },
    imageIntensity: (i) => intensityCrop(table, grey(), i),
    intensityBackground: ring,
    intensityCorrected: (i) => first().mean[i]! - ring(i),
    intensityIntegrated: (i) => first().mean[i]! * pixels[i]!,
    intensityIntegratedCorrected: (i) => (first().mean[i]! - ring(i)) * pixels[i]!,
    intensityKurtosis: (i) => ratio(second().fourth[i]!, second().second[i]! ** 2) - 3,
    intensityMax: (i) => first().max[i]!,
    intensityMean: (i) => first().mean[i]!,
    intensityMedian: (i) => {
      const { offsets, sorted: all } = sorted();
      const from = offsets[i]!;
      const last = offsets[i + 1]! - 1;
      return (all[(from + last) >> 1]! + all[(from + last + 1) >> 1]!) / 2;
    },
    intensityMin: (i) => first().min[i]!,
    intensitySkew: (i) => ratio(second().third[i]!, second().second[i]! ** 1.5),
    intensityStd: (i) => Math.sqrt(second().second[i]!),
    momentsWeighted: (i) => momentsAbout(weighted(), i, 0, minColumn[i]! - originColumn[i]!, rowSize, columnSize),
    momentsWeightedCentral: (i) => centralOf(i).map((line) => [...line]),
    momentsWeightedHu: (i) => huMoments(normalizedOf(i)),
    momentsWeightedNormalized: (i) => normalizedOf(i).map((line) => [...line]),
  };
}
