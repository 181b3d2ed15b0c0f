import {
  Abs,
  Acos,
  Acosh,
  Asin,
  Asinh,
  Atan,
  Atanh,
  Ceil,
  Cos,
  Cosh,
  type DataType,
  Erf,
  Exp,
  Expm1,
  Floor,
  Log,
  Log1p,
  Neg,
  Reciprocal,
  Round,
  Rsqrt,
  Sign,
  Sin,
  Sinh,
  Sqrt,
  Square,
  Tan,
} from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import { toDouble } from './casts.js';
import type { KernelDefinition } from './definition.js';
import { NUMBERS, unary } from './elementwise.js';

/** Functions of one number. */
export function functionKernels(): readonly KernelDefinition[] {
  const emit =
    (op: string) =>
    (graph: Emitter, x: string): string =>
      graph.op(op, [x]);
  return [
    unary(Abs, emit('Abs'), { dtypes: NUMBERS }),
    unary(Neg, emit('Neg'), { dtypes: NUMBERS }),
    unary(Square, (graph, x) => graph.op('Mul', [x, x]), { dtypes: NUMBERS }),
    unary(Sign, sign, { dtypes: NUMBERS }),
    unary(Floor, emit('Floor')),
    unary(Ceil, emit('Ceil')),
    unary(Round, (graph, x, _, dtype) => (dtype === 'int32' ? x : graph.op('Round', [x])), { dtypes: NUMBERS }),
    unary(Sqrt, emit('Sqrt')),
    unary(Rsqrt, (graph, x) => graph.op('Reciprocal', [graph.op('Sqrt', [x])]), { filler: 'never' }),
    unary(Reciprocal, emit('Reciprocal'), { filler: 'never' }),
    unary(Exp, (graph, x, _, dtype) => graph.op('Exp', [dtype === 'int32' ? graph.cast(x, 'float32') : x]), {
      dtypes: NUMBERS,
      dtype: 'float32',
      filler: 'masked',
    }),
    unary(Expm1, (graph, x) => nearZero(graph, x, expMinusOne)),
    unary(Log, emit('Log'), { filler: 'never' }),
    unary(Log1p, (graph, x) => nearZero(graph, x, logOfOnePlus)),
    unary(Erf, emit('Erf')),
    unary(Sin, emit('Sin')),
    unary(Cos, emit('Cos'), { filler: 'masked' }),
    unary(Tan, emit('Tan')),
    unary(Asin, emit('Asin')),
    unary(Acos, emit('Acos'), { filler: 'masked' }),
    unary(Atan, emit('Atan')),
    unary(Sinh, emit('Sinh')),
    unary(Cosh, emit('Cosh'), { filler: 'masked' }),
    unary(Asinh, emit('Asinh')),
    // Not a number for 0.
    unary(Acosh, emit('Acosh'), { filler: 'never' }),
    unary(Atanh, emit('Atanh')),
  ];
}

/** -1, 0 or 1, and 0 for what is not a number; ONNX's own gives that back, and takes ten times as long. */
function sign(graph: Emitter, x: string, _: unknown, dtype: DataType): string {
  const zero = graph.scalar(0, dtype);
  const [above, below] = ['Greater', 'Less'].map((op) => graph.cast(graph.op(op, [x, zero]), dtype));
  return graph.op('Sub', [above!, below!]);
}

/** In double precision, and as x + curvature x^2 where even that loses too many digits. */
function nearZero(
  graph: Emitter,
  x: string,
  compute: (graph: Emitter, x: string) => { readonly result: string; readonly curvature: number },
): string {
  const wide = toDouble(graph, x);
  const { result, curvature } = compute(graph, wide);
  const bent = graph.op('Mul', [graph.op('Mul', [x, x]), graph.float(curvature)]);
  const isTiny = graph.op('Less', [graph.op('Abs', [x]), graph.float(1e-6)]);
  return graph.op('Where', [isTiny, graph.op('Add', [x, bent]), graph.cast(result, 'float32')]);
}

function expMinusOne(graph: Emitter, x: string) {
  const one = toDouble(graph, graph.float(1));
  return { result: graph.op('Sub', [graph.op('Exp', [x]), one]), curvature: 0.5 };
}

function logOfOnePlus(graph: Emitter, x: string) {
  const one = toDouble(graph, graph.float(1));
  return { result: graph.op('Log', [graph.op('Add', [x, one])]), curvature: -0.5 };
}
