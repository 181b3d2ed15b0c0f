import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { StatefulLayer } from './layers/stateTensor.js';
import { allWindows, joinWindows, type Windows, windowsThrough } from './windows.js';

type AnyLayer = LayersModel['layers'][number];

/** What a layer costs. */
export interface LayerCost {
  /** Parameters that training changes. */
  readonly parameters: number;
  /** Multiplications with additions of convolutions and linear layers. */
  readonly multiplyAdds: number;
}

/** A feature map: its shape, and what its pixels see of the image. */
export interface View {
  readonly shape: readonly number[];
  readonly windows: Windows;
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
  return { shape, windows: windowsOf(layer, joinWindows(inputs.map(({ windows }) => windows))) };
}

function windowsOf(layer: AnyLayer, before: Windows): Windows {
  const { kernelSize, poolSize, strides = 1, padding = 0, interpolation } = layer.getConfig();
  const [side, step] = [Number(kernelSize ?? poolSize), Number(strides)];
  const border = Array.isArray(padding) ? Number(padding[0]) : Number(padding);
  switch (layer.getClassName()) {
    case 'TorchConv2D':
    case 'TorchDepthwiseConv2D':
    case 'TorchMaxPool2D': {
      const start = (at: number): number => at * step - border;
      return windowsThrough(before, 1 / step, start, (at) => start(at) + side - 1);
    }
    case 'TorchConv2DTranspose': {
      const least = (at: number): number => Math.ceil((at + border - side + 1) / step);
      return windowsThrough(before, step, least, (at) => Math.floor((at + border) / step));
    }
    case 'Upsample2D': {
      // Bilinear, even pixels lie a quarter before a pixel of the smaller map, odd ones a quarter behind.
      const more = interpolation === 'bilinear' ? 1 : 0;
      const nearest = (at: number): number => Math.floor(at / 2);
      return windowsThrough(
        before,
        2,
        (at) => nearest(at) - (at % 2 === 0 ? more : 0),
        (at) => nearest(at) + (at % 2 === 0 ? 0 : more),
      );
    }
    case 'GlobalPool2D':
    case 'TorchGroupNorm':
      return allWindows(before);
    default:
      return before;
  }
}
