import {
  Add,
  AddN,
  type DataType,
  FloorDiv,
  Maximum,
  Minimum,
  Mod,
  Multiply,
  Pow,
  RealDiv,
  SquaredDifference,
  Sub,
} from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import { isSameShape } from './broadcast.js';
import { toDouble, toInt32 } from './casts.js';
import type { KernelDefinition, RecordedCall, Value } from './definition.js';
import { binary, type Filler, lowerElementwise, NUMBERS } from './elementwise.js';

/** Operations on two numbers. */
export function arithmeticKernels(): readonly KernelDefinition[] {
  const emit =
    (op: string) =>
    (graph: Emitter, a: string, b: string): string =>
      graph.op(op, [a, b]);
  return [
    binary(Add, emit('Add'), { dtypes: NUMBERS }),
    binary(Sub, emit('Sub'), { dtypes: NUMBERS }),
    multiplication(),
    binary(RealDiv, divide, { dtypes: NUMBERS, filler: divisionFiller }),
    binary(FloorDiv, (graph, a, b) => inDoubles(graph, [a, b], floorOfRatio, 'int32'), {
      dtypes: NUMBERS,
      dtype: 'int32',
    }),
    binary(Mod, (graph, a, b, dtype) => inDoubles(graph, [a, b], remainder, dtype), {
      dtypes: NUMBERS,
      filler: divisionFiller,
    }),
    binary(Pow, power, { dtypes: NUMBERS, filler: (_, [, isExponentLarge]) => (isExponentLarge ? 'masked' : 1) }),
    binary(Maximum, emit('Max'), { dtypes: NUMBERS }),
    binary(Minimum, emit('Min'), { dtypes: NUMBERS }),
    binary(SquaredDifference, squaredDifference, { dtypes: NUMBERS }),
    {
      name: AddN,
      accepts: ({ inputs }) =>
        Object.values(inputs).every(
          ({ shape, dtype }) =>
            NUMBERS.includes(dtype) && dtype === inputs[0]!.dtype && isSameShape(shape, inputs[0]!.shape),
        ),
      infer: ({ inputs }) => [{ shape: inputs[0]!.shape, dtype: inputs[0]!.dtype }],
      // ONNX Runtime adds many tensors in one operation more slowly than in pairs.
      lower: ({ inputs, outputs }, graph) =>
        lowerElementwise(graph, Object.values(inputs), outputs[0]!, {
          emit: (_, names) => names.reduce((sum, name) => graph.op('Add', [sum, name])),
        }),
    },
  ];
}

/** Products; those with a tensor of ones, as gradients contain them, are left out. */
function multiplication(): KernelDefinition {
  const general = binary(Multiply, (graph, a, b) => graph.op('Mul', [a, b]), { dtypes: NUMBERS });
  return {
    ...general,
    lower: (call, graph) => {
      const { a, b } = call.inputs as Record<'a' | 'b', Value>;
      if (isOnes(graph, a)) copy(call, b, graph);
      else if (isOnes(graph, b)) copy(call, a, graph);
      else general.lower(call, graph);
    },
  };
}

function isOnes(graph: Emitter, value: Value): boolean {
  const spread = graph.spreadOf(value);
  return spread !== undefined && spread.name === graph.scalar(1, value.dtype);
}

function copy({ outputs }: RecordedCall, value: Value, graph: Emitter): void {
  const [output] = outputs as readonly [Value];
  if (isSameShape(value.shape, output.shape)) graph.alias(output, value);
  else graph.defineSpread(output, graph.spreadOf(value) ?? { name: graph.plain(value), shape: value.shape });
}

/** 0 / 0 is not a number: what a small divisor holds in channels that only fill up is 1, a large one would hold 0. */
function divisionFiller(_: unknown, [, isDivisorLarge]: readonly boolean[]): Filler {
  return isDivisorLarge ? 'never' : 1;
}

/**
 * Computes as JavaScript does, in double precision, and rounds the result to the dtype. Whole numbers too: ONNX Runtime
 * ends the process where one is divided by 0.
 */
function inDoubles(
  graph: Emitter,
  names: readonly [string, string],
  compute: (graph: Emitter, a: string, b: string) => string,
  dtype: DataType,
): string {
  const [a, b] = names.map((name) => toDouble(graph, name)) as [string, string];
  const result = compute(graph, a, b);
  return dtype === 'int32' ? toInt32(graph, result, true) : graph.cast(result, 'float32');
}

function divide(graph: Emitter, a: string, b: string, dtype: DataType): string {
  const ratio = (target: Emitter, x: string, y: string) => target.op('Div', [x, y]);
  return dtype === 'int32' ? inDoubles(graph, [a, b], ratio, dtype) : ratio(graph, a, b);
}

function floorOfRatio(graph: Emitter, a: string, b: string): string {
  return graph.op('Floor', [graph.op('Div', [a, b])]);
}

/** Of the sign of the divisor. */
function remainder(graph: Emitter, a: string, b: string): string {
  const zero = toDouble(graph, graph.float(0));
  const mod = (x: string) => graph.op('Mod', [x, b], { fmod: 1 });
  const same = (op: string) => graph.op('And', [graph.op(op, [a, zero]), graph.op(op, [b, zero])]);
  const cut = mod(a);
  const isSameSign = graph.op('Or', [same('Less'), same('GreaterOrEqual')]);
  return graph.op('Where', [isSameSign, cut, mod(graph.op('Add', [cut, b]))]);
}

function power(graph: Emitter, a: string, b: string, dtype: DataType): string {
  const pow = (target: Emitter, x: string, y: string) => target.op('Pow', [x, y]);
  return dtype === 'int32' ? inDoubles(graph, [a, b], pow, dtype) : pow(graph, a, b);
}

function squaredDifference(graph: Emitter, a: string, b: string): string {
  const difference = graph.op('Sub', [a, b]);
  return graph.op('Mul', [difference, difference]);
}
