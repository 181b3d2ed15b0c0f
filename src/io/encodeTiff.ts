import { contiguous } from '../core/arrays.js';
import { requireImage, requireInteger, requireKnownOptions, requireLabels, requireOneOf } from '../core/check.js';
import type { Calibration, Image, Labels, Mask } from '../core/types.js';
import { viewOf } from './bytes.js';
import { compressBlocks, type TiffBlocks } from './tiffCompress.js';
import { TAG } from './tiffDirectory.js';
import { encodeDirectory, type TiffField } from './tiffFields.js';
import { imageJTags } from './tiffImageJ.js';

/** Options of {@link encodeTiff}. */
export interface EncodeTiffOptions {
  /** How the blocks are compressed. @defaultValue 'deflate' */
  compression?: 'none' | 'lzw' | 'deflate' | 'packbits';
  /**
   * `'horizontal'` stores differences of neighbours, which compresses integer images better; only with LZW and Deflate,
   * not for floats. @defaultValue 'none'
   */
  predictor?: 'none' | 'horizontal';
  /** Rows of a strip; without it, as many as make about 64 KiB. Not together with `tile`. */
  rowsPerStrip?: number;
  /** Writes square tiles of this edge instead of strips, a multiple of 16. */
  tile?: number;
  /** Order of the bytes in the file. @defaultValue 'little' */
  byteOrder?: 'little' | 'big';
  /** Pixel size, written as ImageJ does; {@link decodeTiff} and ImageJ read it. */
  calibration?: Calibration;
}

/**
 * Encodes one image or several as the pages of a TIFF file: uint8, uint16 and float32 images, masks, and labels (as
 * 32-bit integers). Three channels are written as RGB, four as RGB with alpha, others as grey with extra samples.
 *
 * @throws RangeError or TypeError for what is no image, and for options that do not go together.
 *
 * @example
 * ```ts
 * const image = createImage(new Float32Array([0.5, -1, 3, 1e6]), [2, 2]);
 * const bytes = encodeTiff(image, { calibration: { pixelSize: 0.5, unit: 'nm' } });
 * decodeTiff(bytes)[0].calibration.pixelSize; // 0.5
 * ```
 */
export function encodeTiff(
  images: Image | Mask | Labels | readonly (Image | Mask | Labels)[],
  options: EncodeTiffOptions = {},
): Uint8Array {
  const known = ['compression', 'predictor', 'rowsPerStrip', 'tile', 'byteOrder', 'calibration'];
  requireKnownOptions('encodeTiff', options, known);
  const {
    compression = 'deflate',
    predictor = 'none',
    rowsPerStrip,
    tile,
    byteOrder = 'little',
    calibration,
  } = options;
  requireOneOf('compression', compression, ['none', 'lzw', 'deflate', 'packbits']);
  requireOneOf('predictor', predictor, ['none', 'horizontal']);
  requireOneOf('byteOrder', byteOrder, ['little', 'big']);
  if (rowsPerStrip !== undefined) requireInteger('rowsPerStrip', rowsPerStrip, { min: 1 });
  if (tile !== undefined) {
    requireInteger('tile', tile, { min: 16 });
    if (tile % 16 !== 0) throw new RangeError(`tile must be a multiple of 16, got ${tile}.`);
    if (rowsPerStrip !== undefined) throw new RangeError('rowsPerStrip must be left out where tile is given.');
  }
  const list = 'shape' in images ? [images] : images;
  if (list.length === 0) throw new RangeError('images must hold at least one image, got none.');
  if (predictor === 'horizontal') {
    if (compression !== 'lzw' && compression !== 'deflate') {
      throw new RangeError(`predictor must be "none" with the compression "${compression}", got "horizontal".`);
    }
    if (list.some((image) => image.data instanceof Float32Array)) {
      throw new RangeError('predictor must be "none" for float images, got "horizontal".');
    }
  }
  const little = byteOrder === 'little';
  const parts: Uint8Array[] = [header(little)];
  let at = 8;
  let linkAt = 4;
  list.forEach((image, page) => {
    if (image.data instanceof Int32Array) requireLabels('images', image);
    else requireImage('images', image);
    const blocks = compressBlocks(contiguous<Image['data'] | Int32Array>(image as Image), {
      compression,
      predictor,
      rowsPerStrip,
      tile,
      little,
    });
    const offsets = blocks.data.map((block) => {
      const from = at;
      parts.push(block);
      at += block.length;
      if (block.length % 2 === 1) {
        parts.push(new Uint8Array(1));
        at++;
      }
      return from;
    });
    const fields = fieldsOf(blocks, offsets, compression, predictor);
    fields.push(...(calibration === undefined ? [] : imageJTags(calibration, page === 0 ? list.length : 1)));
    const directory = encodeDirectory(fields, at, little);
    writeLink(parts, linkAt, at, little);
    parts.push(directory.bytes);
    linkAt = at + directory.linkAt;
    at += directory.bytes.length;
    if (at > 2 ** 32 - 1) throw new RangeError('images must take less than 4 GiB in a TIFF file, got more.');
  });
  return join(parts, at);
}

function header(little: boolean): Uint8Array {
  const bytes = new Uint8Array(8);
  bytes.fill(little ? 0x49 : 0x4d, 0, 2);
  viewOf(bytes).setUint16(2, 42, little);
  return bytes;
}

function fieldsOf(blocks: TiffBlocks, offsets: readonly number[], compression: string, predictor: string): TiffField[] {
  const { width, height, channels, bits, format, columns, rows, tiled, data } = blocks;
  const short = (tag: number, ...values: number[]): TiffField => ({ tag, type: 'short', values });
  const long = (tag: number, ...values: number[]): TiffField => ({ tag, type: 'long', values });
  const each = (value: number) => new Array<number>(channels).fill(value);
  const isRgb = channels === 3 || channels === 4;
  const extra = isRgb ? channels - 3 : channels - 1;
  const code = { none: 1, lzw: 5, deflate: 8, packbits: 32773 }[compression]!;
  const counts = data.map((block) => block.length);
  return [
    long(TAG.width, width),
    long(TAG.height, height),
    short(TAG.bits, ...each(bits)),
    short(TAG.compression, code),
    short(TAG.photometric, isRgb ? 2 : 1),
    short(TAG.samples, channels),
    short(TAG.planar, 1),
    short(TAG.sampleFormat, ...each(format)),
    ...(predictor === 'horizontal' ? [short(TAG.predictor, 2)] : []),
    // 2: alpha that is not multiplied in; 0: not specified.
    ...(extra > 0
      ? [short(TAG.extraSamples, ...new Array<number>(extra).fill(channels === 4 || channels === 2 ? 2 : 0))]
      : []),
    ...(tiled
      ? [
          long(TAG.tileWidth, columns),
          long(TAG.tileHeight, rows),
          long(TAG.tileOffsets, ...offsets),
          long(TAG.tileByteCounts, ...counts),
        ]
      : [long(TAG.stripOffsets, ...offsets), long(TAG.rowsPerStrip, rows), long(TAG.stripByteCounts, ...counts)]),
  ];
}

/** Writes the place of a directory into the part that holds byte `linkAt` of the file. */
function writeLink(parts: readonly Uint8Array[], linkAt: number, target: number, little: boolean): void {
  let start = 0;
  for (const part of parts) {
    if (linkAt < start + part.length) {
      viewOf(part).setUint32(linkAt - start, target, little);
      return;
    }
    start += part.length;
  }
}

function join(parts: readonly Uint8Array[], size: number): Uint8Array {
  const result = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
