import type { Image, Labels } from '../core/types.js';
import { regionProperties } from '../morphology/regionProperties.js';
import { profileMeasures } from './profiles.js';

/** The rows of ImageJ's results table; intensities where there is an image of them. `edge` is the side of a pixel. */
export function imagejRows(labels: Labels, edge: number, intensity: Image | undefined): Array<Record<string, number>> {
  const shapes = regionProperties(labels, {
    properties: [
      'numPixels',
      'area',
      'bbox',
      'centroid',
      'inertiaTensor',
      'inertiaTensorEigvals',
      'orientation',
      'perimeterTraced',
      'feretCornerMax',
      'feretCornerMaxAngle',
      'feretCornerMin',
      'feretCornerStart',
      'areaHullCorner',
    ],
  });
  const greys =
    intensity === undefined
      ? undefined
      : regionProperties(labels, {
          intensity,
          properties: [
            'imageIntensity',
            'image',
            'intensityMean',
            'intensityMin',
            'intensityMax',
            'intensityStd',
            'intensitySkew',
            'intensityKurtosis',
            'centroidWeighted',
          ],
        });
  return shapes.map((region, i) => {
    const measures = profileMeasures(region, 'imagej');
    const [minRow, minColumn, maxRow, maxColumn] = region.bbox;
    const area = region.area * edge * edge;
    const place = (value: number) => (value + 0.5) * edge;
    const grey = greys?.[i];
    const n = region.numPixels;
    const values: Record<string, number> = { Area: area };
    let share = 100;
    if (grey !== undefined) {
      const inside = Array.from(grey.imageIntensity.data).filter((_, at) => grey.image.data[at] === 1);
      const sorted = Float64Array.from(inside).sort();
      const { median, mode } = (grey.imageIntensity.data instanceof Float32Array ? floatStatistics : wholeStatistics)(
        sorted,
      );
      const above = inside.reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
      // Where all is 0, the centre of mass is that of the area, with 16 bits nowhere: ImageJ adds its least number first.
      const weightless = above === 0 && !(grey.imageIntensity.data instanceof Uint16Array);
      const [massRow, massColumn] = weightless ? region.centroid : grey.centroidWeighted;
      values.Mean = grey.intensityMean;
      values.StdDev = n > 1 ? grey.intensityStd * Math.sqrt(n / (n - 1)) : 0;
      values.Mode = mode;
      values.Min = grey.intensityMin;
      values.Max = grey.intensityMax;
      values.XM = place(massColumn);
      values.YM = place(massRow);
      values.IntDen = area * grey.intensityMean;
      values.Median = median;
      values.Skew = grey.intensitySkew;
      values.Kurt = grey.intensityKurtosis;
      values.RawIntDen = grey.intensityMean * n;
      share = (100 * above) / n;
    }
    const axis = measures.axisMajor * edge;
    return Object.assign(values, {
      X: place(region.centroid[1]),
      Y: place(region.centroid[0]),
      'Perim.': region.perimeterTraced * edge,
      BX: minColumn * edge,
      BY: minRow * edge,
      Width: (maxColumn - minColumn) * edge,
      Height: (maxRow - minRow) * edge,
      Major: axis,
      Minor: measures.axisMinor * edge,
      Angle: degrees(measures.orientation),
      'Circ.': measures.circularity,
      Feret: region.feretCornerMax * edge,
      FeretX: region.feretCornerStart[1],
      FeretY: region.feretCornerStart[0],
      FeretAngle: degrees(region.feretCornerMaxAngle),
      MinFeret: region.feretCornerMin * edge,
      AR: measures.axisMajor / measures.axisMinor,
      Round: (4 * area) / (Math.PI * axis * axis),
      Solidity: measures.solidity,
      '%Area': share,
    });
  });
}

/** ImageJ's angles: from the x axis, counter-clockwise as seen, 0 up to 180 degrees. Round particles have 0. */
function degrees(fromRowAxis: number): number {
  if (Number.isNaN(fromRowAxis)) return 0;
  const angle = 90 + (fromRowAxis * 180) / Math.PI;
  return angle >= 180 - 1e-9 ? Math.max(0, angle - 180) : angle;
}

/** Integers: the first value with more than half of all at or below it, and the most frequent one (the smallest of several). */
function wholeStatistics(sorted: Float64Array): { median: number; mode: number } {
  let mode = sorted[0]!;
  let most = 0;
  for (let i = 0, run = 0; i < sorted.length; i++) {
    run = i > 0 && sorted[i] === sorted[i - 1] ? run + 1 : 1;
    if (run > most) {
      most = run;
      mode = sorted[i]!;
    }
  }
  return { median: sorted[sorted.length >> 1]!, mode };
}

/** Floats: the median as usual, and the middle of the fullest of 256 bins from the smallest to the largest value. */
function floatStatistics(sorted: Float64Array): { median: number; mode: number } {
  const last = sorted.length - 1;
  const median = (sorted[last >> 1]! + sorted[(last + 1) >> 1]!) / 2;
  const low = sorted[0]!;
  const span = sorted[last]! - low;
  if (span === 0) return { median, mode: low };
  const counts = new Int32Array(256);
  for (const value of sorted) counts[Math.min(255, Math.trunc((256 / span) * (value - low)))]!++;
  const fullest = counts.indexOf(counts.reduce((most, count) => Math.max(most, count)));
  const edge = span / 256;
  // ImageJ takes bins of size 1 for levels, and gives their lower edge.
  return { median, mode: low + fullest * edge + (edge === 1 ? 0 : edge / 2) };
}
