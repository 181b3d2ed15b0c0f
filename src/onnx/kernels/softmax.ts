import { Softmax } from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import type { KernelDefinition } from './definition.js';
import { commonLayout, hasFewChannels } from './layouts.js';

/** Exponentials over their sum. */
export function softmaxKernels(): readonly KernelDefinition[] {
  return [
    {
      name: Softmax,
      // The CPU backend refuses other axes than the last.
      accepts: ({ inputs, attrs }) => {
        const { shape, dtype } = inputs.logits!;
        return dtype === 'float32' && shape.length > 0 && [-1, shape.length - 1].includes(attrs.dim as number);
      },
      infer: ({ inputs }) => [{ shape: inputs.logits!.shape, dtype: 'float32' }],
      lower: ({ inputs, outputs }, graph) => {
        const logits = inputs.logits!;
        if (commonLayout(graph, [logits]) === 'planes' || hasFewChannels(logits.shape)) {
          graph.define(outputs[0]!, overPlanes(graph, graph.planes(logits)), 'planes');
        } else {
          graph.define(outputs[0]!, graph.op('Softmax', [graph.plain(logits)], { axis: logits.shape.length - 1 }));
        }
      },
    },
  ];
}

/** Step by step: ONNX Runtime's own goes from pixel to pixel and takes four times as long for a few channels. */
function overPlanes(graph: Emitter, logits: string): string {
  if (graph.block === 0) return graph.op('Softmax', [logits], { axis: 1 });
  const largest = graph.op('ReduceMax', [logits], { axes: [1], keepdims: 1 });
  const powers = graph.op('Exp', [graph.op('Sub', [logits, largest])]);
  return graph.op('Div', [powers, graph.op('ReduceSum', [powers, graph.ints(1)], { keepdims: 1 })]);
}
