import { LayersModel, type Shape, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { inputDivisor } from '../models/index.js';

/** No network in use halves its image more than eight times. */
const LARGEST = 256;

/**
 * Returns the least number that height and width of an image must be multiples of, so that the levels of a fully
 * convolutional network fit together and its logits have the size of the image: 32 for a U-Net that halves five times,
 * 1 where any size will do. A model of segkit says so itself (`inputDivisor`); of others it is read off the layers, by
 * passing sizes, not images, through them. Internal to the library.
 *
 * @throws RangeError where no number up to 256 fits.
 */
export function modelDivisor(model: LayersModel): number {
  const least = inputDivisor(model);
  for (let divisor = least; divisor <= LARGEST; divisor += least) {
    // Odd multiples, of which the first two share no factor: what only fits them by chance is found out by the others.
    if ([3, 5, 7].every((factor) => keepsSize(model, divisor * factor))) return divisor;
  }
  throw new RangeError(
    `model must return logits of the size of its image for multiples of some number up to ${LARGEST}; ` +
      'give divisor where it does.',
  );
}

function keepsSize(model: LayersModel, side: number): boolean {
  const channels = model.inputs[0]!.shape[3] ?? 1;
  const output = propagate(model, [[1, side, side, channels]])?.[0];
  return output !== undefined && output.length === 4 && output[1] === side && output[2] === side;
}

/** Returns the shapes of the outputs for given shapes of the inputs; undefined where layers do not fit together. */
function propagate(model: LayersModel, inputs: readonly Shape[]): Shape[] | undefined {
  const known = new Map<SymbolicTensor, Shape | undefined>();
  model.inputs.forEach((tensor, i) => {
    known.set(tensor, inputs[i]);
  });
  const shapeOf = (tensor: SymbolicTensor): Shape | undefined => {
    if (!known.has(tensor)) {
      const shapes = tensor.inputs.map(shapeOf).filter((shape) => shape !== undefined);
      known.set(tensor, shapes.length === tensor.inputs.length ? through(tensor, shapes) : undefined);
    }
    return known.get(tensor);
  };
  const outputs = model.outputs.map(shapeOf).filter((shape) => shape !== undefined);
  return outputs.length === model.outputs.length ? outputs : undefined;
}

/** Returns the shape that a layer makes of its inputs. */
function through(tensor: SymbolicTensor, inputs: Shape[]): Shape | undefined {
  const layer = tensor.sourceLayer;
  const [first] = inputs;
  if (first === undefined || !fitTogether(inputs)) return undefined;
  const outputs = layer instanceof LayersModel ? propagate(layer, inputs) : outputsOf(layer, inputs);
  const shape = outputs?.[tensor.outputTensorIndex ?? 0];
  return shape?.every((side) => side === null || side > 0) ? shape : undefined;
}

function outputsOf(layer: SymbolicTensor['sourceLayer'], inputs: Shape[]): Shape[] | undefined {
  try {
    const shape = layer.computeOutputShape(inputs.length === 1 ? inputs[0]! : inputs);
    return Array.isArray(shape[0]) ? (shape as Shape[]) : [shape as Shape];
  } catch {
    // What a layer refuses does not fit.
    return undefined;
  }
}

/** Feature maps that meet must have one size, or be 1 x 1 and spread. */
function fitTogether(shapes: readonly Shape[]): boolean {
  const maps = shapes.filter((shape) => shape.length === 4 && !(shape[1] === 1 && shape[2] === 1));
  return maps.every((shape) => shape[1] === maps[0]![1] && shape[2] === maps[0]![2]);
}
