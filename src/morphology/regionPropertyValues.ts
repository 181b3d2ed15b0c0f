import type { Image, Mask } from '../core/types.js';

/**
 * What {@link regionProperties} can measure: the columns of scikit-image's `regionprops`, in camelCase, with its
 * formulas, and many more. Lengths are in pixels, or in the unit of `spacing`. A ratio whose divisor is 0, as of the axes
 * of a single pixel, is `NaN`.
 */
export interface RegionPropertyValues {
  /** Instance id of the region. */
  label: number;
  /** Number of pixels, whatever the spacing. */
  numPixels: number;
  /** Area: number of pixels times the area of one. */
  area: number;
  /** Area with holes filled (background that does not reach the rim of the bounding box, corners joined). */
  areaFilled: number;
  /** Area of the bounding box. */
  areaBbox: number;
  /** Area of the convex hull of the corners of the region's pixels, as ImageJ has it. */
  areaHullCorner: number;
  /** Area of the convex hull, as the pixels whose centres lie in the hull of the region's edge midpoints. */
  areaConvex: number;
  /** Long over short axis of the ellipse with the same second moments, 1 or more; `NaN` for one pixel or a line. */
  aspectRatioEllipse: number;
  /** `feretMin` over `feretMax`, at most 1 (ISO 9276-6). */
  aspectRatioFeret: number;
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
  /** `centroidWeighted` relative to the bounding box. */
  centroidWeightedLocal: [row: number, column: number];
  /** Centre `[row, column]` of the smallest circle around the corners of the pixels. */
  circumscribedCenter: [row: number, column: number];
  /** Diameter of that circle; sqrt(2) for one pixel. */
  circumscribedDiameter: number;
  /** sqrt(4 area / pi) / `feretMax`: 1 for a disc (ISO 9276-6). */
  compactness: number;
  /** `perimeterHull` over `perimeterCrofton`: about 1 where convex, less where the outline is rough. Not clamped. */
  convexity: number;
  /** The pixels, `[row, column]` in raster order. */
  coords: Array<[row: number, column: number]>;
  /** The same times the spacing. */
  coordsScaled: Array<[row: number, column: number]>;
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
  /** Angle of `feretCornerMax` from the row axis in radians, in (-pi/2, pi/2]. */
  feretCornerMaxAngle: number;
  /** Corner `[row, column]` where `feretCornerMax` begins, in pixels; corners are integers, [0, 0] that of the image. */
  feretCornerStart: [row: number, column: number];
  /** Smallest width of the hull of the corners of the region's pixels (minimum Feret diameter as ImageJ has it). */
  feretCornerMin: number;
  /** Angle of `feretCornerMin`, across the parallel lines. */
  feretCornerMinAngle: number;
  /** Longest distance between midpoints of the edges of the region's pixels; 1 for one pixel. */
  feretMax: number;
  /** Angle of `feretMax` from the row axis in radians, in (-pi/2, pi/2]. */
  feretMaxAngle: number;
  /** Smallest width of the hull of the midpoints of the edges of the region's pixels; sqrt(1 / 2) for one pixel. */
  feretMin: number;
  /** Angle of `feretMin`, across the parallel lines. */
  feretMinAngle: number;
  /**
   * Longest of the shortest ways between two pixels within the region, by steps to the 8 neighbours, plus one pixel: a
   * line of n pixels is n long. Found by sweeps between farthest pixels: exact along fibres, a lower bound in general.
   */
  geodesicLength: number;
  /** The region along its bounding box, 1 inside. */
  image: Mask;
  /** Its convex hull (`areaConvex`), along the bounding box. */
  imageConvex: Mask;
  /** The region with its holes filled, along its bounding box. */
  imageFilled: Mask;
  /** The intensities along the bounding box, 0 beside the region; of the sample type of the intensity image. */
  imageIntensity: Image;
  /** Inertia tensor about the centroid, `[[rr, rc], [rc, cc]]`. */
  inertiaTensor: [[number, number], [number, number]];
  /** Eigenvalues of the inertia tensor, the larger first. */
  inertiaTensorEigvals: [number, number];
  /** Centre `[row, column]` of the largest circle within the region; on a grid of half pixels. */
  inscribedCenter: [row: number, column: number];
  /** Diameter of that circle; 1 for one pixel. */
  inscribedDiameter: number;
  /**
   * Mean intensity of the background (id 0) within 3 rows and columns of the region; `NaN` where there is none.
   */
  intensityBackground: number;
  /** Mean intensity less `intensityBackground`. */
  intensityCorrected: number;
  /** Sum of the intensities. */
  intensityIntegrated: number;
  /** That of the intensities less `intensityBackground`. */
  intensityIntegratedCorrected: number;
  /** Kurtosis of the intensities less 3 (0 for a normal distribution), with moments over n; `NaN` where they are all equal. */
  intensityKurtosis: number;
  /** Median intensity. */
  intensityMedian: number;
  /** Skewness of the intensities, with moments over n; `NaN` where they are all equal. */
  intensitySkew: number;
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
  /** Moments of the intensity to third order about the corner of the bounding box. */
  momentsWeighted: number[][];
  /** The same about `centroidWeighted`; `NaN` where the intensities sum to 0, as what follows from them. */
  momentsWeightedCentral: number[][];
  /** The seven invariants of Hu of the intensity. */
  momentsWeightedHu: number[];
  /** `momentsWeightedCentral` made invariant to scale; `NaN` below second order. */
  momentsWeightedNormalized: number[][];
  /**
   * Angle between the row axis and the long axis, in radians in (-pi/2, pi/2], counter-clockwise; as in scikit-image
   * -pi/4 where both axes are alike, as for one pixel.
   */
  orientation: number;
  /** Length of the line through the centres of the border pixels (Benkrid and Crookes); 0 for one pixel. Equal spacing only. */
  perimeter: number;
  /** Perimeter from intersections with lines in four directions (Crofton); 2.68 pixels for one pixel. */
  perimeterCrofton: number;
  /** Length around the hull of the midpoints of the pixels' edges. */
  perimeterHull: number;
  /**
   * Length of the outer outlines along the edges of pixels, corners cut: two of its edges that meet count as their
   * diagonal, unless the corner before was cut already (ImageJ's traced perimeter). Holes do not count.
   */
  perimeterTraced: number;
  /** Angle from the row axis to the length of the smallest rectangle around the corners of the pixels, in (-pi/2, pi/2]. */
  rectangleAngle: number;
  /** Length of that rectangle, the one of smallest area. */
  rectangleLength: number;
  /** Its width, at most its length. */
  rectangleWidth: number;
  /** 4 area / (pi axisMajorLength ^ 2), ImageJ's word for it; `NaN` for one pixel. */
  roundnessEllipse: number;
  /** 4 area / (pi feretMax ^ 2). */
  roundnessFeret: number;
  /** The bounding box as half-open ranges. */
  slice: {
    /** Rows, the end exclusive. */
    rows: [start: number, end: number];
    /** Columns, the end exclusive. */
    columns: [start: number, end: number];
  };
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

/** All properties of the intensity image. */
export type IntensityColumn =
  | 'centroidWeighted'
  | 'centroidWeightedLocal'
  | 'imageIntensity'
  | 'intensityBackground'
  | 'intensityCorrected'
  | 'intensityIntegrated'
  | 'intensityIntegratedCorrected'
  | 'intensityKurtosis'
  | 'intensityMax'
  | 'intensityMean'
  | 'intensityMedian'
  | 'intensityMin'
  | 'intensitySkew'
  | 'intensityStd'
  | 'momentsWeighted'
  | 'momentsWeightedCentral'
  | 'momentsWeightedHu'
  | 'momentsWeightedNormalized';
