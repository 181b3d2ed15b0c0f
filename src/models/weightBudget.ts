import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { FormatError } from '../core/errors.js';

/** The method of layers that takes memory; it is protected. */
interface WeightMaker {
  addWeight: (name: string, shape: Shape, ...more: unknown[]) => unknown;
}

/**
 * Calls `build`, and stops it where the layers that it makes ask for more weights than `most` numbers: what a file says
 * of its network may not take more memory than the weights that it brings.
 *
 * @throws FormatError then.
 */
export function withWeightBudget<Result>(most: number, build: () => Result): Result {
  const maker = layers.Layer.prototype as unknown as WeightMaker;
  const { addWeight } = maker;
  let used = 0;
  maker.addWeight = function (this: WeightMaker & { name: string }, name, shape, ...more) {
    used += shape.reduce<number>((size, side) => size * (side ?? 1), 1);
    if (used > most) {
      throw new FormatError(
        `the model file must hold the weights of the network that it describes, got fewer than layer ${this.name} needs: ` +
          `${name} of shape [${shape.join(', ')}].`,
      );
    }
    return addWeight.call(this, name, shape, ...more);
  };
  try {
    return build();
  } finally {
    maker.addWeight = addWeight;
  }
}
