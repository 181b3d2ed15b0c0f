import { type DataType, OneHot } from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import { isSupported, type KernelDefinition, type Value } from './definition.js';
import { counted } from './gathering.js';
import { hasFewChannels } from './layouts.js';

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
      lower: ({ inputs, attrs, outputs }, graph) => {
        const { depth, onValue, offValue } = attrs as Record<'depth' | 'onValue' | 'offValue', number>;
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
        graph.define(output, chosen(graph, isHot, onValue, offValue, output.dtype), inPlanes ? 'planes' : 'plain');
      },
    },
  ];
}

function chosen(graph: Emitter, isHot: string, on: number, off: number, dtype: DataType): string {
  if (on === 1 && off === 0) return dtype === 'bool' ? isHot : graph.cast(isHot, dtype);
  return graph.op('Where', [isHot, graph.scalar(on, dtype), graph.scalar(off, dtype)]);
}
