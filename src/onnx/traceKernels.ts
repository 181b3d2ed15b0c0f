import { ExpandDims, Identity, type NamedAttrMap, Reshape, util } from '@tensorflow/tfjs-core';
import { isSameShape } from './kernels/broadcast.js';
import type { KernelDefinition, Value } from './kernels/definition.js';

/** Kernels that give their input another shape or none; backends that compute do this without a copy. */
export function sharingKernels(): readonly KernelDefinition[] {
  return [
    sharing(Identity, 'x', ({ shape }) => shape),
    sharing(Reshape, 'x', ({ shape }, attrs) =>
      util.inferFromImplicitShape(attrs.shape as number[], util.sizeFromShape([...shape])),
    ),
    sharing(ExpandDims, 'input', ({ shape }, attrs) => {
      const axis = attrs.dim as number;
      return shape.toSpliced(axis < 0 ? axis + shape.length + 1 : axis, 0, 1);
    }),
  ];
}

function sharing(
  name: string,
  key: string,
  shapeOf: (x: Value, attrs: NamedAttrMap) => readonly number[],
): KernelDefinition {
  return {
    name,
    infer: ({ inputs, attrs }) => [{ shape: shapeOf(inputs[key]!, attrs), dtype: inputs[key]!.dtype }],
    lower: ({ inputs, outputs }, graph) => {
      const [x, result] = [inputs[key]!, outputs[0]!];
      if (isSameShape(x.shape, result.shape)) graph.alias(result, x);
      else graph.define(result, graph.reshape(graph.plain(x), result.shape));
    },
  };
}
