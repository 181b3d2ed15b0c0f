import {
  add,
  Conv2D,
  type Conv2DAttrs,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  DepthwiseConv2dNative,
  type DepthwiseConv2dNativeAttrs,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  div,
  engine,
  FusedBatchNorm,
  type FusedBatchNormAttrs,
  getGradient,
  Mean,
  type MeanAttrs,
  mul,
  neg,
  Relu,
  registerGradient,
  reshape,
  rsqrt,
  Sum,
  sub,
  type Tensor,
  tile,
  unstack,
  util,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { type Attributes, type NamedGradientMap, replaceGradient } from './replaceGradient.js';

/** Name of a kernel `(x, dy, mean) -> [2, channels]`: the sums of dy and of dy (x - mean) over all but channels. */
export const productSums = 'SegkitProductSums';

/** Name of a kernel `(x, dy) -> dy where x > 0, else 0`. */
export const reluGradient = 'SegkitReluGradient';

/**
 * Puts faster gradients in the place of those of TensorFlow.js for as long as a backend is active that has the kernels
 * {@link productSums} and {@link reluGradient}: those of sums and means copy instead of multiplying with a tensor of
 * ones, that of batch normalisation needs one pass for all its sums, and those of convolutions know dilations. On other
 * backends the original ones run. Gradients that are not registered yet are left alone.
 */
export function registerGradients(backend: 'wasm' | 'onnx'): void {
  replaceGradient(backend, Sum, sumGradient);
  replaceGradient(backend, Mean, meanGradient);
  replaceGradient(backend, Relu, (dy, [x]) => ({ x: () => run(reluGradient, { x: x!, dy }) }));
  replaceGradient(backend, FusedBatchNorm, batchNormGradient);
  replaceGradient(backend, Conv2D, dilatedGradient);
  replaceGradient(backend, DepthwiseConv2dNative, dilatedDepthwiseGradient);
  if (getGradient(productSums)) return;
  // For gradients of gradients.
  registerGradient({
    kernelName: reluGradient,
    inputsToSave: ['x'],
    gradFunc: (dz, [x]) => ({ x: () => zerosLike(x!), dy: () => run(reluGradient, { x: x!, dy: dz as Tensor }) }),
  });
  registerGradient({ kernelName: productSums, inputsToSave: ['x', 'dy', 'mean'], gradFunc: productSumsGradient });
}

function run(kernelName: string, inputs: Readonly<Record<string, Tensor>>, attrs?: Attributes): Tensor {
  return engine().runKernel(kernelName, { ...inputs }, attrs);
}

/** Copies `dy` along the axes that were reduced. */
function spread(dy: Tensor, x: Tensor, axes: readonly number[]): Tensor {
  const kept = x.shape.map((side, axis) => (axes.includes(axis) ? 1 : side));
  const reps = x.shape.map((side, axis) => (axes.includes(axis) ? side : 1));
  return x.rank === 0 ? reshape(dy, []) : tile(reshape(dy, kept), reps);
}

function sumGradient(dy: Tensor, [x]: readonly Tensor[], attrs: Attributes): NamedGradientMap {
  const axes = util.parseAxisParam((attrs as Attributes & MeanAttrs).axis, x!.shape);
  return { x: () => spread(dy, x!, axes) };
}

function meanGradient(dy: Tensor, [x]: readonly Tensor[], attrs: Attributes): NamedGradientMap {
  const axes = util.parseAxisParam((attrs as Attributes & MeanAttrs).axis, x!.shape);
  const size = axes.reduce((product, axis) => product * x!.shape[axis]!, 1);
  return { x: () => spread(div(dy, size), x!, axes) };
}

/** Whether both are 1, so that the gradient of TensorFlow.js will do. */
function undilated(dilations: number | [number, number] | undefined): boolean {
  return [dilations ?? 1].flat().every((dilation) => dilation === 1);
}

function dilatedGradient(dy: Tensor, [x, filter]: readonly Tensor[], attrs: Attributes): NamedGradientMap | undefined {
  const { dilations, dataFormat } = attrs as Attributes & Conv2DAttrs;
  if (undilated(dilations) || dataFormat === 'NCHW') return undefined;
  return {
    x: () => run(Conv2DBackpropInput, { dy, filter: filter! }, { ...attrs, inputShape: x!.shape }),
    filter: () => run(Conv2DBackpropFilter, { x: x!, dy }, { ...attrs, filterShape: filter!.shape }),
  };
}

function dilatedDepthwiseGradient(
  dy: Tensor,
  [x, filter]: readonly Tensor[],
  attrs: Attributes,
): NamedGradientMap | undefined {
  if (undilated((attrs as Attributes & DepthwiseConv2dNativeAttrs).dilations)) return undefined;
  return {
    x: () => run(DepthwiseConv2dNativeBackpropInput, { dy, filter: filter! }, { ...attrs, inputShape: x!.shape }),
    filter: () => run(DepthwiseConv2dNativeBackpropFilter, { x: x!, dy }, { ...attrs, filterShape: filter!.shape }),
  };
}

function batchNormGradient(dy: Tensor, saved: readonly Tensor[], attrs: Attributes): NamedGradientMap | undefined {
  const [x, mean, variance, scale] = saved as readonly [Tensor, Tensor, Tensor, Tensor | undefined];
  const channels = x.shape.at(-1)!;
  const perChannel = [mean, variance, ...(scale ? [scale] : [])];
  if (perChannel.some(({ size, shape }) => size !== channels || shape.at(-1) !== channels)) return undefined;
  // Computed here, since what is computed within one of the functions below is disposed before the next is called.
  const inverse = rsqrt(
    add(reshape(variance, [channels]), (attrs as Attributes & FusedBatchNormAttrs).varianceEpsilon),
  );
  const factor = scale ? mul(inverse, reshape(scale, [channels])) : inverse;
  const [sum, product] = unstack(run(productSums, { x, dy, mean: reshape(mean, [channels]) })) as [Tensor, Tensor];
  return {
    x: () => mul(dy, factor),
    mean: () => reshape(neg(mul(sum, factor)), mean.shape),
    variance: () => reshape(mul(mul(product, -0.5), mul(factor, mul(inverse, inverse))), mean.shape),
    scale: () => reshape(mul(product, inverse), mean.shape),
    offset: () => reshape(sum, mean.shape),
  };
}

function productSumsGradient(dz: Tensor | Tensor[], saved: Tensor[]): NamedGradientMap {
  const [x, dy, mean] = saved as [Tensor, Tensor, Tensor];
  const [forSum, forProduct] = unstack(dz as Tensor) as [Tensor, Tensor];
  const sums = unstack(run(productSums, { x, dy, mean }));
  return {
    x: () => mul(dy, forProduct),
    dy: () => add(mul(sub(x, mean), forProduct), forSum),
    mean: () => neg(mul(forProduct, sums[0]!)),
  };
}
