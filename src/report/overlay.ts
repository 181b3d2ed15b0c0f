import type { NdArray } from 'ndarray';
import { contiguous } from '../core/arrays.js';
import {
  requireImage,
  requireInteger,
  requireKnownOptions,
  requireLabels,
  requireMask,
  requireProbability,
  requireSameSize,
  show,
} from '../core/check.js';
import type { Image, Labels, Mask } from '../core/types.js';
import { labelColor, type Rgb } from './labelColor.js';
import { requireRgb, requireStretch, type Stretch, toRgb } from './rgb.js';

/** Options of {@link overlay}. */
export interface OverlayOptions {
  /** Share of the colour inside a region, in 0..1; 0 leaves the outlines only. @defaultValue 0.35 */
  readonly alpha?: number;
  /**
   * Colour of each class or instance id: a list in which entry `i` belongs to id `i` (entry 0 is not used), or a
   * function of the id. @defaultValue labelColor
   */
  readonly colors?: readonly Rgb[] | ((id: number) => Rgb);
  /** Whether regions get an opaque outline, drawn on their own outermost pixels. @defaultValue true */
  readonly outline?: boolean;
  /** Width of the outline in pixels, 1..16. @defaultValue 1 */
  readonly outlineWidth?: number;
  /** How the image becomes 8-bit. @defaultValue 'auto' */
  readonly stretch?: Stretch;
}

/**
 * Returns the image as 8-bit RGB, `[height, width, 3]`, with every region of a mask or of labels tinted and outlined
 * in its colour. Regions that touch keep a line between them, since each draws its own border.
 *
 * @param image - grey, RGB or RGBA (alpha is not shown) of any sample type.
 * @param regions - a mask (a colour a class) or labels (a colour an instance) of the same height and width.
 * @throws TypeError or RangeError for other arrays, sizes that differ, an id without a colour, or unknown options.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array(9).fill(100), [3, 3]);
 * const mask = createMask([0, 0, 0, 0, 1, 0, 0, 0, 0], [3, 3]);
 * const picture = overlay(image, mask);
 * picture.shape; // [3, 3, 3]
 * [picture.get(1, 1, 0), picture.get(1, 1, 1), picture.get(1, 1, 2)]; // [230, 159, 0]
 * ```
 */
export function overlay(image: Image, regions: Mask | Labels, options: OverlayOptions = {}): NdArray<Uint8Array> {
  requireKnownOptions('overlay', options, ['alpha', 'colors', 'outline', 'outlineWidth', 'stretch']);
  const { alpha = 0.35, colors = labelColor, outline = true, outlineWidth = 1, stretch = 'auto' } = options;
  requireImage('image', image);
  if (regions?.data instanceof Int32Array) requireLabels('regions', regions);
  else requireMask('regions', regions);
  requireSameSize('regions', regions, 'image', image);
  requireProbability('alpha', alpha);
  if (typeof outline !== 'boolean') throw new TypeError(`outline must be true or false, got ${show(outline)}.`);
  requireInteger('outlineWidth', outlineWidth, { min: 1, max: 16 });
  requireStretch(stretch);

  const result = toRgb('image', image, stretch);
  const ids = contiguous<Uint8Array | Int32Array>(regions).data;
  const [height, width] = regions.shape as [number, number];
  const colorOf = colorLookup(colors);
  const edge = outline ? outlineOf(ids, height, width, outlineWidth) : undefined;
  const { data } = result;
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!;
    if (id === 0) continue;
    const color = colorOf(id);
    const share = edge?.[i] ? 1 : alpha;
    for (let channel = 0, at = i * 3; channel < 3; channel++, at++) {
      data[at] = Math.round(data[at]! + (color[channel]! - data[at]!) * share);
    }
  }
  return result;
}

/** Remembers the colour of each id, checked once. */
function colorLookup(colors: NonNullable<OverlayOptions['colors']>): (id: number) => Rgb {
  const known = new Map<number, Rgb>();
  return (id) => {
    let color = known.get(id);
    if (color === undefined) {
      if (id < 0) throw new RangeError(`regions must hold ids of 0 or more, got ${id}.`);
      color = typeof colors === 'function' ? colors(id) : colors[id];
      if (color === undefined) {
        throw new RangeError(`colors must have an entry for every id of regions, got ${colors.length} for id ${id}.`);
      }
      requireRgb(`the colour of id ${id}`, color);
      known.set(id, color);
    }
    return color;
  };
}

/** Marks pixels of regions that have a pixel of another id within `reach` steps along rows and columns. */
function outlineOf(ids: ArrayLike<number>, height: number, width: number, reach: number): Uint8Array {
  const edge = new Uint8Array(ids.length);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      const id = ids[at]!;
      if (id === 0) continue;
      const differs = (down: number, right: number) => {
        const r = row + down;
        const c = column + right;
        return r >= 0 && r < height && c >= 0 && c < width && ids[r * width + c] !== id;
      };
      for (let down = -reach; down <= reach && edge[at] === 0; down++) {
        const span = reach - Math.abs(down);
        for (let right = -span; right <= span; right++) {
          if (differs(down, right)) {
            edge[at] = 1;
            break;
          }
        }
      }
    }
  }
  return edge;
}
