import { normalize, type Transform } from '../augment/index.js';
import type { ModelInfo } from '../models/index.js';

/** The normalisation that goes with a network, ready to use; none where nobody noted one. Internal to the library. */
export function storedPreprocess(info: ModelInfo | undefined): Transform | undefined {
  return info?.normalization === undefined ? undefined : normalize(info.normalization);
}
