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
    if (grey !== undefined) {
      const inside = Array.from(grey.imageIntensity.data).filter((_, at) => grey.image.data[at] === 1);
      const { median, mode } = orderStatistics(Float64Array.from(inside).sort());
      values.Mean = grey.intensityMean;
      values.StdDev = n > 1 ? grey.intensityStd * Math.sqrt(n / (n - 1)) : 0;
      values.Mode = mode;
      values.Min = grey.intensityMin;
      values.Max = grey.intensityMax;
      values.XM = place(grey.centroidWeighted[1]);
      values.YM = place(grey.centroidWeighted[0]);
      values.IntDen = area * grey.intensityMean;
      values.Median = median;
      values.Skew = grey.intensitySkew;
      values.Kurt = grey.intensityKurtosis;
      values.RawIntDen = grey.intensityMean * n;
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
      '%Area': 100,
    });
  });
}

/** ImageJ's angles: from the x axis, counter-clockwise as seen, 0 up to 180 degrees. Round particles have 0. */
function degrees(fromRowAxis: number): number {
  if (Number.isNaN(fromRowAxis)) return 0;
  const angle = 90 + (fromRowAxis * 180) / Math.PI;
  return angle >= 180 - 1e-9 ? Math.max(0, angle - 180) : angle;
}

/** The first value with more than half of all at or below it, and the most frequent one (the smallest of several). */
function orderStatistics(sorted: Float64Array): { median: number; mode: number } {
  let mode = sorted[0]!;
  let most = 0;
  for (let i = 0, run = 0; i < sorted.length; i++) {
    run = i > 0 && sorted[i] === sorted[i - 1] ? run + 1 : 1;
    if (run > most) {
      most = run;
      mode = sorted[i]!;
    }
  }
  return { median: sorted[Math.floor(sorted.length / 2)]!, mode };
}
