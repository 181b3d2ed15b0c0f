import type { LengthUnit } from '../core/types.js';

/** One measured particle. Lengths are in `unit`, areas in its square, positions and the box also in pixels. */
export interface Particle {
  /** Instance id in the labels. */
  readonly label: number;
  /** The unit of all lengths. */
  readonly unit: LengthUnit;
  /** Number of pixels. */
  readonly numPixels: number;
  /** Area, in `unit` squared. */
  readonly area: number;
  /** Diameter of the disc of the same area (ECD, x_A), in `unit`. */
  readonly equivalentDiameter: number;
  /** Perimeter by the profile's estimator, in `unit`. */
  readonly perimeter: number;
  /** 4 pi area / perimeter ^ 2; `NaN` where the perimeter is 0. */
  readonly circularity: number;
  /** Length of the long axis of the ellipse with the same second moments, in `unit`. */
  readonly axisMajor: number;
  /** Length of its short axis, in `unit`. */
  readonly axisMinor: number;
  /** sqrt(1 - (axisMinor / axisMajor) ^ 2): 0 round, 1 a line; 0 where both are 0. */
  readonly eccentricity: number;
  /** Angle from the row axis to the long axis in radians, in (-pi/2, pi/2]; `NaN` where both axes are alike. */
  readonly orientation: number;
  /** Maximum Feret diameter, in `unit`. */
  readonly feretMax: number;
  /** Minimum Feret diameter, in `unit`. */
  readonly feretMin: number;
  /** Area over that of the convex hull, in 0..1. */
  readonly solidity: number;
  /** Mean position `[row, column]` in pixels; pixel centres are integers. */
  readonly centroid: readonly [row: number, column: number];
  /** Mean position `[row, column]` in `unit`, from the centre of the first pixel. */
  readonly centroidPhysical: readonly [row: number, column: number];
  /** Bounding box in pixels, half-open: `[minRow, minColumn, maxRow, maxColumn]`. */
  readonly bbox: readonly [minRow: number, minColumn: number, maxRow: number, maxColumn: number];
  /** Whether it touches the border of the image, so that a part may be missing. */
  readonly touchesBorder: boolean;
  /**
   * How many particles it stands for where the border is corrected for: Miles-Lantuéjoul's W H / ((W - 1 - w) (H - 1 - h)) with
   * the sides of its box in those of the image, in pixels; 1 less, since what reaches the outermost pixels is left out. Their
   * sum estimates how many particles have their centres in the image. Statistics of sizes count it so often.
   */
  readonly weight?: number;
  /** Mean intensity, where an intensity image was given. */
  readonly meanIntensity?: number;
}

/** Whose formulas to measure with; see {@link measureParticles}. */
export type MeasurementProfile = 'segkit' | 'imagej' | 'skimage' | 'iso';
