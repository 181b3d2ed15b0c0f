import { Cast, type DataType } from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import type { KernelDefinition } from './definition.js';
import { isSupported } from './definition.js';
import { lowerElementwise } from './elementwise.js';

/** Numbers of `TensorProto.DataType` for types that only occur inside of lowerings. */
const INT64 = 7;
const DOUBLE = 11;
const UINT32 = 12;

/** From one dtype to another. */
export function castKernels(): readonly KernelDefinition[] {
  return [
    {
      name: Cast,
      accepts: ({ inputs, attrs }) => isSupported({ shape: inputs.x!.shape, dtype: attrs.dtype as DataType }),
      infer: ({ inputs, attrs }) => [{ shape: inputs.x!.shape, dtype: attrs.dtype as DataType }],
      lower: ({ inputs, outputs }, graph) => {
        const x = inputs.x!;
        const { dtype } = outputs[0]!;
        if (x.dtype === dtype) {
          graph.alias(outputs[0]!, x);
          return;
        }
        lowerElementwise(graph, [x], outputs[0]!, {
          emit: (_, [name]) =>
            x.dtype === 'float32' && dtype === 'int32' ? toInt32(graph, name!) : graph.cast(name!, dtype),
          // Truth values that only fill up may be either.
          filler: 'masked',
        });
      },
    },
  ];
}

/** To int64, in which sums of whole numbers do not overflow. */
export function toInt64(graph: Emitter, name: string): string {
  return graph.op('Cast', [name], { to: INT64 });
}

/** To double precision. */
export function toDouble(graph: Emitter, name: string): string {
  return graph.op('Cast', [name], { to: DOUBLE });
}

/**
 * To int32 as arrays of JavaScript convert: cut off after the point, modulo 2^32, 0 for what is not finite. By way of
 * int64, and with something between the two casts, lest ONNX Runtime makes one of them.
 */
export function toInt32(graph: Emitter, name: string, isDouble = false): string {
  const limit = (value: number) => (isDouble ? toDouble(graph, graph.float(value)) : graph.float(value));
  const finite = graph.op('Clip', [name, limit(-(2 ** 62)), limit(2 ** 62)]);
  const wide = graph.op('Unsqueeze', [toInt64(graph, finite), graph.ints(0)]);
  return graph.op('Squeeze', [graph.cast(wide, 'int32'), graph.ints(0)]);
}

/** Indices as int64, negative ones as numbers too large for any axis: ONNX would count them from the end. */
export function unsigned(graph: Emitter, indices: string): string {
  return toInt64(graph, graph.op('Cast', [indices], { to: UINT32 }));
}
