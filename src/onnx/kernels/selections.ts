import { ClipByValue, type DataType, type NamedAttrMap, Select, upcastType } from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import { isSameShape } from './broadcast.js';
import type { KernelDefinition } from './definition.js';
import { lowerElementwise, NUMBERS } from './elementwise.js';

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
          emit: (_, [c, x, y]) => where(graph, c!, as(x!, t!.dtype), as(y!, e!.dtype), output!.dtype),
        });
      },
    },
    {
      name: ClipByValue,
      accepts: ({ inputs }) => NUMBERS.includes(inputs.x!.dtype),
      infer: ({ inputs }) => [inputs.x!].map(({ shape, dtype }) => ({ shape, dtype })),
      vary: ({ inputs, attrs }) => {
        const { dtype } = inputs.x!;
        const [low, high] = boundsOf(attrs, dtype).map((bound) => ({ dtype, shape: [], values: [bound] }));
        return { attrs: { keepsZero: keepsZero(attrs) }, inputs: { low: low!, high: high! } };
      },
      lower: ({ inputs, attrs, outputs }, graph) => {
        const { dtype } = inputs.x!;
        const bounds = inputs.low && inputs.high ? [inputs.low, inputs.high] : undefined;
        const names =
          bounds?.map((bound) => graph.plain(bound)) ??
          boundsOf(attrs, dtype).map((bound) => graph.scalar(bound, dtype));
        lowerElementwise(graph, [inputs.x!], outputs[0]!, {
          emit: (_, [x]) => graph.op('Clip', [x!, ...names]),
          filler: keepsZero(attrs) ? 0 : 'masked',
        });
      },
    },
  ];
}

/** The bounds of a clip, whole ones where they are to clip whole numbers. */
function boundsOf({ clipValueMin, clipValueMax }: NamedAttrMap, dtype: DataType): readonly number[] {
  const bounds = [clipValueMin as number, clipValueMax as number];
  return dtype === 'int32' ? bounds.map((bound) => Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, bound))) : bounds;
}

function keepsZero({ clipValueMin, clipValueMax, keepsZero: isKnown }: NamedAttrMap): boolean {
  return (isKnown as boolean | undefined) ?? ((clipValueMin as number) <= 0 && (clipValueMax as number) >= 0);
}

/** Emits a choice; ONNX Runtime has none between truth values. */
export function where(graph: Emitter, condition: string, yes: string, no: string, dtype: DataType): string {
  if (dtype !== 'bool') return graph.op('Where', [condition, yes, no]);
  const chosen = graph.op('And', [condition, yes]);
  return graph.op('Or', [chosen, graph.op('And', [graph.op('Not', [condition]), no])]);
}
