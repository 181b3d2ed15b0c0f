/**
 * Expands PackBits (TIFF 6.0, section 9). Stops at `size` bytes; returns fewer where the stream ends before.
 */
export function expandPackBits(source: Uint8Array, size: number): Uint8Array {
  const result = new Uint8Array(size);
  let to = 0;
  for (let at = 0; at < source.length && to < size; ) {
    const head = (source[at++]! << 24) >> 24;
    if (head >= 0) {
      const count = Math.min(head + 1, size - to, source.length - at);
      result.set(source.subarray(at, at + count), to);
      to += count;
      at += head + 1;
    } else if (head !== -128) {
      if (at >= source.length) break;
      const count = Math.min(1 - head, size - to);
      result.fill(source[at++]!, to, to + count);
      to += count;
    }
  }
  return result.subarray(0, to);
}

/** Compresses by PackBits, row by row as TIFF asks; the inverse of {@link expandPackBits}. */
export function compressPackBits(source: Uint8Array, rowBytes: number): Uint8Array {
  const result = new Uint8Array(source.length + Math.ceil(rowBytes / 128) * Math.ceil(source.length / rowBytes));
  let to = 0;
  for (let row = 0; row < source.length; row += rowBytes) {
    const end = Math.min(row + rowBytes, source.length);
    for (let at = row; at < end; ) {
      const run = runLength(source, at, end);
      if (run > 1) {
        result[to++] = 257 - run;
        result[to++] = source[at]!;
        at += run;
      } else {
        let stop = at + 1;
        // A literal goes on until a run of three makes a break worth its two bytes.
        while (stop < end && stop - at < 128 && runLength(source, stop, end) < 3) stop++;
        result[to++] = stop - at - 1;
        result.set(source.subarray(at, stop), to);
        to += stop - at;
        at = stop;
      }
    }
  }
  return result.slice(0, to);
}

function runLength(source: Uint8Array, at: number, end: number): number {
  const limit = Math.min(end, at + 128);
  let stop = at + 1;
  while (stop < limit && source[stop] === source[at]) stop++;
  return stop - at;
}
