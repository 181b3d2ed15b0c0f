import { FormatError } from '../core/errors.js';
import { requireBytes } from './bytes.js';
import { choosePage, unknownFormat } from './decodeImage.js';
import { sniffFormat } from './sniffFormat.js';
import { type AnySamples, position } from './toImage.js';

/** One channel of samples as a file holds them. */
export interface IntegerSamples {
  readonly data: AnySamples;
  readonly height: number;
  readonly width: number;
}

/** Reads a file of class indices or instance ids: unscaled, palettes as indices; equal channels count as one. */
export async function readIntegerSamples(bytes: Uint8Array, page: number | undefined): Promise<IntegerSamples> {
  requireBytes('bytes', bytes);
  switch (sniffFormat(bytes)) {
    case 'png': {
      const { readPng } = await import('./decodePng.js');
      const { chunks, data } = readPng(bytes);
      const hasAlpha = chunks.channels === 2 || chunks.channels === 4;
      return oneChannel('PNG', data, chunks.height, chunks.width, chunks.channels, hasAlpha);
    }
    case 'tiff': {
      const { readTiffPages } = await import('./tiffPages.js');
      const { data, height, width, channels, photometric } = choosePage(readTiffPages(bytes), page);
      return oneChannel('TIFF', data, height, width, channels, channels === (photometric === 2 ? 4 : 2));
    }
    case 'npy': {
      const { decodeNpy } = await import('./decodeNpy.js');
      const { data, shape } = decodeNpy(bytes);
      const sides = shape.length === 3 && shape[2] === 1 ? shape.slice(0, 2) : shape;
      if (sides.length !== 2 || sides.includes(0)) {
        throw new FormatError(`NPY: a mask must have two axes, got the shape (${shape.join(', ')}).`);
      }
      return { data, height: sides[0]!, width: sides[1]! };
    }
    case 'jpeg':
      throw new FormatError('JPEG changes values, so it cannot hold a mask: use PNG, TIFF or NPY.');
    default:
      throw unknownFormat(bytes);
  }
}

/** Takes the first of several channels where all others repeat it; alpha must be the same everywhere. */
function oneChannel(
  format: string,
  data: AnySamples,
  height: number,
  width: number,
  channels: number,
  hasAlpha: boolean,
): IntegerSamples {
  if (channels === 1) return { data, height, width };
  const result = data.slice(0, height * width);
  const colours = hasAlpha ? channels - 1 : channels;
  for (let i = 0, from = 0; i < result.length; i++, from += channels) {
    result[i] = data[from]!;
    for (let c = 1; c < channels; c++) {
      const expected = c < colours ? data[from] : data[c];
      if (data[from + c] !== expected) {
        const values = Array.from(data.subarray(from, from + channels)).join(', ');
        throw new FormatError(
          `${format}: a mask must have one channel, or equal ones; ` +
            `got ${values} at ${position(i, [height, width])}.`,
        );
      }
    }
  }
  return { data: result, height, width };
}
