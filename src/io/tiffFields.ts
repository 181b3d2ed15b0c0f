import { viewOf } from './bytes.js';

/** A field of a directory: its tag, type and values (RATIONAL as pairs). */
export interface TiffField {
  readonly tag: number;
  readonly type: 'ascii' | 'short' | 'long' | 'rational';
  readonly values: readonly number[];
}

/** Lays out a directory that begins at byte `at` of the file; `linkAt` is the place of its link to the next one. */
export function encodeDirectory(
  fields: readonly TiffField[],
  at: number,
  little: boolean,
): { bytes: Uint8Array; linkAt: number } {
  const sorted = [...fields].sort((a, b) => a.tag - b.tag);
  const types = { ascii: [2, 1, 1], short: [3, 2, 1], long: [4, 4, 1], rational: [5, 4, 2] } as const;
  const head = 2 + sorted.length * 12 + 4;
  const sizes = sorted.map(({ type, values }) => values.length * types[type][1]);
  const outside = sizes.map((size) => (size > 4 ? size + (size % 2) : 0));
  const bytes = new Uint8Array(head + outside.reduce((sum, size) => sum + size, 0));
  const view = viewOf(bytes);
  view.setUint16(0, sorted.length, little);
  let free = head;
  sorted.forEach(({ tag, type, values }, i) => {
    const [code, size, parts] = types[type];
    const entry = 2 + i * 12;
    view.setUint16(entry, tag, little);
    view.setUint16(entry + 2, code, little);
    view.setUint32(entry + 4, values.length / parts, little);
    let to = entry + 8;
    if (outside[i]! > 0) {
      view.setUint32(entry + 8, at + free, little);
      to = free;
      free += outside[i]!;
    }
    for (const value of values) {
      if (size === 1) view.setUint8(to, value);
      else if (size === 2) view.setUint16(to, value, little);
      else view.setUint32(to, value, little);
      to += size;
    }
  });
  return { bytes, linkAt: head - 4 };
}
