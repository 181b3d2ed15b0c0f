import { RUN_KERNEL_BYTES } from './runKernelBytes.js';
import { areResting, loadModule } from './wasmModules.js';

/** The functions of scripts/kernels/runs.ts; a module of its own, so that who only labels does not carry the other one. */
export interface RunKernels {
  readonly memory: WebAssembly.Memory;
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
}

let loaded: RunKernels | 'never' | undefined;

/** The kernels, compiled when first asked for; undefined where they cannot be. */
export function runKernels(): RunKernels | undefined {
  if (areResting()) return undefined;
  loaded ??= loadModule<RunKernels>(RUN_KERNEL_BYTES);
  return loaded === 'never' ? undefined : loaded;
}
