import type { LossMode } from '../losses/index.js';

/** A network, whatever computes it, as `predict` sees it. Internal to the library. */
export interface Network {
  readonly channels: number;
  /** Number of channels of the result. */
  readonly classes: number;
  /** Height and width that images must have; `undefined` where any multiple of the divisor will do. */
  readonly size: readonly [height: number | undefined, width: number | undefined];
  /** What free sides must be multiples of; asked only where nobody gives another number. */
  readonly divisor: () => number;
  /** How logits become probabilities, where that is settled. */
  readonly mode?: LossMode | undefined;
  /** Whether another divisor may be given than a multiple of that. */
  readonly isDivisorFixed: boolean;
  /**
   * Returns the probabilities `[height, width, classes]` of an image `[height, width, channels]`.
   *
   * @throws RangeError where the network returns another shape.
   */
  forward(image: Float32Array, height: number, width: number): Promise<ArrayLike<number>>;
}
