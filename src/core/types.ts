import type { NdArray } from 'ndarray';

/** The sample types of an {@link Image}: 8-bit, 16-bit or float. */
export type PixelData = Uint8Array | Uint16Array | Float32Array;

/** `[height, width]` (grey) or `[height, width, channels]`; grey values or colours, not class indices. */
export type Image = NdArray<PixelData>;

/** `[height, width]`, class index per pixel, 0 = background. */
export type Mask = NdArray<Uint8Array>;

/** `[height, width]`, instance id per pixel, 0 = background. */
export type Labels = NdArray<Int32Array>;

/** `[height, width]` or `[height, width, classes]`, in 0..1. */
export type ProbabilityMap = NdArray<Float32Array>;

/** Axis-aligned box in pixels, half-open: `[xMin, yMin, xMax, yMax]`. */
export interface Box {
  /** Left edge. */
  readonly xMin: number;
  /** Top edge. */
  readonly yMin: number;
  /** Right edge, exclusive. */
  readonly xMax: number;
  /** Bottom edge, exclusive. */
  readonly yMax: number;
  /** Class name or index, where known. */
  readonly label?: string;
}

/** A point `[x, y]` in pixels; pixel centres are integers. */
export type Point = readonly [x: number, y: number];

/** A closed outline. */
export interface Polygon {
  /** Corner points; the last joins the first. */
  readonly points: readonly Point[];
  /** Class name, where known. */
  readonly label?: string;
}

/** One image with whatever is known about it; all parts share one pixel grid. */
export interface Sample {
  /** The picture. */
  readonly image: Image;
  /** Class per pixel. */
  readonly mask?: Mask;
  /** Instance per pixel. */
  readonly labels?: Labels;
  /** Boxes in pixels of `image`. */
  readonly boxes?: readonly Box[];
  /** Outlines in pixels of `image`. */
  readonly polygons?: readonly Polygon[];
  /** Where it comes from: a file name, a frame number. */
  readonly id?: string;
}

/** Units of length that a {@link Calibration} may carry. */
export type LengthUnit = 'px' | 'pm' | 'nm' | 'um' | 'mm' | 'm';

/** A quantity along both axes of an image: one number where they are alike, else one each. */
export type PerAxis =
  | number
  | {
      /** From one row to the next. */
      readonly row: number;
      /** From one column to the next. */
      readonly column: number;
    };

/** Size of a pixel, carried from file metadata to every reported length. */
export interface Calibration {
  /** Edge of a pixel in `unit`. */
  readonly pixelSize: PerAxis;
  /** The unit of `pixelSize`. */
  readonly unit: LengthUnit;
}
