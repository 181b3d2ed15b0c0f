import type { NdArray } from 'ndarray';
import { createImage } from '../core/arrays.js';
import { requireInteger, requireKnownOptions, requireNumber, rowAndColumn } from '../core/check.js';
import type { Image, PerAxis, PixelData } from '../core/types.js';
import { paddedPlaces } from './borders.js';
import { greyImage } from './greyImage.js';
import { extremes } from './histogram.js';

/** Options of {@link clahe}. */
export interface ClaheOptions {
  /** Sides of the regions that are equalised, in pixels. By default an eighth of the image. */
  readonly tileSize?: PerAxis;
  /** Share of a region's pixels that a bin may hold; more is spread over all bins. 0 does not limit. @defaultValue 0.01 */
  readonly clipLimit?: number;
  /** Number of grey levels. @defaultValue 256 */
  readonly bins?: number;
}

const LEVELS = 16384;

/**
 * Returns a grey image with its contrast equalised region by region (contrast limited adaptive histogram equalisation,
 * Zuiderveld 1994), as floats in 0..1. Equal to scikit-image's `equalize_adapthist` within one level of 16384, but for an
 * image of one value, which is 0 throughout (there 1).
 *
 * @param image - one channel; floats in 0..1.
 * @throws RangeError for several channels, or floats beyond 0..1.
 *
 * @example
 * ```ts
 * const image = createImage(Uint8Array.from({ length: 256 }, (_, i) => 100 + (i % 16)), [16, 16]);
 * const { data } = clahe(image);
 * Math.max(...data) - Math.min(...data); // 1
 * ```
 */
export function clahe(image: Image, options: ClaheOptions = {}): NdArray<Float32Array> {
  requireKnownOptions('clahe', options, ['tileSize', 'clipLimit', 'bins']);
  const { clipLimit = 0.01, bins = 256 } = options;
  const { data, height, width } = greyImage('image', image);
  requireNumber('clipLimit', clipLimit, { min: 0, max: 1 });
  requireInteger('bins', bins, { min: 2, max: LEVELS });
  const { tileSize = { row: Math.max(1, height >> 3), column: Math.max(1, width >> 3) } } = options;
  const [rows, columns] = rowAndColumn('tileSize', tileSize, { min: 1 });
  requireInteger('tileSize.row', rows, { max: height });
  requireInteger('tileSize.column', columns, { max: width });

  const levels = stretched(data);
  if (levels === undefined) return createImage(new Float32Array(data.length), [height, width]);
  const binSize = 1 + Math.floor(LEVELS / bins);
  const y = padding(height, rows);
  const x = padding(width, columns);
  const area = rows * columns;
  const limit = clipLimit > 0 ? Math.max(1, Math.trunc(clipLimit * area)) : area;
  // One mapping a region; regions begin half a region before the image ends its padding, so blocks lie between four.
  const maps: Float64Array[] = [];
  for (let j = 0; j < y.regions; j++) {
    for (let i = 0; i < x.regions; i++) {
      const counts = new Int32Array(bins);
      for (let row = 0; row < rows; row++) {
        const from = y.places[(rows >> 1) + j * rows + row]! * width;
        for (let column = 0; column < columns; column++) {
          counts[Math.floor(levels[from + x.places[(columns >> 1) + i * columns + column]!]! / binSize)]!++;
        }
      }
      clip(counts, limit);
      let sum = 0;
      maps.push(
        Float64Array.from(counts, (count) => {
          sum += count;
          return Math.trunc(Math.min(LEVELS - 1, sum * ((LEVELS - 1) / area)));
        }),
      );
    }
  }
  const mapped = new Float32Array(data.length);
  const before = { row: rows >> 1, column: columns >> 1 };
  for (let row = 0, at = 0; row < height; row++) {
    const j = Math.floor((row + before.row) / rows);
    const down = ((row + before.row) % rows) / rows;
    const top = Math.min(y.regions - 1, Math.max(0, j - 1)) * x.regions;
    const bottom = Math.min(y.regions - 1, j) * x.regions;
    for (let column = 0; column < width; column++, at++) {
      const i = Math.floor((column + before.column) / columns);
      const right = ((column + before.column) % columns) / columns;
      const west = Math.min(x.regions - 1, Math.max(0, i - 1));
      const east = Math.min(x.regions - 1, i);
      const bin = Math.floor(levels[at]! / binSize);
      const value =
        (1 - down) * ((1 - right) * maps[top + west]![bin]! + right * maps[top + east]![bin]!) +
        down * ((1 - right) * maps[bottom + west]![bin]! + right * maps[bottom + east]![bin]!);
      mapped[at] = Math.trunc(Math.fround(value));
    }
  }
  const [low, high] = extremes(mapped);
  const span = high > low ? high - low : 1;
  for (let i = 0; i < mapped.length; i++) mapped[i] = (mapped[i]! - low) / span;
  return createImage(mapped, [height, width]);
}

/** Values stretched to 0..16383, by way of 16 bits as scikit-image does; undefined where all are equal. */
function stretched(data: PixelData): Uint16Array | undefined {
  const [low, high] = extremes(data);
  if (data instanceof Float32Array && (low < 0 || high > 1)) {
    throw new RangeError(`image must hold samples in 0..1, got ${low} to ${high}; see stretchContrast.`);
  }
  const sixteen = (value: number) =>
    data instanceof Float32Array ? roundEven(value * 65535) : data instanceof Uint8Array ? value * 257 : value;
  const from = sixteen(low);
  const to = sixteen(high);
  if (from === to) return undefined;
  return Uint16Array.from(data, (value) => roundEven(((sixteen(value) - from) / (to - from)) * (LEVELS - 1)));
}

function roundEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** Places of a side mirrored at its ends so that whole regions, and half a region on each end, cover it. */
function padding(length: number, tile: number): { places: Int32Array; regions: number } {
  const after = ((tile - (length % tile)) % tile) + Math.ceil(tile / 2);
  const places = paddedPlaces(length, tile >> 1, after, 'mirror');
  return { places, regions: Math.floor(places.length / tile) - 1 };
}

/** Cuts counts off at a limit and spreads the rest evenly, as scikit-image does. */
function clip(counts: Int32Array, limit: number): void {
  const bins = counts.length;
  let excess = 0;
  for (let i = 0; i < bins; i++) {
    if (counts[i]! <= limit) continue;
    excess += counts[i]! - limit;
    counts[i] = limit;
  }
  const increment = Math.floor(excess / bins);
  const upper = limit - increment;
  const was = counts.slice();
  for (let i = 0; i < bins; i++) {
    if (was[i]! < upper) {
      counts[i]! += increment;
      excess -= increment;
    }
  }
  // Counts that were raised just now take part again where they lie below the limit still.
  const raised = counts.slice();
  for (let i = 0; i < bins; i++) {
    if (raised[i]! >= upper && raised[i]! < limit) {
      excess += raised[i]! - limit;
      counts[i] = limit;
    }
  }
  while (excess > 0) {
    const before = excess;
    for (let index = 0; index < bins && excess > 0; index++) {
      let under = 0;
      for (let i = 0; i < bins; i++) if (counts[i]! < limit) under++;
      const step = Math.max(1, Math.floor(under / excess));
      for (let i = index; i < bins; i += step) {
        if (counts[i]! >= limit) continue;
        counts[i]!++;
        excess--;
      }
    }
    if (excess === before) break;
  }
}
