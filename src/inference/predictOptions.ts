import type { Transform } from '../augment/index.js';
import { requireInteger, requireKnownOptions, requireNumber, requireOneOf, show } from '../core/check.js';
import type { LossMode } from '../losses/index.js';
import type { Network } from './network.js';

/** How an image is turned before it is predicted; the prediction is turned back. */
export type View = 'identity' | 'horizontal' | 'vertical' | 'both';

/** Options of `predict`. */
export interface PredictOptions {
  /**
   * Makes the image ready for the model, as its training did: the result must be float, of the same height and width.
   * It is given a `Random` of seed 0. @defaultValue the normalisation that goes with the model (`modelInfo`); without
   * one the image must be float itself
   */
  readonly preprocess?: Transform;
  /**
   * Softmax over the channels (`'multiclass'`), the sigmoid of the only one (`'binary'`) or of each by itself
   * (`'multilabel'`). @defaultValue what `compileModel` was told; else 'binary' for a model of one output channel,
   * 'multiclass' for more
   */
  readonly mode?: LossMode;
  /** Predicts each of these flips and averages the probabilities. @defaultValue ['identity'] */
  readonly views?: readonly View[];
  /**
   * Side of square tiles, or `[height, width]`, to predict one by one: bounds memory. A multiple of the model's divisor.
   * @defaultValue the whole image, or the model's input size where that is fixed
   */
  readonly tile?: number | readonly [height: number, width: number];
  /** Share of a tile, 0 up to but not 1, that it has in common with the next; there, one fades into the other. @defaultValue 0.25 */
  readonly overlap?: number;
  /** What sides must be multiples of. @defaultValue read off the model's layers; see also `inputDivisor` */
  readonly divisor?: number;
  /** Stops between tiles and views: `predict` rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Called after each forward pass with the number done and the number there are. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What `predict` works with. Internal to the library. */
export interface PredictPlan {
  readonly views: readonly View[];
  readonly overlap: number;
  /** What tiles start at and sides are multiples of. */
  readonly step: number;
  /** Size of a tile, where it is not the whole image. */
  readonly tile: readonly [height: number | undefined, width: number | undefined];
  /** Whether an image smaller than a tile must grow to it. */
  readonly fixed: readonly [height: boolean, width: boolean];
}

/** Fills in the defaults; throws where options do not fit the network. */
export function planPrediction(network: Network, options: PredictOptions): PredictPlan {
  requireKnownOptions('predict', options, [
    ...['preprocess', 'mode', 'views', 'tile', 'overlap', 'divisor', 'signal', 'onProgress'],
  ]);
  const { size } = network;
  const { views = ['identity'], overlap = 0.25 } = options;
  requireMode(network, options.mode);
  requireNumber('overlap', overlap, { min: 0, below: 1 });
  if (!Array.isArray(views) || views.length === 0 || new Set(views).size !== views.length) {
    throw new RangeError(`views must be an array of one or more different views, got ${show(views)}.`);
  }
  views.forEach((view, i) => {
    requireOneOf(`views[${i}]`, view, ['identity', 'horizontal', 'vertical', 'both']);
  });
  const fixed = [size[0] !== undefined, size[1] !== undefined] as const;
  if (options.divisor !== undefined) {
    requireInteger('divisor', options.divisor, { min: 1 });
    if (fixed[0] || fixed[1]) throw new RangeError('divisor must be left out for a model of a fixed input size.');
  }
  const step = fixed[0] && fixed[1] ? 1 : stepOf(network, options.divisor);
  return { views, overlap, step, fixed, tile: tileOf(options.tile, size, step) };
}

/** Throws unless `mode` fits the network. Internal to the library. */
export function requireMode(
  { classes, mode: fixed }: Pick<Network, 'classes' | 'mode'>,
  mode: LossMode | undefined,
): void {
  if (mode === undefined) return;
  requireOneOf('mode', mode, ['multiclass', 'binary', 'multilabel']);
  if ((mode === 'binary') !== (classes === 1)) {
    throw new RangeError(
      "mode must fit the model: 'binary' for one channel of logits, 'multiclass' or 'multilabel' for more, " +
        `got '${mode}' and ${classes}.`,
    );
  }
  if (fixed !== undefined && mode !== fixed) {
    throw new RangeError(`mode must be '${fixed}', which this network has been made for, got '${mode}'.`);
  }
}

function stepOf(network: Network, asked: number | undefined): number {
  if (asked === undefined) return network.divisor();
  if (network.isDivisorFixed && asked % network.divisor() !== 0) {
    throw new RangeError(`divisor must be a multiple of the network's, ${network.divisor()}, got ${asked}.`);
  }
  return asked;
}

function tileOf(
  tile: PredictOptions['tile'],
  input: Network['size'],
  step: number,
): [number | undefined, number | undefined] {
  const asked = typeof tile === 'number' ? [tile, tile] : (tile ?? [undefined, undefined]);
  if (!Array.isArray(asked) || asked.length !== 2) {
    throw new TypeError(`tile must be a number or [height, width], got ${show(tile)}.`);
  }
  const side = (axis: 0 | 1): number | undefined => {
    const wanted = asked[axis];
    const needed = input[axis];
    if (wanted === undefined) return needed;
    requireInteger('tile', wanted, { min: 1 });
    if (needed !== undefined && wanted !== needed) {
      throw new RangeError(`tile must be the size of the model's input, ${input.join(' x ')}, got ${show(tile)}.`);
    }
    if (wanted % step !== 0) throw new RangeError(`tile must be a multiple of ${step}, got ${show(tile)}.`);
    return wanted;
  };
  return [side(0), side(1)];
}
