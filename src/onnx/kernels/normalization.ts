import type { Emitter } from '../emitter.js';
import { type Blocked, dotBlocked, scaleBlocked, sumBlocked } from './channelwise.js';
import type { KernelDefinition, Value } from './definition.js';

/**
 * The kernels of batch normalisation that `normalizeBatch` of the models finds by name, as on the wasm engine:
 *
 * - `SegkitMoments(x) -> mean, variance`: of every channel, the variance biased
 * - `SegkitNormalize(x, mean, scale, shift; relu) -> (x - mean) scale + shift`, then ReLU where asked for
 * - `SegkitNormalizeGradient(x, dy, mean, scale, shift, inverse; relu) -> [dx, sums]`: the gradient through the moments
 *   too (Ioffe and Szegedy 2015), where `inverse` is 1 over the standard deviation; `sums` is `[2, channels]`, of dy
 *   and of dy (x - mean)
 * - `SegkitReluGradient(x, dy) -> dy` where x is above 0
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
        graph.define(outputs[0]!, result.name, layoutOf(graph));
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

type Inputs = Readonly<Record<string, Value>>;

/** 1 above 0, else 0, in one threaded pass: the smallest normal number times the largest is above 1. */
function step(graph: Emitter, name: string): string {
  return graph.op('HardSigmoid', [name], { alpha: { float: 3.4e38 }, beta: { float: 0 } });
}

function layoutOf(graph: Emitter): 'blocked' | 'planes' {
  return graph.block === 0 ? 'planes' : 'blocked';
}

/** `Blocked` with one plane a block where the graph is to run anywhere. */
function channelwise(graph: Emitter, value: Value): Channelwise {
  return graph.block === 0 ? new PlaneWise(graph, value) : new BlockWise(graph, value);
}

/** Operations on every channel of a value in whatever layout the graph has. */
interface Channelwise {
  readonly name: string;
  affine(scale: string, shift?: string, options?: { readonly sum?: string; readonly relu?: boolean }): Channelwise;
  times(other: string): Channelwise;
  sum(): string;
  dot(other: Channelwise): string;
}

class BlockWise implements Channelwise {
  readonly #graph: Emitter;
  readonly #value: Value;
  readonly #blocked: Blocked;

  constructor(graph: Emitter, value: Value, name = graph.blocked(value)) {
    const [batch, height, width, channels] = value.shape as [number, number, number, number];
    this.#graph = graph;
    this.#value = value;
    this.#blocked = { name, batch, height, width, filled: graph.filled(channels) };
  }

  get name(): string {
    return this.#blocked.name;
  }

  affine(scale: string, shift?: string, options?: { readonly sum?: string; readonly relu?: boolean }): Channelwise {
    return new BlockWise(this.#graph, this.#value, scaleBlocked(this.#graph, this.#blocked, scale, shift, options));
  }

  times(other: string): Channelwise {
    return new BlockWise(this.#graph, this.#value, this.#graph.op('Mul', [this.name, other]));
  }

  sum(): string {
    return sumBlocked(this.#graph, this.#blocked);
  }

  dot(other: Channelwise): string {
    return dotBlocked(this.#graph, this.#blocked, { ...this.#blocked, name: other.name });
  }
}

class PlaneWise implements Channelwise {
  readonly name: string;
  readonly #graph: Emitter;
  readonly #value: Value;

  constructor(graph: Emitter, value: Value, name = graph.planes(value)) {
    this.#graph = graph;
    this.#value = value;
    this.name = name;
  }

  #spread(vector: string): string {
    return this.#graph.reshape(vector, [1, this.#value.shape[3]!, 1, 1]);
  }

  affine(
    scale: string,
    shift?: string,
    { sum, relu = false }: { readonly sum?: string; readonly relu?: boolean } = {},
  ) {
    let result = this.#graph.op('Mul', [this.name, this.#spread(scale)]);
    if (shift !== undefined) result = this.#graph.op('Add', [result, this.#spread(shift)]);
    if (sum !== undefined) result = this.#graph.op('Add', [result, sum]);
    return new PlaneWise(this.#graph, this.#value, relu ? this.#graph.op('Relu', [result]) : result);
  }

  times(other: string): Channelwise {
    return new PlaneWise(this.#graph, this.#value, this.#graph.op('Mul', [this.name, other]));
  }

  sum(): string {
    const rows = this.#graph.op('ReduceSum', [this.name, this.#graph.ints(3)], { keepdims: 0 });
    return this.#graph.op('ReduceSum', [rows, this.#graph.ints(0, 2)], { keepdims: 0 });
  }

  dot(other: Channelwise): string {
    return this.times(other.name).sum();
  }
}

/** A constant for every channel: 1, or what the channels that fill up must not see. */
function ones(graph: Emitter, value: Value): string {
  const channels = value.shape[3]!;
  const filled = graph.block === 0 ? channels : graph.filled(channels);
  return graph.floats(
    Float32Array.from({ length: filled }, (_, i) => (i < channels ? 1 : 0)),
    [filled],
  );
}

function moments(graph: Emitter, x: Value): { readonly mean: string; readonly variance: string } {
  const count = graph.float(x.shape[0]! * x.shape[1]! * x.shape[2]!);
  const values = channelwise(graph, x);
  const mean = graph.op('Div', [values.sum(), count]);
  const centred = values.affine(ones(graph, x), graph.op('Neg', [mean]));
  return { mean, variance: graph.op('Div', [centred.dot(centred), count]) };
}

/** x - mean; the same operation as in {@link moments} where the mean comes from there. */
function centre(graph: Emitter, { x, mean }: Inputs): Channelwise {
  const values = channelwise(graph, x!);
  return values.affine(ones(graph, x!), graph.op('Neg', [graph.vector(mean!)]));
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
  graph.define(dx, own.affine(gain, undefined, { sum: pull.name }).name, layoutOf(graph));
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
