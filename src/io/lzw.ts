import { FormatError } from '../core/errors.js';

const CLEAR = 256;
const END = 257;
const FIRST = 258;
const LARGEST = 4096;

/**
 * Expands LZW as TIFF has it (TIFF 6.0, section 13: codes of 9 to 12 bits, high bit first, one code "early"). Stops at
 * `size` bytes; returns fewer where the stream ends before.
 */
export function expandLzw(source: Uint8Array, size: number): Uint8Array {
  if (source.length >= 2 && source[0] === 0 && (source[1]! & 1) === 1) {
    throw new FormatError('TIFF: LZW in the bit order of before TIFF 5.0 is not supported.');
  }
  const result = new Uint8Array(size);
  // A string is its last byte, and its place and length in what has been written so far.
  const start = new Int32Array(LARGEST);
  const length = new Int32Array(LARGEST);
  let to = 0;
  let next = FIRST;
  let bits = 9;
  let held = 0;
  let buffer = 0;
  let previousStart = -1;
  let previousLength = 0;
  for (let at = 0; to < size; ) {
    while (held < bits) {
      if (at >= source.length) return result.subarray(0, to);
      buffer = ((buffer << 8) | source[at++]!) & 0xffffff;
      held += 8;
    }
    held -= bits;
    const code = (buffer >>> held) & ((1 << bits) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      next = FIRST;
      bits = 9;
      previousStart = -1;
      continue;
    }
    const began = to;
    if (code < CLEAR) result[to++] = code;
    else if (code < next) {
      const from = start[code]!;
      const count = Math.min(length[code]!, size - to);
      for (let i = 0; i < count; i++) result[to++] = result[from + i]!;
    } else if (code === next && previousStart >= 0) {
      for (let i = 0; i < previousLength && to < size; i++) result[to++] = result[previousStart + i]!;
      if (to < size) result[to++] = result[previousStart]!;
    } else {
      throw new FormatError('TIFF: the LZW data is damaged, a code comes before it is defined.');
    }
    if (previousStart >= 0 && next < LARGEST) {
      // The new string is the previous one and the byte after it, which have just been written side by side.
      start[next] = previousStart;
      length[next] = previousLength + 1;
      next++;
      if (next + 1 >= 1 << bits && bits < 12) bits++;
    }
    previousStart = began;
    previousLength = to - began;
  }
  return result.subarray(0, to);
}

/** Compresses by LZW as TIFF has it; the inverse of {@link expandLzw}. */
export function compressLzw(source: Uint8Array): Uint8Array {
  const result = new Uint8Array(Math.ceil(source.length * 1.5) + 16);
  // children[code * 256 + byte]: the code of a string and one more byte, where `stamp` is of this table.
  const children = new Uint16Array(LARGEST * 256);
  let to = 0;
  let held = 0;
  let buffer = 0;
  let next = FIRST;
  let bits = 9;
  const put = (code: number) => {
    buffer = (buffer << bits) | code;
    held += bits;
    while (held >= 8) {
      held -= 8;
      result[to++] = (buffer >>> held) & 255;
    }
    buffer &= (1 << held) - 1;
  };
  put(CLEAR);
  let current = -1;
  for (let i = 0; i < source.length; i++) {
    const byte = source[i]!;
    if (current < 0) {
      current = byte;
      continue;
    }
    const child = children[current * 256 + byte]!;
    if (child !== 0) {
      current = child;
      continue;
    }
    put(current);
    children[current * 256 + byte] = next++;
    if (next === LARGEST - 1) {
      put(CLEAR);
      children.fill(0);
      next = FIRST;
      bits = 9;
    } else if (next + 0 >= 1 << bits) bits++;
    current = byte;
  }
  if (current >= 0) {
    put(current);
    next++;
    if (next >= 1 << bits && bits < 12) bits++;
  }
  put(END);
  if (held > 0) result[to++] = (buffer << (8 - held)) & 255;
  return result.slice(0, to);
}
