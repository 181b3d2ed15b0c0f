// Computations on images that a convolution left in ONNX Runtime's own layout.
import {
  abs,
  add,
  addN,
  argMax,
  cast,
  clipByValue,
  concat,
  conv2d,
  cos,
  div,
  elu,
  exp,
  greater,
  leakyRelu,
  log,
  logicalAnd,
  logSoftmax,
  max,
  maximum,
  mean,
  min,
  mirrorPad,
  mod,
  mul,
  neg,
  notEqual,
  pad,
  pow,
  prelu,
  reciprocal,
  relu,
  reshape,
  reverse,
  rsqrt,
  selu,
  sigmoid,
  sign,
  slice,
  softmax,
  softplus,
  split,
  sqrt,
  square,
  squaredDifference,
  stack,
  step,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
  tanh,
  tile,
  transpose,
  where,
} from '@tensorflow/tfjs-core';
import { type Computation, type Numbers, numbers, random } from './compare.js';

/** Two tensors of the same shape that convolutions made, and smaller ones that repeat in them. */
export interface Operands {
  readonly x: Tensor4D;
  readonly y: Tensor4D;
  /** `[channels]`, positive. */
  readonly channel: Tensor;
  /** `[batch, 1, 1, channels]` */
  readonly image: Tensor;
  /** `[batch, height, width, 1]`, positive. */
  readonly pixel: Tensor;
  /** `[1, height, width, channels]` */
  readonly place: Tensor;
  /** A positive number. */
  readonly number: Tensor;
}

type Case = (operands: Operands) => Tensor | readonly Tensor[];

/** By what they are. */
export const LAYOUT_CASES: Record<string, Case> = {
  'operations on two': ({ x, y }) => [
    add(x, y),
    sub(x, y),
    mul(x, y),
    maximum(x, y),
    squaredDifference(x, y),
    addN([x, y, x]),
  ],
  'operations on two that are not defined for zeros': ({ x, y }) => {
    const positive = add(square(y), 1);
    return [div(x, positive), pow(positive, 2), pow(abs(x), y), mod(x, positive), pow(positive, x)];
  },
  'a number for every channel': ({ x, channel }) => [
    add(x, channel),
    mul(channel, x),
    div(x, channel),
    div(channel, add(square(x), 1)),
    pow(abs(x), channel),
    prelu(x, channel),
    mod(x, channel),
  ],
  'a number for every channel of an image': ({ x, image }) => [
    add(x, image),
    mul(image, x),
    div(x, add(abs(image), 1)),
  ],
  'a number for every pixel': ({ x, pixel }) => [add(x, pixel), mul(pixel, x), div(x, pixel)],
  'a number for every place': ({ x, place }) => [add(x, place), sub(place, x)],
  'a single number': ({ x, number }) => [
    add(x, number),
    mul(number, x),
    div(x, number),
    sub(number, x),
    pow(abs(x), number),
  ],
  'an infinite number': ({ x }) => {
    const positive = add(square(x), 1);
    return [
      mul(positive, Number.POSITIVE_INFINITY),
      add(x, Number.POSITIVE_INFINITY),
      div(x, Number.POSITIVE_INFINITY),
    ];
  },
  'what grows beyond all bounds unless it is 0': ({ x }) => {
    let value: Tensor = exp(sub(x, 200));
    for (let i = 0; i < 9; i++) value = square(add(value, value));
    return value;
  },
  functions: ({ x }) => [
    relu(x),
    leakyRelu(x, 0.1),
    elu(x),
    selu(x),
    sigmoid(x),
    tanh(x),
    softplus(x),
    exp(x),
    cos(x),
    neg(x),
    abs(x),
    square(x),
    sign(x),
    step(x),
    step(x, 0.5),
    clipByValue(x, 1, 3),
  ],
  'functions that are not defined for 0': ({ x }) => {
    const positive = add(square(x), 1);
    return [log(positive), sqrt(positive), rsqrt(positive), reciprocal(positive)];
  },
  'comparisons, casts and choices': ({ x, y, channel }) => {
    const above = greater(x, y);
    const differs = notEqual(x, channel);
    return [
      above,
      differs,
      cast(above, 'float32'),
      cast(logicalAnd(above, differs), 'int32'),
      cast(x, 'int32'),
      cast(x, 'bool'),
      where(above, x, y),
      where(greater(x, 0), x, 5),
    ];
  },
  'sums and means': ({ x }) => [
    sum(x),
    mean(x),
    sum(x, [1, 2]),
    mean(x, [1, 2], true),
    sum(x, [0, 1, 2]),
    mean(x, [0, 1, 2], true),
    sum(x, 3),
    mean(x, [1, 2, 3]),
    sum(x, 1),
    sum(x, [0, 3], true),
    mean(x, [2, 3]),
  ],
  extremes: ({ x }) => [max(x), max(x, [1, 2]), min(x, 3), max(x, [0, 1, 2], true), min(x, [1, 2, 3]), argMax(x, 3)],
  softmax: ({ x }) => [softmax(x), logSoftmax(x)],
  'joining and parting': ({ x, y, pixel }) => [
    concat([x, y], 3),
    concat([x, y], 1),
    concat([x, y, x], 0),
    concat([x, pixel as Tensor4D], 3),
    stack([x, y], 1),
    ...split(x, [1, x.shape[3] - 1], 3),
    ...split(concat([x, y], 3), 2, 3),
    slice(x, [0, 1, 0, 0], [-1, 2, -1, -1]),
    slice(x, [1, 0, 1, 1], [1, -1, 2, x.shape[3] - 1]),
    slice(concat([x, y], 3), [0, 0, 0, x.shape[3]], [-1, -1, -1, -1]),
  ],
  'a rim': ({ x }) => [
    pad(x, [
      [0, 0],
      [1, 2],
      [0, 1],
      [0, 0],
    ]),
    pad(
      x,
      [
        [1, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ],
      4,
    ),
    pad(x, [
      [0, 0],
      [1, 0],
      [0, 0],
      [2, 3],
    ]),
    mirrorPad(
      x,
      [
        [0, 0],
        [1, 2],
        [2, 1],
        [0, 0],
      ],
      'reflect',
    ),
    mirrorPad(
      x,
      [
        [0, 0],
        [1, 3],
        [2, 1],
        [0, 0],
      ],
      'symmetric',
    ),
  ],
  order: ({ x }) => [
    transpose(x, [0, 3, 1, 2]),
    transpose(transpose(x, [0, 3, 1, 2]), [0, 2, 3, 1]),
    transpose(x, [3, 0, 2, 1]),
    reverse(x, [1, 2]),
    tile(x, [1, 2, 1, 1]),
    reshape(x, [-1, x.shape[3]]),
  ],
  'what repeats': ({ x, channel, number }) => {
    const wide = tile(reshape(channel, [1, 1, 1, -1]), [x.shape[0], x.shape[1], x.shape[2], 1]) as Tensor4D;
    const all = mul(number, tile(reshape(number, [1, 1, 1, 1]), x.shape)) as Tensor4D;
    return [mul(x, wide), conv2d(wide, filterOnes(x.shape[3]), 1, 'same'), concat([x, wide], 3), add(wide, all), all];
  },
};

/** A filter that adds all that it sees. */
function filterOnes(channels: number): Tensor4D {
  return tile(reshape(1, [1, 1, 1, 1]), [3, 3, channels, 2]) as Tensor4D;
}

/**
 * The inputs of a case. They are whole numbers, as are those of the filters, so that sums are exact and comparisons
 * agree.
 */
export function layoutInputs(channels: number): Numbers[] {
  const whole = (shape: readonly number[], seed: number, limit: number) =>
    numbers(
      shape,
      random(shape, seed, 'int32').data.map((n) => n % limit),
    );
  const positive = (shape: readonly number[], seed: number) =>
    numbers(
      shape,
      random(shape, seed, 'int32').data.map((n) => 1 + (Math.abs(n) % 4)),
    );
  return [
    whole([2, 4, 5, 3], 1, 3),
    whole([1, 1, 3, channels], 2, 2),
    whole([1, 1, 3, channels], 3, 2),
    positive([channels], 4),
    whole([2, 1, 1, channels], 5, 4),
    positive([2, 4, 5, 1], 6),
    whole([1, 4, 5, channels], 7, 4),
    positive([], 8),
  ];
}

/** A case on what convolutions give, and then a convolution on every image: wrong numbers in channels that only fill up
 * would show in it. */
export function onConvolutions(compute: Case): Computation {
  return (...inputs) => {
    const [image, first, second, channel, perImage, pixel, place, number] = inputs;
    const x = conv2d(image as Tensor4D, first as Tensor4D, 1, 'same');
    const y = conv2d(image as Tensor4D, second as Tensor4D, 1, 'same');
    const operands = { x, y, channel, image: perImage, pixel, place, number } as Operands;
    const results = [compute(operands)].flat();
    return results.flatMap((result) => {
      if (result.rank !== 4 || result.dtype !== 'float32') return [result];
      return [result, conv2d(result as Tensor4D, filterOnes(result.shape[3]!), 1, 'same')];
    });
  };
}

/** All that a computation gives, as one vector. */
export function flatten(results: Tensor | readonly Tensor[]): Tensor {
  return concat([results].flat().map((result) => reshape(cast(result as Tensor, 'float32'), [-1])));
}
