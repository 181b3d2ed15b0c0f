import { zlibSync } from 'fflate';
import type { NdArray } from 'ndarray';
import { isMachineLittleEndian, reverseBytes } from './bytes.js';
import { compressLzw } from './lzw.js';
import { compressPackBits } from './packBits.js';

type Samples = Uint8Array | Uint16Array | Float32Array | Int32Array;

/** The compressed strips or tiles of one page, and what its directory must say about them. */
export interface TiffBlocks {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly bits: number;
  /** 1 unsigned, 2 signed, 3 float. */
  readonly format: number;
  readonly columns: number;
  readonly rows: number;
  readonly tiled: boolean;
  readonly data: readonly Uint8Array[];
}

/** How blocks are to be stored. */
export interface BlockOptions {
  readonly compression: 'none' | 'lzw' | 'deflate' | 'packbits';
  readonly predictor: 'none' | 'horizontal';
  readonly rowsPerStrip: number | undefined;
  readonly tile: number | undefined;
  readonly little: boolean;
}

/** Cuts an image, whose data are contiguous, into strips or tiles and compresses each. */
export function compressBlocks(image: NdArray<Samples>, options: BlockOptions): TiffBlocks {
  const { rowsPerStrip, tile } = options;
  const [height, width, channels = 1] = image.shape as [number, number, number?];
  const sampleBytes = image.data.BYTES_PER_ELEMENT;
  const rowBytes = width * channels * sampleBytes;
  const columns = tile ?? width;
  const rows = tile ?? Math.min(height, rowsPerStrip ?? Math.max(1, Math.floor(65536 / rowBytes)));
  const data: Uint8Array[] = [];
  for (let top = 0; top < height; top += rows) {
    for (let left = 0; left < width; left += columns) {
      const blockRows = tile ?? Math.min(rows, height - top);
      data.push(
        compressBlock(
          cut(image.data, { width, height, channels, top, left, columns, blockRows }),
          columns,
          channels,
          options,
        ),
      );
    }
  }
  const format = image.data instanceof Float32Array ? 3 : image.data instanceof Int32Array ? 2 : 1;
  return { width, height, channels, bits: sampleBytes * 8, format, columns, rows, tiled: tile !== undefined, data };
}

/** A copy of a block; tiles reach over the edge of the image and hold zeros there. */
function cut(
  data: Samples,
  block: Readonly<Record<'width' | 'height' | 'channels' | 'top' | 'left' | 'columns' | 'blockRows', number>>,
): Samples {
  const { width, height, channels, top, left, columns, blockRows } = block;
  const result = new (data.constructor as { new (size: number): Samples })(blockRows * columns * channels);
  const count = Math.min(columns, width - left) * channels;
  for (let row = 0; row < blockRows && top + row < height; row++) {
    const from = ((top + row) * width + left) * channels;
    result.set(data.subarray(from, from + count), row * columns * channels);
  }
  return result;
}

function compressBlock(
  block: Samples,
  columns: number,
  channels: number,
  { compression, predictor, little }: BlockOptions,
): Uint8Array {
  const perRow = columns * channels;
  if (predictor === 'horizontal') {
    for (let row = 0; row < block.length; row += perRow) {
      for (let i = row + perRow - 1; i >= row + channels; i--) block[i]! -= block[i - channels]!;
    }
  }
  const bytes = new Uint8Array(block.buffer, block.byteOffset, block.byteLength);
  if (block.BYTES_PER_ELEMENT > 1 && little !== isMachineLittleEndian()) reverseBytes(bytes, block.BYTES_PER_ELEMENT);
  switch (compression) {
    case 'lzw':
      return compressLzw(bytes);
    case 'deflate':
      return zlibSync(bytes);
    case 'packbits':
      return compressPackBits(bytes, perRow * block.BYTES_PER_ELEMENT);
    default:
      return bytes;
  }
}
