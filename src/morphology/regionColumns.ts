import { createMask } from '../core/arrays.js';
import type { PixelData } from '../core/types.js';
import { boundingRectangle } from './boundingRectangle.js';
import { enclosingCircle } from './enclosingCircle.js';
import { geodesicLength } from './geodesicLength.js';
import { hullSpans, longestAngle, narrowestAngle } from './hullSpans.js';
import { inscribedCircle } from './inscribedCircle.js';
import { croftonPerimeter, eulerNumber, runContacts } from './regionBoundary.js';
import { type Columns, lastOf, once, ratio } from './regionColumnHelpers.js';
import { coordsOf, cropOf, filledCrop } from './regionCrop.js';
import {
  HullBuilder,
  type HullPoints,
  hullArea,
  hullPerimeter,
  pixelsOf,
  roomForExtents,
  writeExtents,
} from './regionHull.js';
import { intensityColumns } from './regionIntensityColumns.js';
import {
  centralMoments,
  centroid,
  covariance,
  eigenvalues,
  huOf,
  momentsAbout,
  normalizedMoments,
  orientation,
} from './regionMoments.js';
import { tracedPerimeters } from './regionOutline.js';
import { borderPerimeters } from './regionPerimeter.js';
import type { RegionProperties, RegionProperty, RegionPropertyValues } from './regionPropertyValues.js';
import type { RegionTable } from './regionTable.js';

/** The columns of a table of regions, each computed when it is read; regions are read in turn. */
export function regionColumns(
  table: RegionTable,
  values: PixelData | undefined,
  rowSize: number,
  columnSize: number,
): Columns {
  const { ids, pixels, minRow, minColumn, maxRow, maxColumn, originColumn, height, width } = table;
  const pixelArea = rowSize * columnSize;
  const contacts = once(() => runContacts(table));
  const perimeters = once(() => borderPerimeters(table));
  const traced = once(() => tracedPerimeters(table, rowSize, columnSize));
  const rowsOf = (i: number) => maxRow[i]! - minRow[i]!;
  const own = once(() => roomForExtents(height));
  const extents = lastOf((i) => {
    writeExtents(table, i, own());
    return own();
  });
  const crofton = lastOf((i) => croftonPerimeter(contacts(), i, pixels[i]!, rowSize, columnSize));
  const spread = lastOf((i) => covariance(table, i, rowSize, columnSize));
  const axes = lastOf((i) => eigenvalues(spread(i)));
  const central = lastOf((i) => centralMoments(table, i, rowSize, columnSize));
  // As scikit-image since 0.20 has it, lengths are measured in the smaller edge of the pixel.
  const normalized = lastOf((i) => normalizedMoments(central(i), Math.min(rowSize, columnSize)));
  const builders = { edges: new HullBuilder(), corners: new HullBuilder(), convex: new HullBuilder() };
  const hull = (i: number, points: HullPoints) => builders[points].build(extents(i), rowsOf(i), points);
  const edgeHull = lastOf((i) => hull(i, 'edges'));
  const cornerHull = lastOf((i) => hull(i, 'corners'));
  const sides = once(() => roomForExtents(height));
  const convexArea = lastOf((i) => pixelsOf(edgeHull(i), rowsOf(i), sides()));
  const convexHull = lastOf((i) => {
    // Nothing between: the pixels of the hull are those of the region, and so is their hull.
    if (convexArea(i) === pixels[i]) return edgeHull(i);
    return builders.convex.build(sides(), rowsOf(i), 'edges');
  });
  const edgeSpans = lastOf((i) => hullSpans(edgeHull(i), rowSize, columnSize));
  const cornerSpans = lastOf((i) => hullSpans(cornerHull(i), rowSize, columnSize));
  const rectangle = lastOf((i) => boundingRectangle(cornerHull(i), rowSize, columnSize));
  const around = lastOf((i) => {
    const { rows, columns, count } = cornerHull(i);
    const circle = enclosingCircle(
      Float64Array.from(rows.subarray(0, count), (row) => (row * rowSize) / 2),
      Float64Array.from(columns.subarray(0, count), (column) => (column * columnSize) / 2),
      count,
    );
    // Rows of a hull count from the top of the region, columns from the edge of the image.
    return { ...circle, row: circle.row + minRow[i]! * rowSize };
  });
  const within = lastOf((i) => {
    const crop = cropOf(table, i);
    return inscribedCircle(crop.data, crop.height, crop.width, rowSize, columnSize);
  });
  const filled = lastOf((i) => filledCrop(table, i));
  const bboxPixels = (i: number) => rowsOf(i) * (maxColumn[i]! - minColumn[i]!);
  const area = (i: number) => pixels[i]! * pixelArea;
  const diameter = (i: number) => Math.sqrt((4 * area(i)) / Math.PI);

  return {
    label: (i) => ids[i]!,
    numPixels: (i) => pixels[i]!,
    area,
    areaBbox: (i) => bboxPixels(i) * pixelArea,
    areaConvex: (i) => convexArea(i) * pixelArea,
    areaFilled: (i) => filled(i).data.reduce((sum, value) => sum + value, 0) * pixelArea,
    areaHullCorner: (i) => hullArea(cornerHull(i)) * pixelArea,
    aspectRatioEllipse: (i) => Math.sqrt(ratio(axes(i)[0], axes(i)[1])),
    aspectRatioFeret: (i) => edgeSpans(i).narrowest / edgeSpans(i).longest,
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
    circularity: (i) => (4 * Math.PI * area(i)) / crofton(i) ** 2,
    circumscribedCenter: (i) => [around(i).row, around(i).column],
    circumscribedDiameter: (i) => 2 * around(i).radius,
    compactness: (i) => diameter(i) / edgeSpans(i).longest,
    convexity: (i) => hullPerimeter(edgeHull(i), rowSize, columnSize) / crofton(i),
    coords: (i) => coordsOf(table, i),
    coordsScaled: (i) => coordsOf(table, i).map(([row, column]) => [row * rowSize, column * columnSize]),
    eccentricity: (i) => {
      const [major, minor] = axes(i);
      return major === 0 ? 0 : Math.sqrt(1 - minor / major);
    },
    equivalentDiameterArea: diameter,
    eulerNumber: (i) => eulerNumber(contacts(), i),
    extent: (i) => pixels[i]! / bboxPixels(i),
    feretDiameterMax: (i) => {
      const convex = convexHull(i);
      return (convex === edgeHull(i) ? edgeSpans(i) : hullSpans(convex, rowSize, columnSize)).longest;
    },
    feretCornerMax: (i) => cornerSpans(i).longest,
    feretCornerMaxAngle: (i) => longestAngle(cornerHull(i), cornerSpans(i), rowSize, columnSize),
    feretCornerStart: (i) => {
      const { rows, columns } = cornerHull(i);
      const { from } = cornerSpans(i);
      return [rows[from]! / 2 + minRow[i]! + 0.5, columns[from]! / 2 + 0.5];
    },
    feretCornerMin: (i) => cornerSpans(i).narrowest,
    feretCornerMinAngle: (i) => narrowestAngle(cornerHull(i), cornerSpans(i), rowSize, columnSize),
    feretMax: (i) => edgeSpans(i).longest,
    feretMaxAngle: (i) => longestAngle(edgeHull(i), edgeSpans(i), rowSize, columnSize),
    feretMin: (i) => edgeSpans(i).narrowest,
    feretMinAngle: (i) => narrowestAngle(edgeHull(i), edgeSpans(i), rowSize, columnSize),
    geodesicLength: (i) => {
      const crop = cropOf(table, i);
      return geodesicLength(crop.data, crop.height, crop.width, rowSize, columnSize);
    },
    image: (i) => {
      const crop = cropOf(table, i);
      return createMask(crop.data, [crop.height, crop.width]);
    },
    imageConvex: (i) => {
      convexArea(i);
      const result = createMask(undefined, [rowsOf(i), maxColumn[i]! - minColumn[i]!]);
      const { first, last } = sides();
      for (let row = 0; row < rowsOf(i); row++) {
        const start = row * result.shape[1]! - minColumn[i]!;
        result.data.fill(1, start + first[row]!, start + last[row]! + 1);
      }
      return result;
    },
    imageFilled: filled,
    inertiaTensor: (i) => {
      const { rowRow, rowColumn, columnColumn } = spread(i);
      return [
        [columnColumn, -rowColumn],
        [-rowColumn, rowRow],
      ];
    },
    inertiaTensorEigvals: (i) => [...axes(i)],
    inscribedCenter: (i) => [within(i).row + minRow[i]! * rowSize, within(i).column + minColumn[i]! * columnSize],
    inscribedDiameter: (i) => 2 * within(i).radius,
    moments: (i) => momentsAbout(table, i, 0, minColumn[i]! - originColumn[i]!, rowSize, columnSize),
    momentsCentral: (i) => central(i).map((line) => [...line]),
    momentsHu: (i) => huOf(table, i, rowSize, columnSize),
    momentsNormalized: (i) => normalized(i).map((line) => [...line]),
    orientation: (i) => orientation(spread(i)),
    perimeter: (i) => perimeters()[i]! * rowSize,
    perimeterCrofton: crofton,
    perimeterHull: (i) => hullPerimeter(edgeHull(i), rowSize, columnSize),
    perimeterTraced: (i) => traced()[i]!,
    rectangleAngle: (i) => rectangle(i).angle,
    rectangleLength: (i) => rectangle(i).length,
    rectangleWidth: (i) => rectangle(i).width,
    roundnessEllipse: (i) => ratio(4 * area(i), Math.PI * 16 * axes(i)[0]),
    roundnessFeret: (i) => (4 * area(i)) / (Math.PI * edgeSpans(i).longest ** 2),
    slice: (i) => ({ rows: [minRow[i]!, maxRow[i]!], columns: [minColumn[i]!, maxColumn[i]!] }),
    solidity: (i) => pixels[i]! / convexArea(i),
    touchesBorder: (i) => minRow[i] === 0 || minColumn[i] === 0 || maxRow[i] === height || maxColumn[i] === width,
    ...intensityColumns(table, values, rowSize, columnSize),
  };
}

/**
 * One object a region with the properties asked for. Each is a copy of an empty row: properties that are added by computed
 * names would, at more than a dozen, make every row a dictionary.
 */
export function regionRows(
  table: RegionTable,
  columns: Columns,
  properties: readonly RegionProperty[],
): Partial<RegionProperties<RegionProperty>>[] {
  const wanted = properties.map((property) => [property, columns[property]] as const);
  const empty = JSON.parse(
    JSON.stringify({ label: null, ...Object.fromEntries(properties.map((name) => [name, null])) }),
  );
  const rows: Partial<RegionPropertyValues>[] = [];
  for (let i = 0; i < table.count; i++) {
    const row: Record<string, unknown> = { ...empty };
    row.label = table.ids[i]!;
    for (let k = 0; k < wanted.length; k++) row[wanted[k]![0]] = wanted[k]![1](i);
    rows.push(row as Partial<RegionPropertyValues>);
  }
  return rows;
}
