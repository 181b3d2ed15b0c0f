import { getBackend, getKernel } from '@tensorflow/tfjs-core';

/**
 * Kernels that `useEngine` adds to the wasm backend. Layers look for them by name, since models stand on a lower floor
 * than the engine, and do with the operations of TensorFlow.js where they are missing.
 */
export type FusedKernel = 'SegkitMoments' | 'SegkitNormalize' | 'SegkitNormalizeGradient' | 'SegkitReluGradient';

/** Whether the active backend has a kernel. */
export function hasKernel(name: FusedKernel): boolean {
  return Boolean(getKernel(name, getBackend()));
}
