import { type DataType, type NamedAttrMap, OneHot } from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import {
  isSupported,
  type KernelDefinition,
  numberOf,
  type RecordedCall,
  type Value,
  varyNumbers,
} from './definition.js';
import { counted } from './gathering.js';
import { hasFewChannels } from './layouts.js';
import { where } from './selections.js';

/** Classes as vectors. */
export function encodingKernels(): readonly KernelDefinition[] {
  return [
    {
      name: OneHot,
      accepts: ({ inputs, attrs }) =>
        inputs.indices!.dtype === 'int32' && isSupported({ shape: [], dtype: attrs.dtype as DataType }),
      infer: ({ inputs, attrs }) => [
        { shape: [...inputs.indices!.shape, attrs.depth as number], dtype: attrs.dtype as DataType },
      ],
      vary: ({ attrs }) =>
        isUsual(attrs) ? undefined : varyNumbers(attrs, ['onValue', 'offValue'], attrs.dtype as DataType),
      lower: (call, graph) => {
        const { inputs, attrs, outputs } = call;
        const depth = attrs.depth as number;
        const [output] = outputs as readonly [Value];
        const { shape } = inputs.indices!;
        // For few classes a plane each, where the runs are long.
        const inPlanes = hasFewChannels(output.shape);
        const [indexSides, classSides] = inPlanes
          ? [
              [shape[0]!, 1, shape[1]!, shape[2]!],
              [depth, 1, 1],
            ]
          : [[...shape, 1], [depth]];
        const classes = graph.reshape(counted(graph, depth), classSides);
        const indices = graph.reshape(graph.plain(inputs.indices!), indexSides);
        const isHot = graph.op('Equal', [indices, graph.cast(classes, 'int32')]);
        graph.define(output, chosen(graph, isHot, call), inPlanes ? 'planes' : 'plain');
      },
    },
  ];
}

/** Whether the codes are ones among zeros. */
function isUsual({ onValue, offValue }: NamedAttrMap): boolean {
  return onValue === 1 && offValue === 0;
}

function chosen(graph: Emitter, isHot: string, call: RecordedCall): string {
  const { dtype } = call.outputs[0]!;
  if (isUsual(call.attrs)) return dtype === 'bool' ? isHot : graph.cast(isHot, dtype);
  const [on, off] = [numberOf(graph, call, 'onValue', dtype), numberOf(graph, call, 'offValue', dtype)];
  return where(graph, isHot, on, off, dtype);
}
