import { unzlibSync } from 'fflate';
import { FormatError } from '../core/errors.js';
import { guarded, isMachineLittleEndian, reverseBytes } from './bytes.js';
import { expandLzw } from './lzw.js';
import { expandPackBits } from './packBits.js';

/** How the samples of a strip or tile lie in the file. */
export interface BlockLayout {
  readonly compression: number;
  readonly predictor: number;
  /** Bits a sample: 1, 2, 4, 8, 16, 32 or 64. */
  readonly bits: number;
  /** Columns and samples a pixel of the block, as stored. */
  readonly columns: number;
  readonly samples: number;
  readonly littleEndian: boolean;
}

/** Bytes of one row of a block. */
export function rowBytesOf({ columns, samples, bits }: BlockLayout): number {
  return Math.ceil((columns * samples * bits) / 8);
}

/** Throws where the file uses a compression that cannot be read. */
export function requireKnownCompression(compression: number): void {
  if ([1, 5, 8, 32946, 32773].includes(compression)) return;
  const names: Readonly<Record<number, string>> = {
    2: 'CCITT',
    3: 'CCITT fax',
    4: 'CCITT fax',
    6: 'old JPEG',
    7: 'JPEG',
    34712: 'JPEG 2000',
    34887: 'LERC',
    50000: 'Zstandard',
    50001: 'WebP',
  };
  const name = names[compression] ? ` (${names[compression]})` : '';
  throw new FormatError(
    `TIFF: compression ${compression}${name} is not supported; none, LZW, Deflate and PackBits are.`,
  );
}

/**
 * Expands a strip or tile to exactly `rows` rows, undoes its predictor and gives its samples in the byte order of the
 * machine.
 */
export function expandBlock(source: Uint8Array, rows: number, layout: BlockLayout, what: string): Uint8Array {
  const rowBytes = rowBytesOf(layout);
  const size = rows * rowBytes;
  const raw = decompress(source, size, layout.compression, what);
  if (raw.length < size) {
    throw new FormatError(`TIFF: ${what} must hold ${size} bytes, got only ${raw.length}.`);
  }
  const result = new Uint8Array(raw.subarray(0, size));
  const bytes = layout.bits >> 3;
  if (layout.predictor === 3) {
    undoFloatPredictor(result, rowBytes, bytes, layout.samples);
  } else {
    if (bytes > 1 && layout.littleEndian !== isMachineLittleEndian()) reverseBytes(result, bytes);
    if (layout.predictor === 2) undoPredictor(result, rowBytes, layout);
  }
  return result;
}

function decompress(source: Uint8Array, size: number, compression: number, what: string): Uint8Array {
  switch (compression) {
    case 1:
      return source;
    case 5:
      return expandLzw(source, size);
    case 32773:
      return expandPackBits(source, size);
    default:
      return guarded(`TIFF: ${what} cannot be inflated`, () => unzlibSync(source, { out: new Uint8Array(size) }));
  }
}

/** Horizontal differencing (TIFF 6.0, section 14): each sample is the difference to the one a pixel before. */
function undoPredictor(block: Uint8Array, rowBytes: number, { bits, samples }: BlockLayout): void {
  if (bits < 8 || bits > 32) throw new FormatError(`TIFF: predictor 2 needs 8, 16 or 32 bits a sample, got ${bits}.`);
  const data =
    bits === 8
      ? block
      : bits === 16
        ? new Uint16Array(block.buffer as ArrayBuffer)
        : new Uint32Array(block.buffer as ArrayBuffer);
  const perRow = rowBytes / (bits >> 3);
  for (let row = 0; row < data.length; row += perRow) {
    for (let i = row + samples; i < row + perRow; i++) data[i]! += data[i - samples]!;
  }
}

/** Adobe's floating point predictor: the bytes of a row by significance, differenced. */
function undoFloatPredictor(block: Uint8Array, rowBytes: number, bytes: number, samples: number): void {
  const row = new Uint8Array(rowBytes);
  const count = rowBytes / bytes;
  const little = isMachineLittleEndian();
  for (let start = 0; start < block.length; start += rowBytes) {
    row.set(block.subarray(start, start + rowBytes));
    for (let i = samples; i < rowBytes; i++) row[i]! += row[i - samples]!;
    for (let i = 0; i < count; i++) {
      for (let b = 0; b < bytes; b++) block[start + i * bytes + (little ? bytes - 1 - b : b)] = row[b * count + i]!;
    }
  }
}
