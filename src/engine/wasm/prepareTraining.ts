import { Conv2DBackpropFilter } from '@tensorflow/tfjs-core';
import { registerGradients } from '../registerGradients.js';
import type { WasmBackend } from './backend.js';
import { broadcastKernels } from './broadcastKernels.js';
import { comparisonKernels } from './comparisonKernels.js';
import { convolutionKernels } from './convolutionKernels.js';
import { copyKernels } from './copyKernels.js';
import { gradientKernels } from './gradientKernels.js';
import { guardMemory } from './guardMemory.js';
import { loadKernels } from './loadKernels.js';
import { normalizationKernels } from './normalizationKernels.js';
import { optimizerKernels } from './optimizerKernels.js';
import { paddingKernels } from './paddingKernels.js';
import { poolingKernels } from './poolingKernels.js';
import { reductionKernels } from './reductionKernels.js';
import { isRegistered, registerKernels } from './registerKernels.js';
import { resizeKernels } from './resizeKernels.js';
import { segmentKernels } from './segmentKernels.js';

/** Registers what the wasm backend lacks or has slow for training; a second call does nothing. */
export async function prepareTraining(backend: WasmBackend): Promise<void> {
  registerGradients('wasm');
  if (isRegistered(Conv2DBackpropFilter, backend)) return;
  const functions = await loadKernels(backend);
  guardMemory(backend);
  registerKernels(backend, [
    ...paddingKernels(functions),
    ...convolutionKernels(functions),
    ...poolingKernels(functions),
    ...resizeKernels(functions),
    ...reductionKernels(functions),
    ...segmentKernels(),
    ...comparisonKernels(functions),
    ...copyKernels(functions),
    ...broadcastKernels(functions),
    ...gradientKernels(functions),
    ...normalizationKernels(functions),
    ...optimizerKernels(functions),
  ]);
}
