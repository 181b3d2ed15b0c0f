import type { KernelDefinition } from '../../onnx/kernels/definition.js';

/** A tensor read in another shape. Recorded by the backend itself, since tensors of several shapes share their data. */
export const reshapeKernel: KernelDefinition = {
  name: 'SegkitReshape',
  infer: ({ inputs, attrs }) => [{ shape: attrs.shape as number[], dtype: inputs.x!.dtype }],
  lower: ({ inputs, outputs }, graph) => {
    graph.define(outputs[0]!, graph.reshape(graph.plain(inputs.x!), outputs[0]!.shape));
  },
};
