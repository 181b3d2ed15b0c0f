import { KERNEL_BYTES } from './kernelBytes.js';
import { lazyModule } from './wasmModules.js';

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

/** The kernels, compiled when first asked for; undefined where they cannot be. */
export const kernels = /* @__PURE__ */ lazyModule<Kernels>(KERNEL_BYTES);
