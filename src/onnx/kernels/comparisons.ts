import {
  type DataType,
  Equal,
  Greater,
  GreaterEqual,
  IsFinite,
  IsInf,
  IsNan,
  Less,
  LessEqual,
  LogicalAnd,
  LogicalNot,
  LogicalOr,
  NotEqual,
} from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import type { KernelDefinition } from './definition.js';
import { binary, unary } from './elementwise.js';

const ANY: readonly DataType[] = ['float32', 'int32', 'bool'];

/** What is true or false: comparisons, tests and logic. */
export function comparisonKernels(): readonly KernelDefinition[] {
  const logic = { dtypes: ['bool'], dtype: 'bool' } as const;
  const test = { dtype: 'bool' } as const;
  return [
    binary(Equal, (graph, a, b) => graph.op('Equal', [a, b]), { dtypes: ANY, dtype: 'bool' }),
    binary(NotEqual, (graph, a, b) => graph.op('Not', [graph.op('Equal', [a, b])]), { dtypes: ANY, dtype: 'bool' }),
    order(Greater, 'Greater'),
    order(GreaterEqual, 'GreaterOrEqual'),
    order(Less, 'Less'),
    order(LessEqual, 'LessOrEqual'),
    binary(LogicalAnd, (graph, a, b) => graph.op('And', [a, b]), logic),
    binary(LogicalOr, (graph, a, b) => graph.op('Or', [a, b]), logic),
    unary(LogicalNot, (graph, x) => graph.op('Not', [x]), logic),
    unary(IsNan, (graph, x) => graph.op('IsNaN', [x]), test),
    unary(IsInf, (graph, x) => graph.op('IsInf', [x]), test),
    unary(IsFinite, (graph, x) => graph.op('Less', [graph.op('Abs', [x]), graph.float(Infinity)]), test),
  ];
}

/** ONNX orders numbers only. */
function order(name: string, op: string): KernelDefinition {
  const number = (graph: Emitter, x: string, dtype: DataType) => (dtype === 'bool' ? graph.cast(x, 'int32') : x);
  return binary(name, (graph, a, b, dtype) => graph.op(op, [number(graph, a, dtype), number(graph, b, dtype)]), {
    dtypes: ANY,
    dtype: 'bool',
  });
}
