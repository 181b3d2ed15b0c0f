import { createMask } from '../core/arrays.js';
import { requireKnownOptions } from '../core/check.js';
import type { Image, Mask, PixelData } from '../core/types.js';
import { type Connectivity, requireConnectivity } from './components.js';
import { greyImage, requireFiniteSamples } from './greyImage.js';

/** Options of {@link localMaxima} and {@link localMinima}. */
export interface LocalExtremaOptions {
  /** Which pixels are neighbours: 4 or 8. @defaultValue 8 */
  readonly connectivity?: Connectivity;
}

/**
 * Marks (1) the local maxima of a grey image: connected pixels of one value whose neighbours are all lower. Those at the
 * border count; a constant image has none. Equal to scikit-image's `local_maxima`.
 *
 * @throws RangeError for several channels or samples that are not finite.
 *
 * @example
 * ```ts
 * localMaxima(createImage(new Uint8Array([1, 5, 5, 2, 3]), [1, 5])).data; // [0, 1, 1, 0, 1]
 * ```
 */
export function localMaxima(image: Image, options: LocalExtremaOptions = {}): Mask {
  return markedTops('localMaxima', image, options, 1);
}

/** Marks the tops of an image, or with `sign` -1 its hollows. */
export function markedTops(name: string, image: Image, options: LocalExtremaOptions, sign: 1 | -1): Mask {
  requireKnownOptions(name, options, ['connectivity']);
  const { connectivity = 8 } = options;
  const { data, height, width } = greyImage('image', image);
  requireConnectivity(connectivity);
  requireFiniteSamples('image', data);
  return createMask(tops(data, height, width, connectivity, sign), [height, width]);
}

function tops(data: PixelData, height: number, width: number, connectivity: Connectivity, sign: number): Uint8Array {
  // 1 may be a top, 0 is none: a plateau with a higher neighbour falls as a whole.
  const marks = new Uint8Array(data.length).fill(1);
  const stack: number[] = [];
  const reach = connectivity === 8 ? 1 : 0;
  const fall = (at: number) => {
    marks[at] = 0;
    stack.push(at);
  };
  const around = (at: number, visit: (other: number) => void) => {
    const row = Math.floor(at / width);
    const column = at - row * width;
    for (let y = -1; y <= 1; y++) {
      if (row + y < 0 || row + y >= height) continue;
      const side = y === 0 ? 1 : reach;
      for (let x = -side; x <= side; x++) {
        if ((x !== 0 || y !== 0) && column + x >= 0 && column + x < width) visit(at + y * width + x);
      }
    }
  };
  let constant = true;
  for (let at = 0; at < data.length; at++) {
    if (data[at] !== data[0]) constant = false;
    if (marks[at] === 0) continue;
    let higher = false;
    around(at, (other) => {
      if (sign * data[other]! > sign * data[at]!) higher = true;
    });
    if (!higher) continue;
    fall(at);
    while (stack.length > 0) {
      const next = stack.pop()!;
      around(next, (other) => {
        if (marks[other] === 1 && data[other] === data[next]) fall(other);
      });
    }
  }
  return constant ? marks.fill(0) : marks;
}
