import { backend_util, type DataType, type NamedAttrMap } from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import { isSameShape, type Operand, sizeOf, widen } from './broadcast.js';
import type { KernelCall, KernelDefinition, Value } from './definition.js';
import {
  alignSides,
  channelMask,
  commonLayout,
  defineIn,
  type FullLayout,
  hasFewChannels,
  isFilledUp,
  operandIn,
  sidesIn,
  smallest,
} from './layouts.js';

/**
 * How an operation keeps the channels of blocks that only fill up at 0, where the large operands have zeros:
 *
 * - a number: with that one in the small operands, the result is 0
 * - `'masked'`: the result is some finite number, and is multiplied by 0 there
 * - `'never'`: the result may be infinite or not a number, so that another layout has to be taken
 */
export type Filler = number | 'masked' | 'never';

/** An operation on numbers of the same place. */
export interface Elementwise {
  /** Emits the operation on operands that broadcast. */
  readonly emit: (graph: Emitter, names: readonly string[], attrs: NamedAttrMap) => string;
  /** By the attributes, and which operands are large. @defaultValue 0 */
  readonly filler?: Filler | ((attrs: NamedAttrMap, isLarge: readonly boolean[]) => Filler);
}

/** Emits an operation on inputs that broadcast, in the layout in which they are, and defines its result. */
export function lowerElementwise(
  graph: Emitter,
  inputs: readonly Value[],
  output: Value,
  { emit, filler = 0 }: Elementwise,
  attrs: NamedAttrMap = {},
): void {
  const values = inputs.map((input) => smallest(graph, input));
  const isLarge = values.map(({ shape }) => isSameShape(shape, output.shape));
  if (!isLarge.includes(true)) {
    lowerSmall(graph, values, output, (names) => emit(graph, names, attrs));
    return;
  }
  const wanted = typeof filler === 'function' ? filler(attrs, isLarge) : filler;
  const layout = layoutFor(graph, values, isLarge, output, wanted);
  const isFilling = layout === 'blocked' && output.dtype === 'float32' && isFilledUp(graph, output.shape);
  const isMasked = isFilling && wanted === 'masked';
  if (layout === 'blocked' && !isMasked && values.every((value, i) => isLarge[i] || (!isFilling && isOne(value)))) {
    const names = values.map((value, i) => (isLarge[i] ? graph.blocked(value) : graph.plain(value)));
    graph.define(output, emit(graph, names, attrs), 'blocked');
    return;
  }
  const small = isFilling ? (typeof wanted === 'number' ? wanted : 0) : undefined;
  const sides = sidesIn(graph, output.shape, layout);
  const names = values.map((value, i) => {
    const operand = operandIn(graph, value, output.shape, layout, small);
    return isLarge[i] ? operand.name : widen(graph, operand, sides, value.dtype).name;
  });
  const result = emit(graph, names, attrs);
  defineIn(graph, output, isMasked ? masked(graph, result, output.shape, sides) : result, layout);
}

/** Of so many numbers with few channels chains are expected, which begin and end in planes as reductions of them do. */
const LONG = 16_384;

function isOne({ shape }: Value): boolean {
  return sizeOf(shape) === 1;
}

/** What no large operand takes part in is computed once, and repeated where it is asked for. */
function lowerSmall(
  graph: Emitter,
  values: readonly Value[],
  output: Value,
  emit: (names: readonly string[]) => string,
): void {
  const shape = values.map((value) => value.shape as number[]).reduce(backend_util.assertAndGetBroadcastShape);
  const operands = values.map((value): Operand => {
    const operand = { name: graph.plain(value), sides: alignSides(value.shape, shape.length) };
    return widen(graph, operand, shape, value.dtype);
  });
  const name = emit(operands.map((operand) => operand.name));
  if (sizeOf(shape) === sizeOf(output.shape)) graph.define(output, graph.reshape(name, output.shape));
  else graph.defineSpread(output, { name, shape });
}

function layoutFor(
  graph: Emitter,
  values: readonly Value[],
  isLarge: readonly boolean[],
  output: Value,
  filler: Filler,
): FullLayout {
  const large = values.filter((_, i) => isLarge[i]);
  const isOdd = (value: Value, i: number) => !isLarge[i] && value.dtype !== 'float32' && !isOne(value);
  const layout = commonLayout(graph, large);
  if (layout === 'blocked') {
    const fits = [...large, output].every(({ dtype }) => dtype !== 'int32') && !values.some(isOdd);
    return fits && (filler !== 'never' || !isFilledUp(graph, output.shape)) ? layout : 'planes';
  }
  // One number a pixel against few channels: runs of so few numbers are slow.
  const perPixel = values.some((value, i) => !isLarge[i] && !isOne(value) && (value.shape.at(-1) ?? 1) === 1);
  const isLong = graph.block > 0 && sizeOf(output.shape) >= LONG;
  return (perPixel || isLong) && hasFewChannels(output.shape) ? 'planes' : layout;
}

/** Sets the channels that only fill up to 0. */
function masked(graph: Emitter, name: string, shape: readonly number[], sides: readonly number[]): string {
  const mask = { name: channelMask(graph, shape), sides: [1, sides[1]!, 1, 1, graph.block] };
  return graph.op('Mul', [name, widen(graph, mask, sides, 'float32').name]);
}

/** The dtypes that count. */
export const NUMBERS: readonly DataType[] = ['float32', 'int32'];

/** What a definition of elementwise kernels says besides the operation. */
export interface ElementwiseOptions extends Omit<Elementwise, 'emit'> {
  /** Dtypes of the inputs that can be lowered. @defaultValue float32 only */
  readonly dtypes?: readonly DataType[];
  /** Dtype of the result. @defaultValue that of the inputs */
  readonly dtype?: DataType;
}

/** A kernel of one input `x` whose result has its shape. */
export function unary(
  name: string,
  emit: (graph: Emitter, x: string, attrs: NamedAttrMap, dtype: DataType) => string,
  { dtypes = ['float32'], dtype, ...options }: ElementwiseOptions = {},
): KernelDefinition {
  return {
    name,
    accepts: ({ inputs }) => dtypes.includes(inputs.x!.dtype),
    infer: ({ inputs }) => [{ shape: inputs.x!.shape, dtype: dtype ?? inputs.x!.dtype }],
    lower: ({ inputs, attrs, outputs }, graph) => {
      const operation: Elementwise = {
        emit: (_, [x]) => emit(graph, x!, attrs, inputs.x!.dtype),
        ...options,
      };
      lowerElementwise(graph, [inputs.x!], outputs[0]!, operation, attrs);
    },
  };
}

/** A kernel of two inputs of one dtype that broadcast. */
export function binary(
  name: string,
  emit: (graph: Emitter, a: string, b: string, dtype: DataType) => string,
  { dtypes = ['float32'], dtype, ...options }: ElementwiseOptions = {},
  [first, second]: readonly [string, string] = ['a', 'b'],
): KernelDefinition {
  const pair = ({ inputs }: KernelCall): readonly [Value, Value] => [inputs[first]!, inputs[second]!];
  return {
    name,
    accepts: (call) => {
      const [a, b] = pair(call);
      return a.dtype === b.dtype && dtypes.includes(a.dtype);
    },
    infer: (call) => {
      const [a, b] = pair(call);
      const shape = backend_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
      return [{ shape, dtype: dtype ?? a.dtype }];
    },
    lower: (call, graph) => {
      const [a, b] = pair(call);
      const operation: Elementwise = { emit: (_, names) => emit(graph, names[0]!, names[1]!, a.dtype), ...options };
      lowerElementwise(graph, [a, b], call.outputs[0]!, operation, call.attrs);
    },
  };
}
