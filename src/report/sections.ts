import type { Calibration, Image } from '../core/types.js';
import type { ConfusionMatrix } from '../metrics/confusionMatrix.js';
import type { Particle } from '../particles/particle.js';
import type { Rgb } from './labelColor.js';
import type { Stretch } from './rgb.js';

/** What all sections of a report have. */
export interface SectionHead {
  /** Heading; the table of contents lists it. */
  readonly heading: string;
  /** A paragraph below the heading, or several. */
  readonly text?: string | readonly string[];
}

/** A section of words alone. */
export interface TextSection extends SectionHead {
  /** Tells sections apart. */
  readonly kind: 'text';
}

/** A picture of a report. */
export interface ReportImage {
  /** The picture, or the bytes of a PNG file. */
  readonly image: Image | Uint8Array;
  /** What it shows, for people who do not see it. */
  readonly alt: string;
  /** A line below the picture. @defaultValue none */
  readonly caption?: string;
  /** Draws a scale bar over the picture; the pixel size is that of the picture given. @defaultValue none */
  readonly calibration?: Calibration;
  /** How samples become 8-bit. @defaultValue 'auto' */
  readonly stretch?: Stretch;
}

/** A section of pictures. */
export interface ImagesSection extends SectionHead {
  /** Tells sections apart. */
  readonly kind: 'images';
  /** The pictures. */
  readonly images: readonly ReportImage[];
  /** Pictures in a row on a wide screen, 1 to 6. @defaultValue 2 */
  readonly columns?: number;
  /** What the colours mean. @defaultValue none */
  readonly legend?: readonly {
    /** The words beside the colour. */
    readonly label: string;
    /** The colour, 0..255 each. */
    readonly color: Rgb;
  }[];
}

/** A section with charts. */
export interface ChartSection extends SectionHead {
  /** Tells sections apart. */
  readonly kind: 'chart';
  /** An SVG document, as {@link sizeHistogramSvg} and {@link trainingCurvesSvg} return them; scripts are refused. */
  readonly svg: string | readonly string[];
  /** A line below the charts. @defaultValue none */
  readonly caption?: string;
}

/** A cell of a table; numbers are rounded for reading, `NaN` and `undefined` become a dash. */
export type ReportValue = string | number | boolean | undefined;

/** A column of a table. */
export interface ReportColumn {
  /** Field of the rows. */
  readonly key: string;
  /** Heading of the column. @defaultValue the key */
  readonly label?: string;
  /** Unit, written behind the heading; `um` and `um²` with `µ`. @defaultValue none */
  readonly unit?: string;
  /** Significant digits of numbers, 1 to 15. @defaultValue 4 */
  readonly digits?: number;
}

/** A section with a table. */
export interface TableSection extends SectionHead {
  /** Tells sections apart. */
  readonly kind: 'table';
  /** Columns in order. @defaultValue the fields of the first row */
  readonly columns?: readonly ReportColumn[];
  /** Rows; fields without a column are left out. */
  readonly rows: readonly Readonly<Record<string, ReportValue>>[];
  /** Rows that are shown at most; a note says how many there are. @defaultValue 50 */
  readonly limit?: number;
}

/** A section with the metrics of each class and the confusion matrix. */
export interface MetricsSection extends SectionHead {
  /** Tells sections apart. */
  readonly kind: 'metrics';
  /** Counts of pixels, from `confusionMatrix`. */
  readonly confusion: ConfusionMatrix;
  /** Name of each class. @defaultValue 'background', 'class 1', ... */
  readonly classNames?: readonly string[];
}

/** A section with a table of particles. */
export interface ParticlesSection extends SectionHead {
  /** Tells sections apart. */
  readonly kind: 'particles';
  /** Particles of one unit, from `measureParticles`. */
  readonly particles: readonly Particle[];
  /** Where each particle comes from, as long as `particles`, for example the names of images. @defaultValue none */
  readonly sources?: readonly string[];
  /** Rows that are shown at most; a note says how many there are. @defaultValue 50 */
  readonly limit?: number;
}

/** A section of a report. */
export type ReportSection =
  | TextSection
  | ImagesSection
  | ChartSection
  | TableSection
  | MetricsSection
  | ParticlesSection;
