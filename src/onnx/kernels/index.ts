import { convolutionKernels } from './convolution.js';
import { convolutionGradientKernels } from './convolutionGradients.js';
import type { KernelDefinition } from './definition.js';
import { depthwiseKernels } from './depthwise.js';
import { genericKernels } from './generic.js';
import { normalizationKernels } from './normalization.js';
import { optimizerKernels } from './optimizer.js';
import { poolingKernels } from './pooling.js';
import { resizeKernels } from './resize.js';

/** Every kernel of TensorFlow.js, and of segkit, that can be lowered to ONNX. */
export function allKernels(): readonly KernelDefinition[] {
  return [
    ...convolutionKernels(),
    ...convolutionGradientKernels(),
    ...depthwiseKernels(),
    ...poolingKernels(),
    ...resizeKernels(),
    ...normalizationKernels(),
    ...optimizerKernels(),
    ...genericKernels(),
  ];
}
