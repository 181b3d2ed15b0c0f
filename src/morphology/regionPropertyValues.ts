/**
 * What {@link regionProperties} can measure: the columns of scikit-image's `regionprops`, in camelCase, with its
 * formulas, and some more: `areaHullCorner`, `circularity`, the other Feret diameters, `perimeterTraced`, `touchesBorder`.
 * Lengths are in pixels, or in the unit of `spacing`.
 */
export interface RegionPropertyValues {
  /** Instance id of the region. */
  label: number;
  /** Number of pixels, whatever the spacing. */
  numPixels: number;
  /** Area: number of pixels times the area of one. */
  area: number;
  /** Area of the bounding box. */
  areaBbox: number;
  /** Area of the convex hull of the corners of the region's pixels, as ImageJ has it. */
  areaHullCorner: number;
  /** Area of the convex hull, as the pixels whose centres lie in the hull of the region's edge midpoints. */
  areaConvex: number;
  /** Length of the long axis of the ellipse with the same second moments, 4 sqrt(eigenvalue); 0 for one pixel. */
  axisMajorLength: number;
  /** Length of the short axis of that ellipse; 0 for a line one pixel wide. */
  axisMinorLength: number;
  /** Bounding box in pixels, half-open: `[minRow, minColumn, maxRow, maxColumn]`. */
  bbox: [minRow: number, minColumn: number, maxRow: number, maxColumn: number];
  /** Mean position `[row, column]`; the centre of the first pixel is [0, 0]. */
  centroid: [row: number, column: number];
  /** The centroid relative to the bounding box. */
  centroidLocal: [row: number, column: number];
  /** Mean position weighted by intensity; `NaN` where the intensities sum to 0. */
  centroidWeighted: [row: number, column: number];
  /**
   * 4 pi area / perimeterCrofton ^ 2, not clamped: about 0.99 for a large disc, above 1 for discs below 3 pixels of
   * radius (1.748 for one pixel).
   */
  circularity: number;
  /** sqrt(1 - minor eigenvalue / major eigenvalue) of the second moments: 0 for a disc or one pixel, 1 for a line. */
  eccentricity: number;
  /** Diameter of the disc of the same area. */
  equivalentDiameterArea: number;
  /** Pieces minus holes, with 8-connected pieces. */
  eulerNumber: number;
  /** Area over that of the bounding box, in 0..1. */
  extent: number;
  /** Longest distance between points of the outline of the convex hull (its 0.5 contour). */
  feretDiameterMax: number;
  /** Longest distance between corners of the region's pixels (maximum Feret diameter as ImageJ has it). */
  feretCornerMax: number;
  /** Smallest width of the hull of the corners of the region's pixels (minimum Feret diameter as ImageJ has it). */
  feretCornerMin: number;
  /** Longest distance between midpoints of the edges of the region's pixels; 1 for one pixel. */
  feretMax: number;
  /** Smallest width of the hull of the midpoints of the edges of the region's pixels; sqrt(1 / 2) for one pixel. */
  feretMin: number;
  /** Inertia tensor about the centroid, `[[rr, rc], [rc, cc]]`. */
  inertiaTensor: [[number, number], [number, number]];
  /** Eigenvalues of the inertia tensor, the larger first. */
  inertiaTensorEigvals: [number, number];
  /** Largest intensity. */
  intensityMax: number;
  /** Mean intensity. */
  intensityMean: number;
  /** Smallest intensity. */
  intensityMin: number;
  /** Standard deviation of the intensity over all pixels (divided by n). */
  intensityStd: number;
  /** Moments to third order about the corner of the bounding box, `moments[row power][column power]`. */
  moments: number[][];
  /** Moments about the centroid. */
  momentsCentral: number[][];
  /** The seven invariants of Hu. */
  momentsHu: number[];
  /** Central moments made invariant to scale; `NaN` below second order. */
  momentsNormalized: number[][];
  /**
   * Angle between the row axis and the long axis, in radians in (-pi/2, pi/2], counter-clockwise; as in scikit-image
   * -pi/4 where both axes are alike, as for one pixel.
   */
  orientation: number;
  /** Length of the line through the centres of the border pixels (Benkrid and Crookes); 0 for one pixel. Equal spacing only. */
  perimeter: number;
  /** Perimeter from intersections with lines in four directions (Crofton); 2.68 pixels for one pixel. */
  perimeterCrofton: number;
  /**
   * Length of the outer outlines along the edges of pixels, corners cut: two of its edges that meet count as their
   * diagonal, unless the corner before was cut already (ImageJ's traced perimeter). Holes do not count.
   */
  perimeterTraced: number;
  /** Area over `areaConvex`, in 0..1. */
  solidity: number;
  /** Whether a pixel lies in the first or last row or column of the image. */
  touchesBorder: boolean;
}

/** The name of a property that {@link regionProperties} measures. */
export type RegionProperty = keyof RegionPropertyValues;

/** The properties measured where none are named. */
export type DefaultRegionProperty =
  | 'area'
  | 'bbox'
  | 'centroid'
  | 'equivalentDiameterArea'
  | 'perimeter'
  | 'perimeterCrofton'
  | 'circularity'
  | 'axisMajorLength'
  | 'axisMinorLength'
  | 'eccentricity'
  | 'orientation'
  | 'touchesBorder';

/** The properties added to those where an intensity image is given. */
export type IntensityProperty = 'intensityMean' | 'intensityMin' | 'intensityMax';

/** One measured region: its `label` and the properties asked for. */
export type RegionProperties<P extends RegionProperty = DefaultRegionProperty> = Pick<
  RegionPropertyValues,
  'label' | P
>;
