import { clone, serialization, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { type LayersModel, layers, type Shape } from '@tensorflow/tfjs-layers';
import type { IdleState } from '../idleState.js';
import { onlyShape, onlyTensor } from './arguments.js';

/** Arguments of {@link DivisibleInput}. */
export interface DivisibleInputConfig {
  /** Name of the layer. */
  name?: string;
  /** What height and width must be multiples of. */
  divisor: number;
  /** What the network is and what goes with it, as JSON. */
  record?: string;
}

/** The networks that the first columns of a network make. */
export interface Pruning {
  /** How many columns may stay at most. */
  readonly most: number;
  readonly build: (columns: number) => LayersModel;
}

/** Throws unless height and width are multiples of `divisor`; the message names the nearest sizes that are. */
export function requireDivisible(name: string, height: number, width: number, divisor: number): void {
  const near = (side: number): string => {
    const below = Math.floor(side / divisor) * divisor;
    if (below === side) return `${side}`;
    return below === 0 ? `${divisor}` : `${below} or ${below + divisor}`;
  };
  if (height % divisor === 0 && width % divisor === 0 && height > 0 && width > 0) return;
  throw new RangeError(
    `${name} must have a height and width that are multiples of ${divisor}, got ${height} x ${width}; ` +
      `the nearest are height ${near(height)}, width ${near(width)}.`,
  );
}

/**
 * Passes its input on, and refuses sizes that the network cannot halve and double back. It also carries what is known
 * of the whole network, which no other layer of it could.
 */
export class DivisibleInput extends layers.Layer {
  /** @nocollapse */
  static readonly className = 'DivisibleInput';
  /** What height and width must be multiples of. */
  readonly divisor: number;
  /** What the network is and what goes with it, as JSON. */
  record: string | undefined;
  /** What the state dict of the original has beyond the network. */
  idle: IdleState | undefined;
  /** How many outputs the whole network has. */
  outputs: number | undefined;
  /** How the network is built with fewer columns, where there are such. */
  prune: Pruning | undefined;

  constructor(config: DivisibleInputConfig) {
    super(config as object);
    this.divisor = config.divisor;
    this.record = config.record;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor4D {
    const x = onlyTensor(inputs);
    requireDivisible('the input of the model', x.shape[1], x.shape[2], this.divisor);
    // The model disposes what its layers return, and must not dispose the caller's tensor.
    return clone(x);
  }

  override getConfig(): serialization.ConfigDict {
    const record = this.record === undefined ? {} : { record: this.record };
    return { ...super.getConfig(), divisor: this.divisor, ...record };
  }
}
serialization.registerClass(DivisibleInput);
