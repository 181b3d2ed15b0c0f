import { backend_util, Concat, Pack, util } from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import type { KernelDefinition, Value } from './definition.js';
import { axisIn, commonLayout, defineIn, type FullLayout, nameIn } from './layouts.js';

/** Several tensors to one. */
export function joiningKernels(): readonly KernelDefinition[] {
  return [
    {
      name: Concat,
      accepts: ({ inputs }) => areOfOneType(Object.values(inputs)),
      infer: ({ inputs, attrs }) => {
        const shapes = Object.values(inputs).map(({ shape }) => [...shape]);
        const [axis] = util.parseAxisParam(attrs.axis as number, shapes[0]!) as [number];
        backend_util.assertParamsConsistent(shapes, axis);
        return [{ shape: backend_util.computeOutShape(shapes, axis), dtype: inputs[0]!.dtype }];
      },
      lower: ({ inputs, attrs, outputs }, graph) => {
        const values = Object.values(inputs);
        const [axis] = util.parseAxisParam(attrs.axis as number, [...values[0]!.shape]) as [number];
        if (values.length === 1) {
          graph.alias(outputs[0]!, values[0]!);
          return;
        }
        const layout = concatLayout(graph, values, axis);
        if (layout === 'blocked' && axis === 3) {
          graph.defineParts(outputs[0]!, values);
          return;
        }
        const names = values.map((value) => nameIn(graph, value, layout));
        defineIn(graph, outputs[0]!, graph.op('Concat', names, { axis: axisIn(axis, layout) }), layout);
      },
    },
    {
      name: Pack,
      accepts: ({ inputs }) => areOfOneType(Object.values(inputs)),
      infer: ({ inputs, attrs }) => {
        const values = Object.values(inputs);
        const [{ shape, dtype }] = values as [Value];
        for (const other of values) {
          util.assertShapesMatch([...shape], [...other.shape], 'tensors must have one shape to be stacked: ');
        }
        return [{ shape: shape.toSpliced(newAxis(attrs.axis as number, shape), 0, values.length), dtype }];
      },
      lower: ({ inputs, attrs, outputs }, graph) => {
        const values = Object.values(inputs);
        const { shape } = values[0]!;
        const axis = newAxis(attrs.axis as number, shape);
        const names = values.map((value) => graph.reshape(graph.plain(value), shape.toSpliced(axis, 0, 1)));
        graph.define(outputs[0]!, names.length === 1 ? names[0]! : graph.op('Concat', names, { axis }));
      },
    },
  ];
}

function areOfOneType(values: readonly Value[]): boolean {
  return values.every(({ dtype }) => dtype === values[0]!.dtype);
}

function newAxis(axis: number, shape: readonly number[]): number {
  return axis < 0 ? axis + shape.length + 1 : axis;
}

function concatLayout(graph: Emitter, values: readonly Value[], axis: number): FullLayout {
  const layout = commonLayout(graph, values);
  if (layout !== 'blocked') return layout;
  if (values[0]!.dtype === 'int32') return 'planes';
  // Whole blocks follow each other; only the last may be filled up.
  const fits = axis !== 3 || values.slice(0, -1).every(({ shape }) => shape[3]! % graph.block === 0);
  return fits ? layout : 'planes';
}
