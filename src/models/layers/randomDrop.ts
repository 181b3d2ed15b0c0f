import { clone, mul, serialization, type Tensor, type Tensor4D, tensor, tidy } from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { Random } from '../../core/random.js';
import { isTraining, onlyShape, onlyTensor } from './arguments.js';

/** Arguments of {@link RandomDrop}. */
export interface RandomDropConfig {
  /** Name of the layer. */
  name?: string;
  /** Share that becomes 0 in training, 0 or more and below 1; the rest is divided by 1 - rate. */
  rate: number;
  /** What is dropped together: all of a sample (drop connect), or each channel of a sample by itself (dropout). */
  per: 'sample' | 'channel';
  /** Seed of what is dropped. */
  seed?: number;
}

/** Drops at random in training; the n-th batch that the layer sees loses the same for the same seed. */
export class RandomDrop extends layers.Layer {
  /** @nocollapse */
  static readonly className = 'RandomDrop';
  private readonly rate: number;
  private readonly per: 'sample' | 'channel';
  private seed: number;
  private batches = 0;

  constructor(config: RandomDropConfig) {
    super(config as object);
    const { rate, per, seed = 0 } = config;
    this.rate = rate;
    this.per = per;
    this.seed = seed;
  }

  /** Begins the sequence of another seed. */
  reseed(seed: number): void {
    this.seed = seed;
    this.batches = 0;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: Tensor | Tensor[], kwargs: object): Tensor4D {
    const x = onlyTensor(inputs);
    if (!isTraining(kwargs) || this.rate === 0) return clone(x);
    const random = new Random(this.seed).split(this.batches++);
    const shape = [x.shape[0], 1, 1, this.per === 'sample' ? 1 : x.shape[3]];
    const keep = 1 - this.rate;
    const factors = new Float32Array(shape[0]! * shape[3]!).map(() => (random.uniform() < keep ? 1 / keep : 0));
    return tidy(() => mul<Tensor4D>(x, tensor(factors, shape, 'float32')));
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate, per: this.per, seed: this.seed };
  }
}
serialization.registerClass(RandomDrop);
