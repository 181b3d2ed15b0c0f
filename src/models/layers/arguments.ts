import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';

/** The one tensor that a layer was called on. */
export function onlyTensor(inputs: Tensor | Tensor[]): Tensor4D {
  return (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor4D;
}

/** The shape `[batch, height, width, channels]` that a layer is built for; sides may be null. */
export function onlyShape(inputShape: Shape | Shape[]): Shape {
  const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
  if (shape.length !== 4) {
    throw new RangeError(
      `the input of a layer must have shape [batch, height, width, channels], got ${shape.length} axes.`,
    );
  }
  return shape;
}

/** The number of channels, which must be known. */
export function channelsOf(shape: Shape): number {
  const channels = shape[3];
  if (typeof channels !== 'number') throw new RangeError('the number of channels of an input must be known, got null.');
  return channels;
}

/** Applies a rule to the height and the width of a shape, where known. */
export function mapSides(shape: Shape, channels: number, rule: (side: number) => number): Shape {
  const map = (side: number | null | undefined): number | null => (typeof side === 'number' ? rule(side) : null);
  return [shape[0] ?? null, map(shape[1]), map(shape[2]), channels];
}

/** Whether a call is one of training. */
export function isTraining(kwargs: object): boolean {
  return 'training' in kwargs && kwargs.training === true;
}

/** Zeros around a map: as many on every side, or `[before, after]`, the same for rows and columns. */
export type Padding = number | readonly [before: number, after: number];

/** The zeros of both sides together. */
export function totalPadding(padding: Padding): number {
  return typeof padding === 'number' ? 2 * padding : padding[0] + padding[1];
}

/** Padding as the convolutions of TensorFlow.js take it. */
export function tensorflowPadding(
  padding: Padding,
): number | [[number, number], [number, number], [number, number], [number, number]] {
  if (typeof padding === 'number') return padding;
  const [before, after] = padding;
  return [
    [0, 0],
    [before, after],
    [before, after],
    [0, 0],
  ];
}
