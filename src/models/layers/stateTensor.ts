import type { LayerVariable } from '@tensorflow/tfjs-layers';

/**
 * How a weight lies in PyTorch against TensorFlow.js:
 * - `'vector'`: the same;
 * - `'convolution'`: out, in, height, width against height, width, in, out;
 * - `'depthwise'`: channels * multiplier, 1, height, width against height, width, channels, multiplier;
 * - `'transposed'`: in, out, height, width against height, width, out, in;
 * - `'linear'`: out, in against in, out.
 */
export type StateLayout = 'vector' | 'convolution' | 'depthwise' | 'transposed' | 'linear';

/** How a weight gets its first values: PyTorch's names. */
export type WeightInitializer = 'torch' | 'kaimingUniform' | 'kaimingNormalFanOut' | 'xavierUniform' | 'zeros' | 'ones';

/** One tensor of a layer as PyTorch's `state_dict` names it. */
export interface StateTensor {
  /** What follows the layer's name: `weight`, `bias`, `running_mean`, `running_var`. */
  readonly leaf: string;
  readonly variable: LayerVariable;
  readonly layout: StateLayout;
  readonly initializer: WeightInitializer;
}

/** The tensors of a convolution; a bias begins as PyTorch's default where the kernel does, else with zeros. */
export function convolutionState(
  kernel: LayerVariable,
  bias: LayerVariable | undefined,
  layout: StateLayout,
  initializer: WeightInitializer,
): readonly StateTensor[] {
  const weight: StateTensor = { leaf: 'weight', variable: kernel, layout, initializer };
  if (bias === undefined) return [weight];
  const first = initializer === 'torch' ? 'torch' : 'zeros';
  return [weight, { leaf: 'bias', variable: bias, layout: 'vector', initializer: first }];
}

/** A layer whose weights have names in PyTorch. */
export interface StatefulLayer {
  /** The tensors, in the order of PyTorch's `state_dict`. */
  stateTensors(): readonly StateTensor[];
  /** Training batches seen: PyTorch's `num_batches_tracked`, of batch normalisation. */
  batchesTracked?: number;
}
