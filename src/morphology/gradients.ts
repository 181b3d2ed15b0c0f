import type { NdArray } from 'ndarray';
import { createImage } from '../core/arrays.js';
import { requireKnownOptions, requireOneOf } from '../core/check.js';
import type { Image } from '../core/types.js';
import { type BorderMode, beyond, requireBorderMode } from './borders.js';
import { greyImage, requireFiniteSamples } from './greyImage.js';

/** Options of the gradients. */
export interface GradientOptions {
  /**
   * `'magnitude'` is the root of the mean of both squares; `'row'` the slope down the rows (it answers to horizontal
   * edges), `'column'` the slope along them. @defaultValue 'magnitude'
   */
  readonly direction?: 'magnitude' | 'row' | 'column';
  /** What lies beyond the border. @defaultValue 'reflect' */
  readonly mode?: BorderMode;
}

/** The difference of the two neighbours in one direction, smoothed by `side`, `middle`, `side` in the other. */
export function gradient(
  name: string,
  image: Image,
  options: GradientOptions,
  side: number,
  middle: number,
): NdArray<Float32Array> {
  requireKnownOptions(name, options, ['direction', 'mode']);
  const { direction = 'magnitude', mode = 'reflect' } = options;
  requireOneOf('direction', direction, ['magnitude', 'row', 'column']);
  requireBorderMode(mode);
  const { data, height, width } = greyImage('image', image);
  requireFiniteSamples('image', data);
  const result = new Float32Array(data.length);
  const pad = (row: number, to: Float64Array) => {
    const from = beyond(row, height, mode);
    for (let i = 0; i < width + 2; i++) {
      const place = beyond(i - 1, width, mode);
      to[i] = from < 0 || place < 0 ? 0 : data[from * width + place]!;
    }
  };
  let above = new Float64Array(width + 2);
  let here = new Float64Array(width + 2);
  let below = new Float64Array(width + 2);
  pad(-1, above);
  pad(0, here);
  for (let row = 0, at = 0; row < height; row++) {
    pad(row + 1, below);
    for (let x = 0; x < width; x++, at++) {
      const down =
        side * (below[x]! - above[x]!) +
        middle * (below[x + 1]! - above[x + 1]!) +
        side * (below[x + 2]! - above[x + 2]!);
      const right =
        side * (above[x + 2]! - above[x]!) + middle * (here[x + 2]! - here[x]!) + side * (below[x + 2]! - below[x]!);
      result[at] =
        direction === 'row' ? down : direction === 'column' ? right : Math.sqrt((down * down + right * right) / 2);
    }
    [above, here, below] = [here, below, above];
  }
  return createImage(result, [height, width]);
}
