import { Emitter } from './emitter.js';
import type { OnnxConstant, OnnxNode } from './graph.js';
import { onnxType } from './graphBuilder.js';
import type { TracedValue } from './traceBackend.js';
import type { Trace } from './traceModel.js';

/** How images lie in the tensors of a file: channels last, as TensorFlow.js has them, or first, as PyTorch. */
export type OnnxLayout = 'NHWC' | 'NCHW';

/** The graph of a trace, for the one shape that it was traced with. */
export interface LoweredTrace {
  readonly nodes: readonly OnnxNode[];
  /** Where each node comes from, for messages. */
  readonly origins: readonly string[];
  readonly constants: readonly OnnxConstant[];
  readonly inputShape: readonly number[];
  readonly outputs: readonly LoweredOutput[];
}

/** A result: its name in the graph. */
export interface LoweredOutput {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Name of the input of every exported graph. */
export const IMAGE = 'image';

/** Lowers the calls of a trace, in their order. The input is called {@link IMAGE}. */
export function lowerTrace({ calls, input, outputs }: Trace, layout: OnnxLayout): LoweredTrace {
  const graph = new Emitter({ block: 0 });
  const origins: string[] = [];
  const record = (origin: string, work: () => string): string => {
    const result = work();
    while (origins.length < graph.nodes.length) origins.push(origin);
    return result;
  };
  const isImage = input.shape.length === 4;
  if (!isImage || layout === 'NHWC') graph.define(input, IMAGE);
  // A Transpose even of a single channel: a Reshape would have to know the size.
  if (isImage) {
    record('the input', () => {
      const planes = layout === 'NCHW' ? IMAGE : graph.op('Transpose', [IMAGE], { perm: [0, 3, 1, 2] });
      graph.define(input, planes, 'planes');
      return planes;
    });
  }
  const defined = new Set<TracedValue>();
  for (const call of calls) {
    for (const value of Object.values(call.inputs)) {
      if (value.data === undefined || defined.has(value)) continue;
      defined.add(value);
      defineConstant(graph, value);
    }
    record(`kernel ${call.definition.name} of the layer ${call.layer}`, () => {
      call.definition.lower(call, graph);
      return '';
    });
  }
  const finish = (output: TracedValue): LoweredOutput => {
    const isMap = output.shape.length === 4;
    const name = record('the output', () => {
      if (!isMap) return graph.plain(output);
      if (layout === 'NCHW') return graph.planes(output);
      if (graph.has(output, 'plain')) return graph.plain(output);
      return graph.op('Transpose', [graph.planes(output)], { perm: [0, 2, 3, 1] });
    });
    return { name, shape: isMap ? arranged(output.shape, layout) : output.shape };
  };
  const results = outputs.map(finish);
  return {
    nodes: graph.nodes,
    origins,
    constants: graph.constants,
    inputShape: isImage ? arranged(input.shape, layout) : input.shape,
    outputs: results,
  };
}

function arranged(shape: readonly number[], layout: OnnxLayout): readonly number[] {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  return layout === 'NCHW' ? [batch, channels, height, width] : shape;
}

/** Weights are many and large: they are not compared with one another, as small constants are. */
function defineConstant(graph: Emitter, value: TracedValue): void {
  const { shape, dtype, data } = value;
  if (data instanceof Float32Array && data.length <= 1) {
    graph.define(value, graph.floats(data, shape));
    return;
  }
  const name = graph.name();
  graph.constants.push({ name, type: onnxType(dtype), shape, data: data! });
  graph.define(value, name);
}
