import type { PixelData } from '../core/types.js';
import { borderPerimeters, croftonPerimeter, eulerNumber, windowCounts } from './regionBoundary.js';
import { type Hull, hullArea, hullOf, longestDistance, pixelsOf, rowExtents, smallestWidth } from './regionHull.js';
import { regionIntensity } from './regionIntensity.js';
import {
  centralMoments,
  centroid,
  covariance,
  eigenvalues,
  huMoments,
  momentsAbout,
  normalizedMoments,
  orientation,
} from './regionMoments.js';
import { tracedPerimeters } from './regionOutline.js';
import type { RegionProperties, RegionProperty, RegionPropertyValues } from './regionPropertyValues.js';
import type { RegionTable } from './regionTable.js';

type Columns = { readonly [K in RegionProperty]: (i: number) => RegionPropertyValues[K] };

/** Computes something when first asked for, then keeps it. */
function once<T>(compute: () => T): () => T {
  let kept: { readonly value: T } | undefined;
  return () => {
    kept ??= { value: compute() };
    return kept.value;
  };
}

/** A function of a region that is computed once for each region in turn. */
function lastOf<T>(compute: (i: number) => T): (i: number) => T {
  let at = -1;
  let value: T;
  return (i) => {
    if (i !== at) value = compute(i);
    at = i;
    return value;
  };
}

/** The columns of a table of regions, each computed when it is read. */
export function regionColumns(
  table: RegionTable,
  values: PixelData | undefined,
  rowSize: number,
  columnSize: number,
): { rows(properties: readonly RegionProperty[]): Partial<RegionProperties<RegionProperty>>[] } {
  const { ids, pixels, minRow, minColumn, maxRow, maxColumn, originColumn, height, width } = table;
  const pixelArea = rowSize * columnSize;
  const windows = once(() => windowCounts(table));
  const perimeters = once(() => borderPerimeters(table));
  const extents = once(() => rowExtents(table));
  const intensities = once(() => regionIntensity(table, values!));
  const crofton = lastOf((i) => croftonPerimeter(windows(), i, rowSize, columnSize));
  const spread = lastOf((i) => covariance(table, i, rowSize, columnSize));
  const axes = lastOf((i) => eigenvalues(spread(i)));
  const central = lastOf((i) => centralMoments(table, i, rowSize, columnSize));
  // As scikit-image since 0.20 has it, lengths are measured in the smaller edge of the pixel.
  const normalized = lastOf((i) => normalizedMoments(central(i), Math.min(rowSize, columnSize)));
  const traced = once(() => tracedPerimeters(table, rowSize, columnSize));
  const hull = (i: number, points: 'edges' | 'corners'): Hull => {
    const { offsets, first, last } = extents();
    return hullOf(first, last, offsets[i]!, offsets[i + 1]!, points);
  };
  const edgeHull = lastOf((i) => hull(i, 'edges'));
  const cornerHull = lastOf((i) => hull(i, 'corners'));
  const convex = lastOf((i) => pixelsOf(edgeHull(i), maxRow[i]! - minRow[i]!));
  const bboxPixels = (i: number) => (maxRow[i]! - minRow[i]!) * (maxColumn[i]! - minColumn[i]!);

  const columns: Columns = {
    label: (i) => ids[i]!,
    numPixels: (i) => pixels[i]!,
    area: (i) => pixels[i]! * pixelArea,
    areaBbox: (i) => bboxPixels(i) * pixelArea,
    areaConvex: (i) => convex(i).area * pixelArea,
    areaHullCorner: (i) => hullArea(cornerHull(i)) * pixelArea,
    axisMajorLength: (i) => 4 * Math.sqrt(axes(i)[0]),
    axisMinorLength: (i) => 4 * Math.sqrt(axes(i)[1]),
    bbox: (i) => [minRow[i]!, minColumn[i]!, maxRow[i]!, maxColumn[i]!],
    centroid: (i) => {
      const [row, column] = centroid(table, i);
      return [row * rowSize, column * columnSize];
    },
    centroidLocal: (i) => {
      const [row, column] = centroid(table, i);
      return [(row - minRow[i]!) * rowSize, (column - minColumn[i]!) * columnSize];
    },
    centroidWeighted: (i) => {
      const { mean, byRow, byColumn } = intensities();
      const sum = mean[i]! * pixels[i]!;
      if (sum === 0) return [Number.NaN, Number.NaN];
      return [(minRow[i]! + byRow[i]! / sum) * rowSize, (originColumn[i]! + byColumn[i]! / sum) * columnSize];
    },
    circularity: (i) => (4 * Math.PI * pixels[i]! * pixelArea) / crofton(i) ** 2,
    eccentricity: (i) => {
      const [major, minor] = axes(i);
      return major === 0 ? 0 : Math.sqrt(1 - minor / major);
    },
    equivalentDiameterArea: (i) => Math.sqrt((4 * pixels[i]! * pixelArea) / Math.PI),
    eulerNumber: (i) => eulerNumber(windows(), i),
    extent: (i) => pixels[i]! / bboxPixels(i),
    feretDiameterMax: (i) => {
      const { first, last } = convex(i);
      return longestDistance(hullOf(first, last, 0, first.length, 'edges'), rowSize, columnSize);
    },
    feretCornerMax: (i) => longestDistance(cornerHull(i), rowSize, columnSize),
    feretCornerMin: (i) => smallestWidth(cornerHull(i), rowSize, columnSize),
    feretMax: (i) => longestDistance(edgeHull(i), rowSize, columnSize),
    feretMin: (i) => smallestWidth(edgeHull(i), rowSize, columnSize),
    inertiaTensor: (i) => {
      const { rowRow, rowColumn, columnColumn } = spread(i);
      return [
        [columnColumn, -rowColumn],
        [-rowColumn, rowRow],
      ];
    },
    inertiaTensorEigvals: (i) => [...axes(i)],
    intensityMax: (i) => intensities().max[i]!,
    intensityMean: (i) => intensities().mean[i]!,
    intensityMin: (i) => intensities().min[i]!,
    intensityStd: (i) => Math.sqrt(intensities().squares[i]! / pixels[i]!),
    moments: (i) => momentsAbout(table, i, 0, minColumn[i]! - originColumn[i]!, rowSize, columnSize),
    momentsCentral: (i) => central(i).map((line) => [...line]),
    momentsHu: (i) => huMoments(normalized(i)),
    momentsNormalized: (i) => normalized(i).map((line) => [...line]),
    orientation: (i) => orientation(spread(i)),
    perimeter: (i) => perimeters()[i]! * rowSize,
    perimeterCrofton: crofton,
    perimeterTraced: (i) => traced()[i]!,
    solidity: (i) => pixels[i]! / convex(i).area,
    touchesBorder: (i) => minRow[i] === 0 || minColumn[i] === 0 || maxRow[i] === height || maxColumn[i] === width,
  };

  function fill<K extends RegionProperty>(row: Partial<RegionPropertyValues>, property: K, i: number): void {
    row[property] = columns[property](i);
  }

  return {
    rows(properties) {
      const rows: Partial<RegionPropertyValues>[] = [];
      for (let i = 0; i < table.count; i++) {
        const row: Partial<RegionPropertyValues> = { label: ids[i]! };
        for (const property of properties) fill(row, property, i);
        rows.push(row);
      }
      return rows;
    },
  };
}

/** The names of all properties, with the order of the moments that each needs (0 to 3). */
function orders(): { readonly [K in RegionProperty]: number } {
  return {
    label: 0,
    numPixels: 0,
    area: 0,
    areaBbox: 0,
    areaConvex: 0,
    areaHullCorner: 0,
    axisMajorLength: 2,
    axisMinorLength: 2,
    bbox: 0,
    centroid: 1,
    centroidLocal: 1,
    centroidWeighted: 0,
    circularity: 0,
    eccentricity: 2,
    equivalentDiameterArea: 0,
    eulerNumber: 0,
    extent: 0,
    feretCornerMax: 0,
    feretCornerMin: 0,
    feretDiameterMax: 0,
    feretMax: 0,
    feretMin: 0,
    inertiaTensor: 2,
    inertiaTensorEigvals: 2,
    intensityMax: 0,
    intensityMean: 0,
    intensityMin: 0,
    intensityStd: 0,
    moments: 3,
    momentsCentral: 3,
    momentsHu: 3,
    momentsNormalized: 3,
    orientation: 2,
    perimeter: 0,
    perimeterCrofton: 0,
    perimeterTraced: 0,
    solidity: 0,
    touchesBorder: 0,
  };
}

/** The names of all properties. */
export function regionPropertyNames(): RegionProperty[] {
  return Object.keys(orders()) as RegionProperty[];
}

/** The highest order of moments that the properties need. */
export function momentOrder(properties: readonly RegionProperty[]): number {
  const order = orders();
  return properties.reduce((highest, property) => Math.max(highest, order[property]), 0);
}

/** Whether a property is one of the intensity image. */
export function needsIntensity(property: RegionProperty): boolean {
  return property.startsWith('intensity') || property === 'centroidWeighted';
}
