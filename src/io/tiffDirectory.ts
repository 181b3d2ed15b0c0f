import { FormatError } from '../core/errors.js';
import { viewOf } from './bytes.js';

/** Numbers of the tags that are read or written. */
export const TAG = {
  subfileType: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  description: 270,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  xResolution: 282,
  yResolution: 283,
  planar: 284,
  resolutionUnit: 296,
  predictor: 317,
  colorMap: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  extraSamples: 338,
  sampleFormat: 339,
  zeiss: 34118,
  gatanUnitX: 65003,
  gatanUnitY: 65004,
  gatanScaleX: 65009,
  gatanScaleY: 65010,
} as const;

/** The tags of one image of a TIFF file; a value is read when asked for. */
export interface TiffDirectory {
  readonly littleEndian: boolean;
  /** Numbers of a tag; rationals as their quotient; `undefined` where the tag is absent. */
  numbers(tag: number): number[] | undefined;
  /** The first number of a tag that counts or names something, or `otherwise`; anything but a whole number is refused. */
  number(tag: number, otherwise?: number): number;
  /** Text of a tag without its closing zero. */
  text(tag: number): string | undefined;
}

/** Bytes of one value of each field type, BYTE to DOUBLE. */
function sizeOfType(type: number): number {
  return [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8][type] ?? 0;
}

/** Reads the directories of a TIFF file in order (TIFF 6.0, section 2). */
export function readTiffDirectories(bytes: Uint8Array): TiffDirectory[] {
  const view = viewOf(bytes);
  const little = bytes[0] === 0x49;
  if (bytes.length < 8) throw new FormatError(`TIFF: the file ends at byte ${bytes.length}, inside its header.`);
  if (view.getUint16(2, little) === 43) throw new FormatError('TIFF: BigTIFF files are not supported.');
  const directories: TiffDirectory[] = [];
  const seen = new Set<number>();
  for (let at = view.getUint32(4, little); at !== 0; ) {
    if (seen.has(at)) throw new FormatError(`TIFF: the directories run in a circle at byte ${at}.`);
    seen.add(at);
    if (at + 2 > bytes.length) throw endsBefore(bytes, `directory ${directories.length} at byte ${at}`);
    const count = view.getUint16(at, little);
    const end = at + 2 + count * 12;
    if (count === 0) throw new FormatError(`TIFF: directory ${directories.length} at byte ${at} is empty.`);
    if (end + 4 > bytes.length) throw endsBefore(bytes, `the end of directory ${directories.length}`);
    directories.push(makeDirectory(bytes, view, little, at + 2, count));
    at = view.getUint32(end, little);
  }
  if (directories.length === 0) throw new FormatError('TIFF: the file holds no image.');
  return directories;
}

function endsBefore(bytes: Uint8Array, what: string): FormatError {
  return new FormatError(`TIFF: the file ends at byte ${bytes.length}, before ${what}.`);
}

function makeDirectory(
  bytes: Uint8Array,
  view: DataView,
  littleEndian: boolean,
  first: number,
  count: number,
): TiffDirectory {
  const places = new Map<number, number>();
  for (let i = 0; i < count; i++) places.set(view.getUint16(first + i * 12, littleEndian), first + i * 12);

  const locate = (tag: number) => {
    const entry = places.get(tag);
    if (entry === undefined) return undefined;
    const type = view.getUint16(entry + 2, littleEndian);
    const length = view.getUint32(entry + 4, littleEndian);
    const size = sizeOfType(type) * length;
    if (size === 0) throw new FormatError(`TIFF: tag ${tag} has an unknown type (${type}) or no value.`);
    const from = size <= 4 ? entry + 8 : view.getUint32(entry + 8, littleEndian);
    if (from + size > bytes.length) throw endsBefore(bytes, `the value of tag ${tag}`);
    return { type, length, from };
  };

  const numbers = (tag: number) => {
    const place = locate(tag);
    if (place === undefined) return undefined;
    const { type, length, from } = place;
    const size = sizeOfType(type);
    return Array.from({ length }, (_, i) => readValue(view, from + i * size, type, littleEndian));
  };

  return {
    littleEndian,
    numbers,
    number(tag, otherwise) {
      const value = numbers(tag)?.[0] ?? otherwise;
      if (value === undefined) throw new FormatError(`TIFF: tag ${tag}, which is needed, is missing.`);
      if (!Number.isSafeInteger(value) || value < 0) {
        throw new FormatError(`TIFF: tag ${tag} must be a whole number, got ${value}.`);
      }
      return value;
    },
    text(tag) {
      const place = locate(tag);
      if (place === undefined) return undefined;
      const body = bytes.subarray(place.from, place.from + place.length * sizeOfType(place.type));
      return decodeText(body).replace(/\0[\s\S]*$/, '');
    },
  };
}

/** TIFF text ought to be ASCII; writers put UTF-8 or Latin-1 there. */
function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

function readValue(view: DataView, at: number, type: number, little: boolean): number {
  switch (type) {
    case 3:
      return view.getUint16(at, little);
    case 4:
      return view.getUint32(at, little);
    case 5:
      return view.getUint32(at, little) / view.getUint32(at + 4, little);
    case 6:
      return view.getInt8(at);
    case 8:
      return view.getInt16(at, little);
    case 9:
      return view.getInt32(at, little);
    case 10:
      return view.getInt32(at, little) / view.getInt32(at + 4, little);
    case 11:
      return view.getFloat32(at, little);
    case 12:
      return view.getFloat64(at, little);
    default:
      return view.getUint8(at);
  }
}
