import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { StatefulLayer } from './layers/stateTensor.js';

type AnyLayer = LayersModel['layers'][number];

/** What a layer costs. */
export interface LayerCost {
  /** Parameters that training changes. */
  readonly parameters: number;
  /** Multiplications with additions of convolutions and linear layers. */
  readonly multiplyAdds: number;
}

/** A feature map as the image sees it: shape, side of the receptive field, and pixels of the image from one to the next. */
export interface View {
  readonly shape: readonly number[];
  readonly field: number;
  readonly step: number;
}

function product(shape: readonly (number | null)[]): number {
  return shape.reduce<number>((result, side) => result * (side ?? 1), 1);
}

/** Returns what a layer costs for one image, from the shapes of its input and output. */
export function costOf(layer: AnyLayer, input: readonly number[], output: readonly number[]): LayerCost {
  const parameters = layer.trainableWeights.reduce((sum, weight) => sum + product(weight.shape), 0);
  const stateful = layer as AnyLayer & Partial<StatefulLayer>;
  const kernel = stateful.stateTensors?.()[0];
  if (kernel === undefined) return { parameters, multiplyAdds: 0 };
  const size = product(kernel.variable.shape);
  const pixels = (shape: readonly number[]): number => shape[1]! * shape[2]!;
  switch (kernel.layout) {
    case 'convolution':
    case 'depthwise':
      return { parameters, multiplyAdds: size * pixels(output) };
    case 'transposed':
      return { parameters, multiplyAdds: size * pixels(input) };
    case 'linear':
      return { parameters, multiplyAdds: size };
    case 'vector':
      return { parameters, multiplyAdds: 0 };
  }
}

/** Returns what a layer makes of the views that it takes. */
export function through(layer: AnyLayer, inputs: readonly View[]): View {
  const shapes = inputs.map(({ shape }) => [...shape]);
  const shape = layer.computeOutputShape(shapes.length === 1 ? shapes[0]! : shapes) as number[];
  const widest = inputs.reduce((wide, view) => (view.shape[1]! > wide.shape[1]! ? view : wide));
  const before = { field: Math.max(...inputs.map(({ field }) => field)), step: widest.step };
  const { kernelSize, poolSize, strides = 1, interpolation } = layer.getConfig();
  switch (layer.getClassName()) {
    case 'TorchConv2D':
    case 'TorchDepthwiseConv2D':
    case 'TorchMaxPool2D': {
      const side = Number(kernelSize ?? poolSize);
      return { shape, field: before.field + (side - 1) * before.step, step: before.step * Number(strides) };
    }
    case 'TorchConv2DTranspose': {
      // A pixel of the result takes ceil(side / strides) pixels of the input.
      const reach = Math.ceil(Number(kernelSize) / Number(strides));
      return { shape, field: before.field + (reach - 1) * before.step, step: before.step / Number(strides) };
    }
    case 'Upsample2D': {
      const more = interpolation === 'bilinear' ? before.step : 0;
      return { shape, field: before.field + more, step: before.step / 2 };
    }
    case 'GlobalPool2D':
    case 'TorchGroupNorm':
      return { shape, field: Number.POSITIVE_INFINITY, step: before.step };
    default:
      return { shape, ...before };
  }
}
