import type { SymbolicTensor } from '@tensorflow/tfjs-layers';

/**
 * The contracting half of a network, as a value: builders of whole networks take it as their option `encoder`, so that
 * encoders which nobody names are left out of a bundle.
 */
export interface Encoder {
  /** What SMP calls it, for example `'resnet34'`. */
  readonly name: string;
  /** Channels of the features at strides 2, 4, 8, 16 and 32. */
  readonly channels: readonly number[];
  /**
   * Adds the layers, named `encoder.…` as SMP names its modules, to what the network has so far.
   *
   * @param image - the input, `[batch, height, width, channels]`.
   * @param depth - how many of the stages to build, 1 to 5.
   * @returns the features at strides 2, 4, ... of `depth` stages.
   */
  build(image: SymbolicTensor, depth: number): readonly SymbolicTensor[];

  /**
   * Adds what SMP keeps behind the deepest features though no decoder uses it; such weights are written, and kept
   * where they are read, so that PyTorch finds every name.
   */
  idle?(deepest: SymbolicTensor): SymbolicTensor;
  /** Weights of the classifier that the encoder was trained with, without `encoder.`: files may hold them. */
  readonly classifier?: readonly string[];
  /** What was asked of the encoder beside its name. */
  readonly options?: Readonly<Record<string, number>>;
}
