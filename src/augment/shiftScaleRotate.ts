import { requireInteger, requireKnownOptions, requireNumber, requireOneOf } from '../core/check.js';
import { cos, sin } from '../core/math.js';
import type { Sample } from '../core/types.js';
import { borderModes, drawFrom, type Limit, readLimit } from './limits.js';
import { move } from './samples.js';
import { sometimes } from './sometimes.js';
import type { PaddingMode, Transform } from './types.js';
import { requireFill } from './values.js';
import { type Affine, inverse, warpLinear, warpNearest } from './warp.js';

/** Options of {@link shiftScaleRotate}; a limit of one number means plus or minus so much. */
export interface ShiftScaleRotateOptions {
  /** Shift as a share of width and height, each drawn by itself. @defaultValue 0.0625 */
  readonly shiftLimit?: Limit;
  /** Shift to the right, where it differs. @defaultValue shiftLimit */
  readonly shiftLimitX?: Limit;
  /** Shift downwards, where it differs. @defaultValue shiftLimit */
  readonly shiftLimitY?: Limit;
  /** Change of scale: 0.1 is a factor of 0.9 to 1.1. @defaultValue 0.1 */
  readonly scaleLimit?: Limit;
  /** Angle in degrees, counter-clockwise. @defaultValue 45 */
  readonly rotateLimit?: Limit;
  /** How the image is resampled; mask and labels always take the nearest pixel. @defaultValue 'linear' */
  readonly interpolation?: 'linear' | 'nearest';
  /** What comes into the frame from outside. @defaultValue 'reflect101' */
  readonly borderMode?: PaddingMode;
  /** Value of the image outside, for `'constant'`. @defaultValue 0 */
  readonly fill?: number;
  /** Class of the mask outside, for `'constant'`; labels get 0. @defaultValue 0 */
  readonly fillMask?: number;
  /** Share of the samples that are changed. @defaultValue 0.5 */
  readonly p?: number;
}

const NAMES =
  'shiftLimit shiftLimitX shiftLimitY scaleLimit rotateLimit interpolation borderMode fill fillMask p' as const;

/** The map that turns and scales about the middle of the frame, then shifts. */
function affineOf(
  degrees: number,
  scale: number,
  shiftX: number,
  shiftY: number,
  height: number,
  width: number,
): Affine {
  const angle = (degrees * Math.PI) / 180;
  const a = scale * cos(angle);
  const b = scale * sin(angle);
  const x = (width - 1) / 2;
  const y = (height - 1) / 2;
  return [a, b, (1 - a) * x - b * y + shiftX * width, -b, a, b * x + (1 - a) * y + shiftY * height];
}

/**
 * Returns a transform that turns, scales and shifts a share `p` of the samples about the middle of the frame, whose
 * size stays (Albumentations 1.3 `ShiftScaleRotate`; pixels are taken at exact places, which OpenCV rounds to 1/32).
 *
 * What comes in from outside is a mirror image by default, in image, mask and labels alike; boxes and polygons follow
 * the originals only. Boxes become the bounds of their turned corners, cut at the frame.
 *
 * @throws RangeError or TypeError for options out of range, and for a fill that the image cannot hold.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([1, 2, 3, 4]), [2, 2]);
 * const turn = shiftScaleRotate({ p: 1, shiftLimit: 0, scaleLimit: 0, rotateLimit: [90, 90] });
 * turn({ image }, new Random(1)).image.data; // Uint8Array [2, 4, 1, 3]
 * ```
 */
export function shiftScaleRotate(options: ShiftScaleRotateOptions = {}): Transform {
  requireKnownOptions('shiftScaleRotate', options, NAMES.split(' '));
  const { shiftLimit = 0.0625, interpolation = 'linear', borderMode = 'reflect101' } = options;
  const { fill = 0, fillMask = 0, p = 0.5 } = options;
  const shiftX = readLimit('shiftLimitX', options.shiftLimitX ?? shiftLimit);
  const shiftY = readLimit('shiftLimitY', options.shiftLimitY ?? shiftLimit);
  const scale = readLimit('scaleLimit', options.scaleLimit ?? 0.1);
  requireNumber('scaleLimit, its low end', scale[0], { above: -1 });
  const rotate = readLimit('rotateLimit', options.rotateLimit ?? 45);
  requireOneOf('interpolation', interpolation, ['linear', 'nearest']);
  requireOneOf('borderMode', borderMode, borderModes());
  requireNumber('fill', fill);
  requireInteger('fillMask', fillMask, { min: 0, max: 255 });
  return sometimes(p, (sample, random) => {
    const degrees = drawFrom(random, rotate);
    const factor = 1 + drawFrom(random, scale);
    const [height, width] = sample.image.shape as [number, number];
    const forward = affineOf(degrees, factor, drawFrom(random, shiftX), drawFrom(random, shiftY), height, width);
    return warp(sample, forward, { interpolation, borderMode, fill, fillMask });
  });
}

function warp(
  sample: Sample,
  forward: Affine,
  options: Required<Pick<ShiftScaleRotateOptions, 'interpolation' | 'borderMode' | 'fill' | 'fillMask'>>,
): Sample {
  const { interpolation, borderMode, fill, fillMask } = options;
  const [height, width] = sample.image.shape as [number, number];
  const back = inverse(forward);
  const [a, b, c, d, e, f] = forward;
  requireFill(fill, sample.image.data);
  return move(sample, {
    height,
    width,
    image: (image) =>
      interpolation === 'linear'
        ? warpLinear(image, back, borderMode, fill)
        : warpNearest(image.data, image, back, borderMode, fill),
    ids: (data, missing) => warpNearest(data, { height, width, channels: 1 }, back, borderMode, missing),
    point: (x, y) => [a * x + b * y + c, d * x + e * y + f],
    fillMask,
  });
}
