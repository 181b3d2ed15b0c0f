import {
  broadcastTo,
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
  getGradient,
  Mean,
  type MeanAttrs,
  Relu,
  registerGradient,
  reshape,
  Sum,
  type Tensor,
  util,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { type Attributes, type NamedGradientMap, replaceGradient } from '../replaceGradient.js';

const BACKEND = 'onnx';

/**
 * Gradients for as long as the backend `onnx` is active: those of sums and means copy instead of multiplying with a
 * tensor of ones, that of ReLU is one operation, those of convolutions know dilations.
 */
export function registerOnnxGradients(): void {
  replaceGradient(BACKEND, Sum, (dy, [x], attrs) => ({ x: () => spread(dy, x!, axesOf(x!, attrs)) }));
  replaceGradient(BACKEND, Mean, (dy, [x], attrs) => {
    const axes = axesOf(x!, attrs);
    const count = axes.reduce((product, axis) => product * x!.shape[axis]!, 1);
    return { x: () => spread(div(dy, count), x!, axes) };
  });
  replaceGradient(BACKEND, Relu, (dy, [x]) => ({ x: () => run('SegkitReluGradient', { x: x!, dy }) }));
  replaceGradient(BACKEND, Conv2D, dilatedGradient);
  replaceGradient(BACKEND, DepthwiseConv2dNative, dilatedDepthwiseGradient);
  if (!getGradient('SegkitReluGradient')) {
    // For gradients of gradients.
    registerGradient({
      kernelName: 'SegkitReluGradient',
      inputsToSave: ['x'],
      gradFunc: (dz, [x]) => ({
        x: () => zerosLike(x!),
        dy: () => run('SegkitReluGradient', { x: x!, dy: dz as Tensor }),
      }),
    });
  }
}

function run(kernelName: string, inputs: Readonly<Record<string, Tensor>>, attrs?: Attributes): Tensor {
  return engine().runKernel(kernelName, { ...inputs }, attrs);
}

function axesOf(x: Tensor, attrs: Attributes): number[] {
  return util.parseAxisParam((attrs as Attributes & MeanAttrs).axis, x.shape);
}

/** Copies `dy` along the axes that were reduced. */
function spread(dy: Tensor, x: Tensor, axes: readonly number[]): Tensor {
  const kept = x.shape.map((side, axis) => (axes.includes(axis) ? 1 : side));
  return x.rank === 0 ? reshape(dy, []) : broadcastTo(reshape(dy, kept), x.shape as [number]);
}

function isDilated(dilations: number | [number, number] | undefined): boolean {
  return [dilations ?? 1].flat().some((dilation) => dilation !== 1);
}

function dilatedGradient(dy: Tensor, [x, filter]: readonly Tensor[], attrs: Attributes): NamedGradientMap | undefined {
  const { dilations, dataFormat } = attrs as Attributes & Conv2DAttrs;
  if (!isDilated(dilations) || dataFormat === 'NCHW') return undefined;
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
  if (!isDilated((attrs as Attributes & DepthwiseConv2dNativeAttrs).dilations)) return undefined;
  return {
    x: () => run(DepthwiseConv2dNativeBackpropInput, { dy, filter: filter! }, { ...attrs, inputShape: x!.shape }),
    filter: () => run(DepthwiseConv2dNativeBackpropFilter, { x: x!, dy }, { ...attrs, filterShape: filter!.shape }),
  };
}
