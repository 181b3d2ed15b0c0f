import { FormatError } from '../core/errors.js';
import { requireBytes, requireMemory } from './bytes.js';
import { sniffFormat } from './sniffFormat.js';
import { type BlockLayout, expandBlock, requireKnownCompression, rowBytesOf } from './tiffBlocks.js';
import { readTiffDirectories, TAG, type TiffDirectory } from './tiffDirectory.js';
import type { AnySamples } from './toImage.js';

/** One image of a TIFF file, samples as stored. */
export interface RawTiffPage {
  readonly directory: TiffDirectory;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Bits a sample in the file: samples of 1, 2 and 4 bits take a byte here, unscaled. */
  readonly bits: number;
  /** 0 white is zero, 1 black is zero, 2 RGB, 3 palette. */
  readonly photometric: number;
  readonly data: AnySamples;
}

/** Reads the full-size pages of a TIFF file; reduced copies of another page (thumbnails) are left out. */
export function readTiffPages(bytes: Uint8Array): RawTiffPage[] {
  requireBytes('bytes', bytes);
  if (sniffFormat(bytes) !== 'tiff') throw new FormatError('TIFF: the file does not begin with the TIFF signature.');
  const directories = readTiffDirectories(bytes);
  const full = directories.filter((directory) => (directory.number(TAG.subfileType, 0) & 1) === 0);
  return (full.length > 0 ? full : directories).map((directory) => readPage(bytes, directory));
}

function readPage(bytes: Uint8Array, directory: TiffDirectory): RawTiffPage {
  const width = directory.number(TAG.width);
  const height = directory.number(TAG.height);
  const channels = directory.number(TAG.samples, 1);
  const photometric = directory.number(TAG.photometric, 1);
  if (!(width > 0 && height > 0 && channels > 0)) {
    throw new FormatError(`TIFF: the image must not be empty, got ${width} x ${height} with ${channels} samples.`);
  }
  if (photometric > 3) {
    throw new FormatError(
      `TIFF: photometric interpretation ${photometric} is not supported; grey, RGB and palette are.`,
    );
  }
  if (photometric === 2 && channels < 3) throw new FormatError(`TIFF: RGB must have 3 samples, got ${channels}.`);
  if (photometric === 3 && channels > 1) throw new FormatError(`TIFF: a palette has 1 sample, got ${channels}.`);
  if (directory.number(TAG.fillOrder, 1) !== 1) throw new FormatError('TIFF: fill order 2 is not supported.');
  const bits = uniform(directory, TAG.bits, 1);
  const format = uniform(directory, TAG.sampleFormat, 1);
  requireMemory('TIFF', height, width, channels);
  const whole = new Uint8Array(readBlocks(bytes, directory, width, height, channels, bits));
  const data = toSamples(whole, bits, format);
  if (photometric === 0) invert(data, bits);
  return { directory, width, height, channels, bits, photometric, data };
}

/** The one value of a tag that holds a value a sample. */
function uniform(directory: TiffDirectory, tag: number, otherwise: number): number {
  const values = directory.numbers(tag) ?? [otherwise];
  if (values.some((value) => value !== values[0])) {
    throw new FormatError(
      `TIFF: all channels must be stored alike, got ${values.slice(0, 8).join(', ')} in tag ${tag}.`,
    );
  }
  return values[0]!;
}

function toSamples(whole: Uint8Array, bits: number, format: number): AnySamples {
  const buffer = whole.buffer as ArrayBuffer;
  switch (`${bits <= 8 ? 8 : bits} ${format}`) {
    case '8 1':
    case '8 4':
      return whole;
    case '8 2':
      return new Int8Array(buffer);
    case '16 1':
    case '16 4':
      return new Uint16Array(buffer);
    case '16 2':
      return new Int16Array(buffer);
    case '32 1':
    case '32 4':
      return new Uint32Array(buffer);
    case '32 2':
      return new Int32Array(buffer);
    case '32 3':
      return new Float32Array(buffer);
    case '64 3':
      return new Float64Array(buffer);
    default:
      throw new FormatError(`TIFF: samples of ${bits} bits in sample format ${format} are not supported.`);
  }
}

/** White is zero: the largest value becomes 0. Signed and float samples stay as stored. */
function invert(data: AnySamples, bits: number): void {
  if (data instanceof Uint8Array || data instanceof Uint16Array || data instanceof Uint32Array) {
    const largest = 2 ** bits - 1;
    for (let i = 0; i < data.length; i++) data[i] = largest - data[i]!;
  }
}

/** Puts strips or tiles together: height * width * channels samples, channels last, in the machine's byte order. */
function readBlocks(
  bytes: Uint8Array,
  directory: TiffDirectory,
  width: number,
  height: number,
  channels: number,
  bits: number,
): ArrayBuffer {
  if (![1, 2, 4, 8, 16, 32, 64].includes(bits)) {
    throw new FormatError(`TIFF: samples must have 1, 2, 4, 8, 16, 32 or 64 bits, got ${bits}.`);
  }
  const tiled = directory.numbers(TAG.tileOffsets) !== undefined;
  const columns = tiled ? directory.number(TAG.tileWidth) : width;
  const rows = tiled ? directory.number(TAG.tileHeight) : Math.min(directory.number(TAG.rowsPerStrip, height), height);
  const offsets = directory.numbers(tiled ? TAG.tileOffsets : TAG.stripOffsets);
  const counts = directory.numbers(tiled ? TAG.tileByteCounts : TAG.stripByteCounts);
  const planes = directory.number(TAG.planar, 1) === 2 ? channels : 1;
  const compression = directory.number(TAG.compression, 1);
  const predictor = directory.number(TAG.predictor, 1);
  requireKnownCompression(compression);
  if (![1, 2, 3].includes(predictor)) throw new FormatError(`TIFF: predictor ${predictor} is not supported.`);
  if (!(columns > 0 && rows > 0)) throw new FormatError(`TIFF: blocks must not be empty, got ${columns} x ${rows}.`);
  const across = Math.ceil(width / columns);
  const down = Math.ceil(height / rows);
  const kind = tiled ? 'tile' : 'strip';
  if (offsets?.length !== across * down * planes || counts?.length !== offsets.length) {
    throw new FormatError(
      `TIFF: the image needs ${across * down * planes} ${kind}s, got ${offsets?.length ?? 0} places and ${counts?.length ?? 0} lengths.`,
    );
  }
  const layout: BlockLayout = {
    compression,
    predictor: compression === 1 ? 1 : predictor,
    bits,
    columns,
    samples: channels / planes,
    littleEndian: directory.littleEndian,
  };
  requirePlausible(counts, across * down * planes * rows * rowBytesOf(layout), compression);
  const sampleBytes = Math.max(1, bits >> 3);
  const result = new Uint8Array(width * height * channels * sampleBytes);
  const geometry = { width, height, channels, planes, sampleBytes };
  for (let i = 0; i < offsets.length; i++) {
    const from = offsets[i]!;
    const what = `${kind} ${i}`;
    if (from + counts[i]! > bytes.length) {
      throw new FormatError(`TIFF: the file ends at byte ${bytes.length}, before the end of ${what}.`);
    }
    const place = i % (across * down);
    const top = Math.floor(place / across) * rows;
    const left = (place % across) * columns;
    const blockRows = tiled ? rows : Math.min(rows, height - top);
    const block = expandBlock(bytes.subarray(from, from + counts[i]!), blockRows, layout, what);
    placeBlock(result, block, layout, blockRows, top, left, Math.floor(i / (across * down)), geometry);
  }
  return result.buffer;
}

/** No compression shrinks more than about 1400 times (LZW): a header that promises more is refused before any work. */
function requirePlausible(counts: readonly number[], size: number, compression: number): void {
  const stored = counts.reduce((sum, count) => sum + count, 0);
  const most = compression === 1 ? 1 : 2800;
  // The last strip may be shorter than the others: the exact check is made block by block.
  if (size > (stored + 64) * most * 2 && size > 2 ** 24) {
    throw new FormatError(`TIFF: ${stored} bytes of image data are too few for ${size} bytes of samples.`);
  }
}

function placeBlock(
  result: Uint8Array,
  block: Uint8Array,
  layout: BlockLayout,
  blockRows: number,
  top: number,
  left: number,
  plane: number,
  {
    width,
    height,
    channels,
    planes,
    sampleBytes,
  }: Readonly<Record<'width' | 'height' | 'channels' | 'planes' | 'sampleBytes', number>>,
): void {
  const rowBytes = rowBytesOf(layout);
  const columns = Math.min(layout.columns, width - left);
  const rows = Math.min(blockRows, height - top);
  for (let row = 0; row < rows; row++) {
    const from = row * rowBytes;
    const to = ((top + row) * width + left) * channels * sampleBytes;
    if (layout.bits >= 8 && planes === 1) {
      result.set(block.subarray(from, from + columns * channels * sampleBytes), to);
      continue;
    }
    const samples = columns * layout.samples;
    const step = planes === 1 ? 1 : channels;
    for (let i = 0; i < samples; i++) {
      const target = to + (i * step + (planes === 1 ? 0 : plane)) * sampleBytes;
      if (layout.bits < 8) {
        const bit = i * layout.bits;
        const byte = block[from + (bit >> 3)]!;
        result[target] = (byte >> (8 - layout.bits - (bit & 7))) & ((1 << layout.bits) - 1);
      } else {
        for (let b = 0; b < sampleBytes; b++) result[target + b] = block[from + i * sampleBytes + b]!;
      }
    }
  }
}
