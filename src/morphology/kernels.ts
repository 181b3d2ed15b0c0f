import { KERNEL_BYTES } from './kernelBytes.js';

/** The functions of scripts/kernels/morphology.ts; arguments are addresses in `memory` and counts. */
export interface Kernels {
  readonly memory: WebAssembly.Memory;
  readonly minBytes: (a: number, b: number, out: number, count: number) => void;
  readonly maxBytes: (a: number, b: number, out: number, count: number) => void;
  readonly minFloats: (a: number, b: number, out: number, bytes: number) => void;
  readonly maxFloats: (a: number, b: number, out: number, bytes: number) => void;
  readonly minOfRows: (rows: number, count: number, out: number, length: number) => void;
  readonly maxOfRows: (rows: number, count: number, out: number, length: number) => void;
  readonly minOfFloatRows: (rows: number, count: number, out: number, length: number) => void;
  readonly maxOfFloatRows: (rows: number, count: number, out: number, length: number) => void;
  readonly countPairs: (a: number, counts: number, count: number) => void;
  readonly foldPairs: (counts: number, out: number) => void;
  readonly setBytes: (a: number, out: number, count: number) => void;
  readonly bytesToFloats: (a: number, out: number, count: number) => void;
  readonly acrossRows: (rows: number, weights: number, radius: number, out: number, count: number) => void;
  readonly alongRow: (row: number, weights: number, radius: number, out: number, count: number) => void;
  readonly byteRuns: (
    data: number,
    rows: number,
    width: number,
    background: number,
    first: number,
    starts: number,
    ends: number,
    rowStarts: number,
  ) => number;
  readonly wordRuns: (
    data: number,
    rows: number,
    width: number,
    first: number,
    starts: number,
    ends: number,
    rowStarts: number,
  ) => number;
  readonly medianRow: (
    r0: number,
    r1: number,
    r2: number,
    r3: number,
    r4: number,
    columns: number,
    line: number,
    out: number,
    count: number,
  ) => void;
}

/** The first address that is free to use. */
const BASE = 1024;

let loaded: Kernels | undefined | 'never';
let resting = 0;

/**
 * The kernels, compiled when first asked for; undefined where there is no WebAssembly with SIMD, or a policy forbids it.
 * Their results are the same bytes as those of the plain loops that stand in.
 */
export function kernels(): Kernels | undefined {
  if (resting > 0) return undefined;
  loaded ??= load();
  return loaded === 'never' ? undefined : loaded;
}

function load(): Kernels | 'never' {
  try {
    const text = atob(KERNEL_BYTES);
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as Kernels;
  } catch {
    return 'never';
  }
}

/** Runs something by the plain loops, to compare. */
export function withoutKernels<T>(work: () => T): T {
  resting++;
  try {
    return work();
  } finally {
    resting--;
  }
}

/** Lays out stretches of the kernels' memory, each on a border of 16 bytes, and makes room for them. */
export function layOut(memory: WebAssembly.Memory, ...sizes: readonly number[]): number[] {
  let next = BASE;
  const places = sizes.map((size) => {
    const place = next;
    next += (size + 79) & ~15;
    return place;
  });
  const missing = next - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  return places;
}
