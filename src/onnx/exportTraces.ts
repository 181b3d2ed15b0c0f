import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type FreeSide, type GeneralGraph, generalize } from './exportGeneralize.js';
import { lowerTrace, type OnnxLayout } from './exportLower.js';
import { guardOf } from './modelGuard.js';
import { SizeError } from './sizeError.js';
import { traceModel, type Weights } from './traceModel.js';

/** What is known of the sizes of a model. */
export interface TraceOptions {
  readonly layout: OnnxLayout;
  /** What height and width are multiples of, where somebody says so. */
  readonly divisor: number | undefined;
}

/** A graph for all sizes that are multiples of a number. */
export interface TracedSizes {
  readonly general: GeneralGraph;
  readonly multiple: number;
}

/** Free lengths of three traces, in multiples: odd and even, and no side a function of another. */
const LENGTHS = [
  [2, 3, 5],
  [5, 8, 13],
  [7, 11, 6],
  [9, 4, 10],
] as const;

/** Numbers that images of networks are multiples of. */
const MULTIPLES = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256] as const;

/**
 * Traces a model for several lengths of the sides that are free, and makes one graph of them. Where nobody says what
 * height and width are multiples of, the first number is taken for which all traces agree.
 */
export function traceAllSizes(
  model: LayersModel,
  shape: readonly (number | null)[],
  weights: Weights,
  { layout, divisor }: TraceOptions,
): TracedSizes {
  const isFree = shape.slice(1).some((side) => side === null);
  const said = isFree ? (divisor ?? guardOf(model)?.divisor) : 1;
  let first: SizeError | undefined;
  for (const multiple of said === undefined ? MULTIPLES : [said]) {
    try {
      return { general: traceMultiples(model, shape, weights, layout, multiple), multiple };
    } catch (error) {
      if (!(error instanceof SizeError)) throw error;
      first ??= error;
    }
  }
  throw first;
}

function traceMultiples(
  model: LayersModel,
  shape: readonly (number | null)[],
  weights: Weights,
  layout: OnnxLayout,
  multiple: number,
): GeneralGraph {
  const axes = [...shape.keys()].filter((axis) => shape[axis] === null);
  const free = axes.map((axis): FreeSide => {
    const isImage = shape.length === 4;
    const name = axis === 0 ? 'batch' : (isImage && ['', 'height', 'width'][axis]) || `axis${axis}`;
    const place = isImage && layout === 'NCHW' ? [0, 2, 3, 1][axis]! : axis;
    return { name, axis: place, multiple: axis === 0 ? 1 : multiple };
  });
  const count = axes.length === 0 ? 1 : 3;
  const traces = Array.from({ length: count }, (_, i) => {
    const sides = shape.map((side, axis) => side ?? LENGTHS[axis % 4]![i]! * (axis === 0 ? 1 : multiple));
    return lowerTrace(traceModel(model, sides, weights), layout);
  });
  return generalize(traces, free);
}
