import { unzlibSync } from 'fflate';
import { FormatError } from '../core/errors.js';
import { guarded, readSamples } from './bytes.js';
import type { PngChunks } from './pngChunks.js';

/** A grid of pixels stored in one go: the whole image, or one of the seven passes of an interlaced one. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly xStep: number;
  readonly yStep: number;
}

/**
 * Inflates, unfilters and unpacks the samples of a PNG, one array element a sample, values as stored.
 *
 * `fflate` inflates; the rest is done here, since fast-png 8 returns an image where the stream is shorter or longer
 * than the header says, and misreads interlaced images of less than 8 bits.
 */
export function readPngSamples(chunks: PngChunks): Uint8Array | Uint16Array {
  const { width, height, channels, depth, interlaced, data } = chunks;
  const passes = interlaced ? adam7() : [{ x: 0, y: 0, xStep: 1, yStep: 1 }];
  const rowBytes = (columns: number) => Math.ceil((columns * channels * depth) / 8);
  let expected = 0;
  for (const { x, y, xStep, yStep } of passes) {
    const columns = Math.ceil((width - x) / xStep);
    const rows = Math.ceil((height - y) / yStep);
    if (columns > 0 && rows > 0) expected += rows * (1 + rowBytes(columns));
  }
  // Deflate shrinks at most 1032 times: a header that promises more is refused before memory is taken.
  if (expected > (data.length + 1) * 1032) {
    throw new FormatError(`PNG: ${data.length} bytes of image data are too few for ${height} x ${width} pixels.`);
  }
  const raw = guarded('PNG: the image data cannot be inflated', () =>
    unzlibSync(data, { out: new Uint8Array(expected + 1) }),
  );
  if (raw.length !== expected) {
    const which = raw.length < expected ? `only ${raw.length}` : 'more';
    throw new FormatError(`PNG: the image data must inflate to ${expected} bytes for its size, got ${which}.`);
  }
  const bytesPerSample = depth === 16 ? 2 : 1;
  const pixelBytes = channels * bytesPerSample;
  const result = new Uint8Array(width * height * pixelBytes);
  const step = Math.max(1, (channels * depth) >> 3);
  let at = 0;
  for (const { x, y, xStep, yStep } of passes) {
    const columns = Math.ceil((width - x) / xStep);
    const rows = Math.ceil((height - y) / yStep);
    if (columns <= 0 || rows <= 0) continue;
    const length = rowBytes(columns);
    for (let row = 0; row < rows; row++) {
      unfilterRow(raw, at, length, step, row === 0);
      const target = ((y + row * yStep) * width + x) * pixelBytes;
      if (depth < 8) unpack(raw, at + 1, columns, depth, result, target, xStep);
      else if (xStep === 1) result.set(raw.subarray(at + 1, at + 1 + length), target);
      else spread(raw, at + 1, columns, pixelBytes, result, target, xStep);
      at += 1 + length;
    }
  }
  return depth === 16 ? readSamples(Uint16Array, result, false) : result;
}

/** The passes of an interlaced PNG (W3C PNG 3rd edition, section 8.1). */
function adam7(): Pass[] {
  return [
    { x: 0, y: 0, xStep: 8, yStep: 8 },
    { x: 4, y: 0, xStep: 8, yStep: 8 },
    { x: 0, y: 4, xStep: 4, yStep: 8 },
    { x: 2, y: 0, xStep: 4, yStep: 4 },
    { x: 0, y: 2, xStep: 2, yStep: 4 },
    { x: 1, y: 0, xStep: 2, yStep: 2 },
    { x: 0, y: 1, xStep: 1, yStep: 2 },
  ];
}

/** Undoes the filter of one row in place; the row before lies directly before it (W3C PNG, section 9). */
function unfilterRow(raw: Uint8Array, at: number, length: number, step: number, first: boolean): void {
  const start = at + 1;
  const end = start + length;
  const up = length + 1;
  switch (raw[at]) {
    case 0:
      return;
    case 1:
      for (let i = start + step; i < end; i++) raw[i]! += raw[i - step]!;
      return;
    case 2:
      if (!first) for (let i = start; i < end; i++) raw[i]! += raw[i - up]!;
      return;
    case 3:
      for (let i = start; i < end; i++) {
        const left = i - step < start ? 0 : raw[i - step]!;
        raw[i]! += (left + (first ? 0 : raw[i - up]!)) >> 1;
      }
      return;
    case 4:
      for (let i = start; i < end; i++) {
        const a = i - step < start ? 0 : raw[i - step]!;
        const b = first ? 0 : raw[i - up]!;
        const c = first || i - step < start ? 0 : raw[i - up - step]!;
        const toA = Math.abs(b - c);
        const toB = Math.abs(a - c);
        const toC = Math.abs(a + b - c - c);
        raw[i]! += toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
      }
      return;
    default:
      throw new FormatError(`PNG: a row must have filter 0 to 4, got ${raw[at]}.`);
  }
}

function unpack(
  raw: Uint8Array,
  from: number,
  count: number,
  depth: number,
  result: Uint8Array,
  to: number,
  step: number,
): void {
  const largest = (1 << depth) - 1;
  for (let i = 0; i < count; i++) {
    const bit = i * depth;
    result[to + i * step] = (raw[from + (bit >> 3)]! >> (8 - depth - (bit & 7))) & largest;
  }
}

function spread(
  raw: Uint8Array,
  from: number,
  count: number,
  size: number,
  result: Uint8Array,
  to: number,
  step: number,
): void {
  for (let i = 0; i < count; i++) {
    for (let b = 0; b < size; b++) result[to + i * step * size + b] = raw[from + i * size + b]!;
  }
}
