import { RUN_KERNEL_BYTES } from './runKernelBytes.js';
import { lazyModule } from './wasmModules.js';

/** Finds the runs of some rows, written to the three last addresses; gives their number. */
type FindRuns = (
  data: number,
  rows: number,
  width: number,
  background: number,
  first: number,
  starts: number,
  ends: number,
  rowStarts: number,
) => number;

/** The functions of scripts/kernels/runs.ts; a module of its own, so that who only labels does not carry the other one. */
export interface RunKernels {
  readonly memory: WebAssembly.Memory;
  readonly byteRuns: FindRuns;
  readonly wordRuns: FindRuns;
}

/** The kernels, compiled when first asked for; undefined where they cannot be. */
export const runKernels = /* @__PURE__ */ lazyModule<RunKernels>(RUN_KERNEL_BYTES);
