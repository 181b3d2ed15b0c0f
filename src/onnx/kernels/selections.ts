import { ClipByValue, type DataType, type NamedAttrMap, Select, upcastType } from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import { isSameShape } from './broadcast.js';
import type { KernelDefinition } from './definition.js';
import { lowerElementwise, NUMBERS, unary } from './elementwise.js';

/** One number or another. */
export function selectionKernels(): readonly KernelDefinition[] {
  return [
    {
      name: Select,
      // `where` has broadcast its arguments.
      accepts: ({ inputs: { condition, t, e } }) =>
        condition!.dtype === 'bool' && isSameShape(condition!.shape, t!.shape) && isSameShape(t!.shape, e!.shape),
      infer: ({ inputs: { t, e } }) => [{ shape: t!.shape, dtype: upcastType(t!.dtype, e!.dtype) }],
      lower: ({ inputs, outputs }, graph) => {
        const [output] = outputs;
        const { condition, t, e } = inputs;
        const as = (name: string, dtype: DataType) =>
          dtype === output!.dtype ? name : graph.cast(name, output!.dtype);
        lowerElementwise(graph, [condition!, t!, e!], output!, {
          emit: (_, [c, x, y]) => graph.op('Where', [c!, as(x!, t!.dtype), as(y!, e!.dtype)]),
        });
      },
    },
    unary(ClipByValue, clip, {
      dtypes: NUMBERS,
      filler: ({ clipValueMin, clipValueMax }) =>
        (clipValueMin as number) <= 0 && (clipValueMax as number) >= 0 ? 0 : 'masked',
    }),
  ];
}

function clip(graph: Emitter, x: string, { clipValueMin, clipValueMax }: NamedAttrMap, dtype: DataType): string {
  const [low, high] = [clipValueMin as number, clipValueMax as number].map((bound) =>
    graph.scalar(dtype === 'int32' ? Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, bound)) : bound, dtype),
  );
  return graph.op('Clip', [x, low!, high!]);
}
