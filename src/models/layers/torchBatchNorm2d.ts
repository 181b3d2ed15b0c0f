import {
  add,
  mul,
  rsqrt,
  serialization,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, layers, type Shape } from '@tensorflow/tfjs-layers';
import { channelsOf, isTraining, onlyShape, onlyTensor } from './arguments.js';
import { affine, type NormActivation, normalizeBatch } from './normalizeBatch.js';
import type { StatefulLayer, StateTensor } from './stateTensor.js';

/** Arguments of {@link TorchBatchNorm2D}. */
export interface TorchBatchNorm2DConfig {
  /** Name of the layer: PyTorch's module path. */
  name?: string;
  /** Added to the variance, 1e-5 by default. */
  epsilon?: number;
  /** Share of the running statistics that stays, 0.9 by default: 1 minus PyTorch's momentum. */
  momentum?: number;
  /** What follows in the same pass, `'linear'` by default. */
  activation?: NormActivation;
}

/**
 * PyTorch's `BatchNorm2d`. In training a batch is normalised by its own mean and biased variance, and the running
 * statistics, with the unbiased variance, move on as a side effect of the call, unseen by the gradient tape. In
 * inference, and where `trainable` is false, the running statistics normalise.
 */
export class TorchBatchNorm2D extends layers.Layer implements StatefulLayer {
  /** @nocollapse */
  static readonly className = 'TorchBatchNorm2D';
  /** Training batches seen. */
  batchesTracked = 0;
  private readonly config: Required<Omit<TorchBatchNorm2DConfig, 'name'>>;
  private gamma!: LayerVariable;
  private beta!: LayerVariable;
  private movingMean!: LayerVariable;
  private movingVariance!: LayerVariable;

  constructor(config: TorchBatchNorm2DConfig = {}) {
    super(config as object);
    const { epsilon = 1e-5, momentum = 0.9, activation = 'linear' } = config;
    this.config = { epsilon, momentum, activation };
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = [channelsOf(onlyShape(inputShape))];
    const [zeros, ones] = [initializers.zeros(), initializers.ones()];
    this.gamma = this.addWeight('gamma', shape, 'float32', ones);
    this.beta = this.addWeight('beta', shape, 'float32', zeros);
    this.movingMean = this.addWeight('moving_mean', shape, 'float32', zeros, undefined, false);
    this.movingVariance = this.addWeight('moving_variance', shape, 'float32', ones, undefined, false);
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return onlyShape(inputShape);
  }

  private moveOn(mean: Tensor1D, variance: Tensor1D, count: number): void {
    const { momentum } = this.config;
    const blend = (variable: LayerVariable, value: Tensor, weight: number): void => {
      variable.write(add(mul(variable.read(), momentum), mul(value, weight)));
    };
    blend(this.movingMean, mean, 1 - momentum);
    blend(this.movingVariance, variance, ((1 - momentum) * count) / (count - 1));
    this.batchesTracked += 1;
  }

  override call(inputs: Tensor | Tensor[], kwargs: object): Tensor4D {
    const x = onlyTensor(inputs);
    const { epsilon, activation } = this.config;
    return tidy(() => {
      const gamma = this.gamma.read() as Tensor1D;
      const beta = this.beta.read() as Tensor1D;
      if (isTraining(kwargs) && this.trainable) {
        const count = x.size / x.shape[3];
        if (count < 2) {
          throw new RangeError(
            `batch normalisation (${this.name}) must see at least 2 values a channel in training, got shape [${x.shape.join(', ')}].`,
          );
        }
        const onStatistics = (mean: Tensor1D, variance: Tensor1D): void => this.moveOn(mean, variance, count);
        return normalizeBatch(x, gamma, beta, { epsilon, activation, onStatistics });
      }
      const scale = mul<Tensor1D>(gamma, rsqrt(add(this.movingVariance.read(), epsilon)));
      const shift = sub<Tensor1D>(beta, mul(this.movingMean.read(), scale));
      return affine(x, scale, shift, activation);
    });
  }

  /** The tensors of PyTorch's `state_dict`. */
  stateTensors(): readonly StateTensor[] {
    return [
      { leaf: 'weight', variable: this.gamma, layout: 'vector', initializer: 'ones' },
      { leaf: 'bias', variable: this.beta, layout: 'vector', initializer: 'zeros' },
      { leaf: 'running_mean', variable: this.movingMean, layout: 'vector', initializer: 'zeros' },
      { leaf: 'running_var', variable: this.movingVariance, layout: 'vector', initializer: 'ones' },
    ];
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...this.config };
  }
}
serialization.registerClass(TorchBatchNorm2D);
