import { EngineError } from '../core/errors.js';

/** Thrown where a model cannot be called with a size, or computes what no formula of the size describes. Internal. */
export class SizeError extends EngineError {}
