import { FormatError } from '../core/errors.js';
import { requireMemory, viewOf } from './bytes.js';

/** What a PNG file holds before its samples are unpacked. */
export interface PngChunks {
  readonly width: number;
  readonly height: number;
  /** Bits a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** Samples a pixel as stored; 1 for a palette. */
  readonly channels: number;
  readonly interlaced: boolean;
  /** RGB triples of an indexed image. */
  readonly palette: Uint8Array | undefined;
  /** Alpha of the first palette entries. */
  readonly paletteAlpha: Uint8Array | undefined;
  /** The compressed samples of all IDAT chunks. */
  readonly data: Uint8Array;
}

const GREY = 0;
const RGB = 2;
const INDEXED = 3;
const GREY_ALPHA = 4;
const RGBA = 6;

/** Walks the chunks of a PNG file and checks each one's place, length and CRC. */
export function readPngChunks(bytes: Uint8Array): PngChunks {
  const view = viewOf(bytes);
  const crcTable = makeCrcTable();
  let header: Omit<PngChunks, 'palette' | 'paletteAlpha' | 'data'> | undefined;
  let colourType = -1;
  let palette: Uint8Array | undefined;
  let transparency: Uint8Array | undefined;
  const parts: Uint8Array[] = [];
  for (let at = 8; ; ) {
    if (at + 12 > bytes.length)
      throw new FormatError(`PNG: the file ends at byte ${bytes.length}, before its end mark.`);
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const end = at + 8 + length;
    if (end + 4 > bytes.length) {
      throw new FormatError(`PNG: the file ends at byte ${bytes.length}, inside its ${printable(type)} chunk.`);
    }
    if (crc32(crcTable, bytes, at + 4, end) !== view.getUint32(end)) {
      throw new FormatError(`PNG: the ${printable(type)} chunk at byte ${at} is damaged, its checksum does not match.`);
    }
    const body = bytes.subarray(at + 8, end);
    if (header === undefined && type !== 'IHDR') {
      throw new FormatError(`PNG: the first chunk must be IHDR, got ${printable(type)}.`);
    }
    if (type === 'IHDR') {
      if (header !== undefined || length !== 13)
        throw new FormatError('PNG: there must be one IHDR chunk of 13 bytes.');
      colourType = body[9]!;
      header = readHeader(viewOf(body), colourType);
    } else if (type === 'PLTE') {
      if (length === 0 || length % 3 !== 0 || length > 768) {
        throw new FormatError(`PNG: the palette must hold 1 to 256 colours of 3 bytes, got ${length} bytes.`);
      }
      palette = body;
    } else if (type === 'tRNS') transparency = body;
    else if (type === 'IDAT') parts.push(body);
    else if (type === 'IEND') break;
    else if (type.charCodeAt(0) < 97)
      throw new FormatError(`PNG: the chunk ${printable(type)} is needed but not known.`);
    at = end + 4;
  }
  if (parts.length === 0) throw new FormatError('PNG: the file holds no image data.');
  if (colourType === INDEXED && palette === undefined) throw new FormatError('PNG: the palette is missing.');
  const indexed = colourType === INDEXED;
  return {
    ...header!,
    palette: indexed ? palette : undefined,
    paletteAlpha: indexed ? transparency : undefined,
    data: parts.length === 1 ? parts[0]! : join(parts),
  };
}

function readHeader(view: DataView, colourType: number): Omit<PngChunks, 'palette' | 'paletteAlpha' | 'data'> {
  const width = view.getUint32(0);
  const height = view.getUint32(4);
  const depth = view.getUint8(8);
  const interlace = view.getUint8(12);
  const channels = channelsOf(colourType);
  if (width === 0 || height === 0) throw new FormatError(`PNG: the image must not be empty, got ${width} x ${height}.`);
  if (channels === 0) throw new FormatError(`PNG: the colour type must be 0, 2, 3, 4 or 6, got ${colourType}.`);
  const depths = colourType === GREY ? [1, 2, 4, 8, 16] : colourType === INDEXED ? [1, 2, 4, 8] : [8, 16];
  if (!depths.includes(depth)) {
    throw new FormatError(`PNG: colour type ${colourType} must have ${depths.join(', ')} bits a sample, got ${depth}.`);
  }
  if (view.getUint8(10) !== 0 || view.getUint8(11) !== 0 || interlace > 1) {
    throw new FormatError('PNG: the methods of compression, filter and interlace must be known ones.');
  }
  requireMemory('PNG', height, width, channels);
  return { width, height, depth, channels, interlaced: interlace === 1 };
}

function channelsOf(colourType: number): number {
  switch (colourType) {
    case GREY:
    case INDEXED:
      return 1;
    case GREY_ALPHA:
      return 2;
    case RGB:
      return 3;
    case RGBA:
      return 4;
    default:
      return 0;
  }
}

function makeCrcTable(): Uint32Array {
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    let value = i;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    table[i] = value;
  }
  return table;
}

function crc32(table: Uint32Array, bytes: Uint8Array, from: number, to: number): number {
  let crc = -1;
  for (let i = from; i < to; i++) crc = table[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

function printable(type: string): string {
  return /^[A-Za-z]{4}$/.test(type) ? type : 'unreadable';
}
