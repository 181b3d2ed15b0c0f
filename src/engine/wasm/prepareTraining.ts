import { Conv2DBackpropFilter } from '@tensorflow/tfjs-core';
import type { WasmBackend } from './backend.js';
import { convolutionKernels } from './convolutionKernels.js';
import { loadKernels } from './loadKernels.js';
import { isRegistered, registerKernels } from './registerKernels.js';

/** Registers what the wasm backend lacks or has slow for training; a second call does nothing. */
export async function prepareTraining(backend: WasmBackend): Promise<void> {
  if (isRegistered(Conv2DBackpropFilter, backend)) return;
  const functions = await loadKernels(backend);
  registerKernels(backend, [...convolutionKernels(functions)]);
}
