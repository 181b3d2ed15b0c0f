import {
  add,
  mean,
  mul,
  reshape,
  rsqrt,
  serialization,
  square,
  sub,
  type Tensor,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, layers, type Shape } from '@tensorflow/tfjs-layers';
import { channelsOf, onlyShape, onlyTensor } from './arguments.js';
import type { StatefulLayer, StateTensor } from './stateTensor.js';

/** Arguments of {@link TorchGroupNorm}. */
export interface TorchGroupNormConfig {
  /** Name of the layer: PyTorch's module path. */
  name?: string;
  /** How many groups the channels form: 1 normalises each sample whole, as many as channels each channel by itself. */
  groups: number;
  /** Added to the variance, 1e-5 by default. */
  epsilon?: number;
}

/** PyTorch's `GroupNorm`: each sample normalised by mean and biased variance of groups of its channels. */
export class TorchGroupNorm extends layers.Layer implements StatefulLayer {
  /** @nocollapse */
  static readonly className = 'TorchGroupNorm';
  private readonly groups: number;
  private readonly epsilon: number;
  private gamma!: LayerVariable;
  private beta!: LayerVariable;

  constructor(config: TorchGroupNormConfig) {
    super(config as object);
    this.groups = config.groups;
    this.epsilon = config.epsilon ?? 1e-5;
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = channelsOf(onlyShape(inputShape));
    if (channels % this.groups !== 0) {
      throw new RangeError(`groups must divide the number of channels, ${channels}, got ${this.groups}.`);
    }
    this.gamma = this.addWeight('gamma', [channels], 'float32', initializers.ones());
    this.beta = this.addWeight('beta', [channels], 'float32', initializers.zeros());
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor4D {
    const x = onlyTensor(inputs);
    const [batch, height, width, channels] = x.shape;
    return tidy(() => {
      const grouped = reshape(x, [batch, height * width, this.groups, channels / this.groups]);
      const centred = sub(grouped, mean(grouped, [1, 3], true));
      const variance = mean(square(centred), [1, 3], true);
      const normal = reshape(mul(centred, rsqrt(add(variance, this.epsilon))), x.shape);
      return add<Tensor4D>(mul(normal, this.gamma.read()), this.beta.read());
    });
  }

  /** The tensors of PyTorch's `state_dict`. */
  stateTensors(): readonly StateTensor[] {
    return [
      { leaf: 'weight', variable: this.gamma, layout: 'vector', initializer: 'ones' },
      { leaf: 'bias', variable: this.beta, layout: 'vector', initializer: 'zeros' },
    ];
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), groups: this.groups, epsilon: this.epsilon };
  }
}
serialization.registerClass(TorchGroupNorm);
