// A small U-Net in plain TensorFlow.js layers, with every kind of layer that the models of segkit use.
import {
  add,
  batchNorm,
  div,
  exp,
  mean,
  moments,
  mul,
  neg,
  type Scalar,
  serialization,
  sigmoid,
  softplus,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import {
  initializers,
  input,
  type LayersModel,
  type LayerVariable,
  layers,
  model,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';

/** Batch normalisation by the moments of the batch. */
class BatchMoments extends layers.Layer {
  static className = 'BatchMoments';
  private scale!: LayerVariable;
  private offset!: LayerVariable;

  override build(shape: number[]): void {
    const channels = shape.at(-1)!;
    this.scale = this.addWeight('scale', [channels], 'float32', initializers.ones());
    this.offset = this.addWeight('offset', [channels], 'float32', initializers.zeros());
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = [inputs].flat()[0] as Tensor4D;
      const { mean, variance } = moments(x, [0, 1, 2]);
      const [offset, scale] = [this.offset.read(), this.scale.read()] as [Tensor1D, Tensor1D];
      return batchNorm(x, mean as Tensor1D, variance as Tensor1D, offset, scale, 1e-5);
    });
  }
}
serialization.registerClass(BatchMoments);

type Node = SymbolicTensor;

interface UnetOptions {
  readonly size: number;
  readonly base: number;
  readonly seed: number;
  /** How the lowest level goes up: by repeating pixels or by a transposed convolution. */
  readonly up: 'nearest' | 'transposed';
}

/** Builds the network: strided, pooled, upsampled and transposed levels, dense and depthwise convolutions. */
export function makeUnet({ size, base, seed, up }: UnetOptions): LayersModel {
  let next = seed;
  const initializer = () => initializers.glorotUniform({ seed: next++ });
  const dense = (x: Node, filters: number, kernelSize = 3, strides = 1) =>
    layers.conv2d({ filters, kernelSize, strides, padding: 'same', kernelInitializer: initializer() }).apply(x) as Node;
  const depthwise = (x: Node) =>
    layers
      .depthwiseConv2d({ kernelSize: 3, padding: 'same', useBias: false, depthwiseInitializer: initializer() })
      .apply(x) as Node;
  const normal = (x: Node) => layers.reLU().apply(new BatchMoments({}).apply(x)) as Node;
  const transposed = (filters: number, kernelSize: number) =>
    layers.conv2dTranspose({ filters, kernelSize, strides: 2, padding: 'same', kernelInitializer: initializer() });
  const image = input({ shape: [size, size, 1] });
  const first = normal(dense(image, base));
  const second = normal(dense(depthwise(layers.maxPooling2d({ poolSize: 2 }).apply(first) as Node), 2 * base, 1));
  const third = normal(dense(second, 3 * base, 3, 2));
  const raised = up === 'nearest' ? layers.upSampling2d({ size: [2, 2] }) : transposed(3 * base, 3);
  const joined = layers.concatenate().apply([second, raised.apply(third) as Node]) as Node;
  const fourth = normal(dense(depthwise(joined), 2 * base, 1));
  const last = normal(
    dense(layers.concatenate().apply([first, transposed(base, 2).apply(fourth) as Node]) as Node, base),
  );
  return model({ inputs: image, outputs: dense(last, 1, 1) });
}

/** One minus soft Dice, plus focal loss with gamma 2, of one class. */
export function segmentationLoss(target: Tensor, logits: Tensor): Scalar {
  const p = sigmoid(logits);
  const dice = sub(1, div(add(mul(2, sum(mul(p, target))), 1), add(add(sum(p), sum(target)), 1)));
  const entropy = sub(softplus(logits), mul(logits, target));
  const focal = mean(mul(square(sub(1, exp(neg(entropy)))), entropy));
  return add(dice, focal) as Scalar;
}
