import {
  backend_util,
  Elu,
  EluGrad,
  LeakyRelu,
  type NamedAttrMap,
  Prelu,
  Relu,
  Relu6,
  Selu,
  Sigmoid,
  Softplus,
  Step,
  Tanh,
} from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import { isSameShape } from './broadcast.js';
import type { KernelDefinition } from './definition.js';
import { binary, NUMBERS, unary } from './elementwise.js';

/** Activations of neurons, and the gradients among them that TensorFlow.js has as kernels. */
export function activationKernels(): readonly KernelDefinition[] {
  const emit =
    (op: string) =>
    (graph: Emitter, x: string): string =>
      graph.op(op, [x]);
  const prelu = binary(Prelu, (graph, x, slope) => graph.op('PRelu', [x, slope]), {}, ['x', 'alpha']);
  return [
    unary(Relu, emit('Relu'), { dtypes: NUMBERS }),
    unary(Relu6, (graph, x, _, dtype) => graph.op('Clip', [x, graph.scalar(0, dtype), graph.scalar(6, dtype)]), {
      dtypes: NUMBERS,
    }),
    unary(LeakyRelu, (graph, x, { alpha }) => graph.op('LeakyRelu', [x], { alpha: { float: alpha as number } })),
    {
      ...prelu,
      // ONNX repeats the slopes only.
      accepts: (call) => prelu.accepts!(call) && isSameShape(prelu.infer(call)[0]!.shape, call.inputs.x!.shape),
    },
    unary(Elu, emit('Elu')),
    binary(EluGrad, eluGradient, {}, ['dy', 'y']),
    unary(Selu, (graph, x) =>
      graph.op('Selu', [x], {
        alpha: { float: backend_util.SELU_SCALEALPHA / backend_util.SELU_SCALE },
        gamma: { float: backend_util.SELU_SCALE },
      }),
    ),
    unary(Sigmoid, emit('Sigmoid'), { filler: 'masked' }),
    unary(Tanh, emit('Tanh')),
    unary(Softplus, emit('Softplus'), { filler: 'masked' }),
    unary(Step, step, { filler: ({ alpha }) => (alpha === 0 ? 0 : 'masked') }),
  ];
}

/** dy where the result y was not below 0, else dy (y + 1). */
function eluGradient(graph: Emitter, dy: string, y: string): string {
  const below = graph.op('Min', [y, graph.float(0)]);
  return graph.op('Mul', [dy, graph.op('Add', [below, graph.float(1)])]);
}

/**
 * 1 above 0, else alpha; not a number where x is none. In one threaded pass: all but the smallest denormal numbers,
 * times the largest number, are above 1.
 */
function step(graph: Emitter, x: string, { alpha }: NamedAttrMap): string {
  const low = alpha as number;
  const isAbove = graph.op('HardSigmoid', [x], { alpha: { float: 3.4e38 }, beta: { float: 0 } });
  if (low === 0) return isAbove;
  return graph.op('Add', [graph.op('Mul', [isAbove, graph.float(1 - low)]), graph.float(low)]);
}
