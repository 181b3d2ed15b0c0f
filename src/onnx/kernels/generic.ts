import { activationKernels } from './activations.js';
import { arithmeticKernels } from './arithmetic.js';
import { arrangementKernels } from './arrangement.js';
import { castKernels } from './casts.js';
import { comparisonKernels } from './comparisons.js';
import { constantKernels } from './constants.js';
import type { KernelDefinition } from './definition.js';
import { encodingKernels } from './encoding.js';
import { functionKernels } from './functions.js';
import { gatheringKernels } from './gathering.js';
import { joiningKernels } from './joining.js';
import { localResponseKernels } from './localResponse.js';
import { paddingKernels } from './padding.js';
import { productKernels } from './products.js';
import { reductionKernels } from './reductions.js';
import { scatteringKernels } from './scattering.js';
import { selectionKernels } from './selections.js';
import { sliceKernels } from './slices.js';
import { softmaxKernels } from './softmax.js';
import { sortingKernels } from './sorting.js';

/** The kernels that know nothing of images or training. */
export function genericKernels(): readonly KernelDefinition[] {
  return [
    ...arithmeticKernels(),
    ...functionKernels(),
    ...activationKernels(),
    ...comparisonKernels(),
    ...selectionKernels(),
    ...castKernels(),
    ...reductionKernels(),
    ...softmaxKernels(),
    ...productKernels(),
    ...joiningKernels(),
    ...sliceKernels(),
    ...paddingKernels(),
    ...arrangementKernels(),
    ...gatheringKernels(),
    ...scatteringKernels(),
    ...encodingKernels(),
    ...sortingKernels(),
    ...constantKernels(),
    ...localResponseKernels(),
  ];
}
