import type { NdArray } from 'ndarray';
import { createImage } from '../core/arrays.js';
import { requireKnownOptions, requireNumber, requireOneOf } from '../core/check.js';
import type { Image } from '../core/types.js';
import { greyImage, requireFiniteSamples } from './greyImage.js';
import { imagejRollingBall } from './imagejRollingBall.js';

/** Options of {@link rollingBall}. */
export interface RollingBallOptions {
  /** Radius of the ball in pixels and sample values; larger than the largest particle. @defaultValue 50 */
  readonly radius?: number;
  /**
   * `'exact'` rolls the ball over every pixel (scikit-image's `rolling_ball`; the cost grows with the square of the
   * radius). `'imagej'` is ImageJ's Subtract Background: it trims the ball, and for radii above 10 rolls it over a smaller
   * image. @defaultValue 'exact'
   */
  readonly method?: 'exact' | 'imagej';
  /** Whether particles are darker than the background. @defaultValue false */
  readonly lightBackground?: boolean;
  /** What comes back: the background, or the image less it (with a light background, the largest background added). @defaultValue 'background' */
  readonly output?: 'background' | 'subtracted';
}

/**
 * Returns the background of a grey image by a ball that rolls below its surface (Sternberg 1983), in the sample values of
 * the input, as floats.
 *
 * @throws RangeError for several channels, samples that are not finite, or a radius that is not above 0.
 *
 * @example
 * ```ts
 * const image = createImage(new Uint8Array([10, 10, 90, 10, 10]), [1, 5]);
 * rollingBall(image, { radius: 3 }).get(0, 2); // 10.17
 * ```
 */
export function rollingBall(image: Image, options: RollingBallOptions = {}): NdArray<Float32Array> {
  requireKnownOptions('rollingBall', options, ['radius', 'method', 'lightBackground', 'output']);
  const { radius = 50, method = 'exact', lightBackground = false, output = 'background' } = options;
  const { data, height, width } = greyImage('image', image);
  requireNumber('radius', radius, { above: 0, max: 10_000 });
  requireOneOf('method', method, ['exact', 'imagej']);
  requireOneOf('output', output, ['background', 'subtracted']);
  requireFiniteSamples('image', data);
  const surface = Float32Array.from(data, (value) => (lightBackground ? -value : value));
  const background =
    method === 'exact' ? exactBall(surface, height, width, radius) : imagejRollingBall(surface, height, width, radius);
  if (lightBackground) for (let i = 0; i < background.length; i++) background[i] = -background[i]!;
  if (output === 'subtracted') {
    const top = lightBackground
      ? background.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
      : 0;
    for (let i = 0; i < background.length; i++) background[i] = data[i]! - background[i]! + top;
  }
  return createImage(background, [height, width]);
}

/** The lowest place of a ball that touches the surface from below, at each pixel. */
function exactBall(data: Float32Array, height: number, width: number, radius: number): Float32Array {
  const reach = Math.floor(radius);
  const result = new Float32Array(data.length).fill(Number.POSITIVE_INFINITY);
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      const square = radius * radius - y * y - x * x;
      if (square < 0) continue;
      const depth = radius - Math.sqrt(square);
      const firstColumn = Math.max(0, -x);
      const lastColumn = Math.min(width, width - x);
      for (let row = Math.max(0, -y); row < Math.min(height, height - y); row++) {
        const start = row * width;
        const from = start + y * width + x;
        for (let column = firstColumn; column < lastColumn; column++) {
          const value = data[from + column]! + depth;
          if (value < result[start + column]!) result[start + column] = value;
        }
      }
    }
  }
  return result;
}
