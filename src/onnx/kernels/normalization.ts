import type { NamedAttrMap } from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import { BlockWise } from './blockWise.js';
import { isSameShape } from './broadcast.js';
import { type Channelwise, constantFor } from './channelwise.js';
import type { KernelDefinition, Value } from './definition.js';
import { lowerElementwise } from './elementwise.js';
import { alignSides } from './layouts.js';
import { PlaneWise } from './planeWise.js';

/**
 * The kernels of batch normalisation that `normalizeBatch` of the models finds by name, as on the wasm engine:
 *
 * - `SegkitMoments(x) -> mean, variance`: of every channel, the variance biased
 * - `SegkitNormalize(x, mean, scale, shift; relu) -> (x - mean) scale + shift`, then ReLU where asked for
 * - `SegkitNormalizeGradient(x, dy, mean, scale, shift, inverse; relu) -> [dx, sums]`: the gradient through the moments
 *   too (Ioffe and Szegedy 2015), where `inverse` is 1 over the standard deviation; `sums` is `[2, channels]`, of dy
 *   and of dy (x - mean)
 * - `SegkitReluGradient(x, dy) -> dy` where x is above 0
 * - `SegkitProductSums(x, dy, mean) -> [2, channels]`: the sums of dy and of dy (x - mean), for the gradient of
 *   `FusedBatchNorm`, the normalisation of TensorFlow.js by given moments
 */
export function normalizationKernels(): readonly KernelDefinition[] {
  return [
    {
      name: 'SegkitMoments',
      infer: ({ inputs }) => [0, 1].map(() => ({ shape: [inputs.x!.shape[3]!], dtype: 'float32' })),
      lower: ({ inputs, outputs }, graph) => {
        const { mean, variance } = moments(graph, inputs.x!);
        graph.define(outputs[0]!, mean, 'filled');
        graph.define(outputs[1]!, variance, 'filled');
      },
    },
    {
      name: 'SegkitNormalize',
      infer: ({ inputs }) => [{ shape: inputs.x!.shape, dtype: 'float32' }],
      lower: ({ inputs, attrs, outputs }, graph) => {
        const result = normalized(graph, inputs, attrs.relu === true);
        graph.define(outputs[0]!, result.name, result.layout);
      },
    },
    {
      name: 'SegkitNormalizeGradient',
      infer: ({ inputs }) => [
        { shape: inputs.x!.shape, dtype: 'float32' },
        { shape: [2, inputs.x!.shape[3]!], dtype: 'float32' },
      ],
      lower: ({ inputs, attrs, outputs }, graph) => {
        normalizeGradient(graph, inputs, attrs.relu === true, outputs as readonly [Value, Value]);
      },
    },
    {
      name: 'SegkitProductSums',
      infer: ({ inputs }) => [{ shape: [2, inputs.x!.shape.at(-1)!], dtype: 'float32' }],
      lower: ({ inputs, outputs }, graph) => {
        const [x, dy] = [asImages(graph, inputs.x!), asImages(graph, inputs.dy!)];
        const upstream = channelwise(graph, dy);
        const product = upstream.dot(centre(graph, { x, mean: inputs.mean! }));
        graph.define(outputs[0]!, stack(graph, [upstream.sum(), product], x.shape[3]!));
      },
    },
    {
      name: 'FusedBatchNorm',
      accepts: ({ inputs }) =>
        inputs.x!.dtype === 'float32' && (areVectors(inputs) || Object.values(inputs).every(isLike(inputs.x!))),
      infer: ({ inputs }) => [{ shape: inputs.x!.shape, dtype: 'float32' }],
      lower: ({ inputs, attrs, outputs }, graph) => {
        if (!areVectors(inputs)) {
          normalizeEach(graph, inputs, varianceEpsilon(attrs), outputs[0]!);
          return;
        }
        const x = asImages(graph, inputs.x!);
        const vector = (name: string): string => graph.vector(inputs[name]!);
        const epsilon = graph.float(varianceEpsilon(attrs));
        const fillers = constantFor(graph, x.shape[3]!, 0, 1);
        const spread = graph.op('Sqrt', [graph.op('Add', [graph.op('Add', [vector('variance'), epsilon]), fillers])]);
        const scale = graph.op('Div', [inputs.scale ? vector('scale') : constantFor(graph, x.shape[3]!, 1, 0), spread]);
        const result = centre(graph, { x, mean: inputs.mean! }).affine(scale, inputs.offset && vector('offset'));
        const [output] = outputs as readonly [Value];
        if (x === inputs.x) {
          graph.define(output, result.name, result.layout);
        } else {
          const flat: Value = { shape: x.shape, dtype: 'float32' };
          graph.define(flat, result.name, result.layout);
          graph.define(output, graph.reshape(graph.plain(flat), output.shape));
        }
      },
    },
    {
      name: 'SegkitReluGradient',
      infer: ({ inputs }) => [{ shape: inputs.x!.shape, dtype: 'float32' }],
      lower: ({ inputs, outputs }, graph) => {
        const { x, dy } = inputs as Record<'x' | 'dy', Value>;
        const layout = x.shape.length !== 4 ? 'plain' : graph.has(x, 'blocked') ? 'blocked' : 'plain';
        const planes = layout === 'plain' && !graph.has(x, 'plain');
        const [left, right] = planes
          ? [graph.planes(x), graph.planes(dy)]
          : layout === 'blocked'
            ? [graph.blocked(x), graph.blocked(dy)]
            : [graph.plain(x), graph.plain(dy)];
        graph.define(outputs[0]!, graph.op('Mul', [right, step(graph, left)]), planes ? 'planes' : layout);
      },
    },
  ];
}

/** Whether moments, scale and offset are one number a channel. */
function areVectors({ x, ...vectors }: Inputs): boolean {
  const channels = x!.shape.at(-1)!;
  return Object.values(vectors).every(({ shape }) => shape.at(-1) === channels && product(shape) === channels);
}

/** Whether there is a number of its own for each of a value; leading sides of 1 may be left out. */
function isLike({ shape }: Value): (value: Value) => boolean {
  return ({ dtype, shape: own }) =>
    dtype === 'float32' && own.length <= shape.length && isSameShape(alignSides(own, shape.length), shape);
}

function varianceEpsilon({ varianceEpsilon: epsilon }: NamedAttrMap): number {
  return (epsilon as number | null | undefined) ?? 0.001;
}

/** By moments of every number, as the layer normalisation of TensorFlow.js has them. */
function normalizeEach(graph: Emitter, inputs: Inputs, epsilon: number, output: Value): void {
  const { x, mean, variance, scale, offset } = inputs as Record<string, Value>;
  const given = [scale, offset].filter((value) => value !== undefined);
  lowerElementwise(graph, [x!, mean!, variance!, ...given], output, {
    emit: (_, [value, centre, spread, ...rest]) => {
      const centred = graph.op('Sub', [value!, centre!]);
      const deviation = graph.op('Sqrt', [graph.op('Add', [spread!, graph.float(epsilon)])]);
      let result = graph.op('Div', [centred, deviation]);
      if (scale) result = graph.op('Mul', [result, rest[0]!]);
      return offset ? graph.op('Add', [result, rest.at(-1)!]) : result;
    },
    filler: 'never',
  });
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, side) => size * side, 1);
}

/** A value of any rank as images, the last axis being the channels. */
function asImages(graph: Emitter, value: Value): Value {
  if (value.shape.length === 4) return value;
  const channels = value.shape.at(-1)!;
  const images: Value = { shape: [1, product(value.shape) / channels, 1, channels], dtype: value.dtype };
  graph.define(images, graph.reshape(graph.plain(value), images.shape));
  return images;
}

/** Looks at a value channel by channel. */
function channelwise(graph: Emitter, value: Value): Channelwise {
  return graph.block === 0 ? new PlaneWise(graph, value) : new BlockWise(graph, value);
}

type Inputs = Readonly<Record<string, Value>>;

/** 1 above 0, else 0, in one threaded pass: the smallest normal number times the largest is above 1. */
function step(graph: Emitter, name: string): string {
  return graph.op('HardSigmoid', [name], { alpha: { float: 3.4e38 }, beta: { float: 0 } });
}

function moments(graph: Emitter, x: Value): { readonly mean: string; readonly variance: string } {
  const count = graph.float(x.shape[0]! * x.shape[1]! * x.shape[2]!);
  const values = channelwise(graph, x);
  const mean = graph.op('Div', [values.sum(), count]);
  const centred = values.affine(constantFor(graph, x.shape[3]!, 1, 0), graph.op('Neg', [mean]));
  return { mean, variance: graph.op('Div', [centred.dot(centred), count]) };
}

/** x - mean; the same operation as in {@link moments} where the mean comes from there. */
function centre(graph: Emitter, { x, mean }: Inputs): Channelwise {
  const values = channelwise(graph, x!);
  return values.affine(constantFor(graph, x!.shape[3]!, 1, 0), graph.op('Neg', [graph.vector(mean!)]));
}

function normalized(graph: Emitter, inputs: Inputs, relu: boolean): Channelwise {
  const centred = centre(graph, inputs);
  return centred.affine(graph.vector(inputs.scale!), graph.vector(inputs.shift!), { relu });
}

function normalizeGradient(graph: Emitter, inputs: Inputs, relu: boolean, [dx, sums]: readonly [Value, Value]): void {
  const { x, dy, scale, inverse } = inputs as Record<string, Value>;
  const pixels = x!.shape[0]! * x!.shape[1]! * x!.shape[2]!;
  const centred = centre(graph, inputs);
  const upstream = channelwise(graph, dy!);
  const own = relu ? upstream.times(step(graph, normalized(graph, inputs, true).name)) : upstream;
  const total = own.sum();
  const product = own.dot(centred);
  const gain = graph.vector(scale!);
  const spread = graph.vector(inverse!);
  // dx = scale (own - total / n - (x - mean) inverse^2 product / n)
  const share = graph.op('Mul', [gain, graph.float(-1 / pixels)]);
  const offset = graph.op('Mul', [share, total]);
  const slope = graph.op('Mul', [graph.op('Mul', [share, graph.op('Mul', [spread, spread])]), product]);
  const pull = centred.affine(slope, offset);
  const result = own.affine(gain, undefined, { sum: pull.name });
  graph.define(dx, result.name, result.layout);
  graph.define(sums, stack(graph, [total, product], x!.shape[3]!));
}

/** Vectors of every channel as the rows of a matrix `[rows, channels]`. */
function stack(graph: Emitter, vectors: readonly string[], channels: number): string {
  const filled = graph.block === 0 ? channels : graph.filled(channels);
  const rows = graph.op(
    'Concat',
    vectors.map((vector) => graph.reshape(vector, [1, filled])),
    { axis: 0 },
  );
  if (filled === channels) return rows;
  return graph.op('Slice', [rows, graph.ints(0), graph.ints(channels), graph.ints(1)]);
}
