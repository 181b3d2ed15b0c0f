import { Emitter } from '../../onnx/emitter.js';
import { encodeModel, type OnnxPort } from '../../onnx/graph.js';
import { allKernels } from '../../onnx/kernels/index.js';
import type { Value } from '../../onnx/value.js';
import type { Runtime } from './binding.js';

const image: Value = { shape: [2, 6, 5, 18], dtype: 'float32' };
const halved: Value = { shape: [2, 3, 3, 20], dtype: 'float32' };
const filter: Value = { shape: [3, 3, 18, 20], dtype: 'float32' };
const channels: Value = { shape: [18], dtype: 'float32' };
const strided = { strides: [2, 2], pad: 1, dataFormat: 'NHWC', dilations: [1, 1] };
const dense = { strides: [1, 1], pad: 1, dataFormat: 'NHWC', dilations: [1, 1] };

interface Check {
  readonly name: string;
  readonly inputs: Readonly<Record<string, Value>>;
  readonly attrs: object;
}

/**
 * Whether blocked graphs give here what graphs of planes give. They use operations that ONNX Runtime keeps for itself,
 * in ways that it does not; where another version or processor has them differently, the engine does without.
 */
export function checkBlock(runtime: Runtime, block: number): boolean {
  const checks: readonly Check[] = [
    { name: 'Conv2D', inputs: { x: image, filter }, attrs: strided },
    { name: 'Conv2DBackpropInput', inputs: { dy: halved, filter }, attrs: { ...strided, inputShape: image.shape } },
    {
      name: 'Conv2DBackpropFilter',
      inputs: { x: image, dy: halved },
      attrs: { ...strided, filterShape: filter.shape },
    },
    {
      name: 'DepthwiseConv2dNativeBackpropFilter',
      inputs: { x: image, dy: image },
      attrs: { ...dense, filterShape: [3, 3, 18, 1] },
    },
    {
      name: 'SegkitNormalizeGradient',
      inputs: { x: image, dy: image, mean: channels, scale: channels, shift: channels, inverse: channels },
      attrs: { relu: true },
    },
  ];
  const [expected, actual] = [0, block].map((size) => results(runtime, checks, size)) as [
    Float32Array[],
    Float32Array[],
  ];
  return expected.every((values, i) =>
    values.every((value, k) => Math.abs(value - actual[i]![k]!) <= 1e-3 * (1 + Math.abs(value))),
  );
}

/** What the checks give with blocks of a size, all in one graph. */
function results(runtime: Runtime, checks: readonly Check[], block: number): Float32Array[] {
  const graph = new Emitter({ block });
  const values = [image, halved, filter, channels];
  const inputs = values.map((value, i): OnnxPort => {
    graph.define(value, `i${i}`);
    return { name: `i${i}`, type: 'float32', shape: value.shape };
  });
  const outputs = checks.flatMap(({ name, inputs: taken, attrs }): OnnxPort[] => {
    const definition = allKernels().find((kernel) => kernel.name === name)!;
    const call = { inputs: taken, attrs: { ...attrs } };
    const made = definition.infer(call).map(({ shape, dtype }): Value => ({ shape, dtype }));
    definition.lower({ ...call, outputs: made }, graph);
    return made.map((value) => ({ name: graph.plain(value), type: 'float32', shape: value.shape }));
  });
  const model = encodeModel({ nodes: graph.nodes, constants: graph.constants, inputs, outputs });
  const session = runtime.load(model, { intraOpNumThreads: 1, graphOptimizationLevel: 'disabled' });
  try {
    const feeds = Object.fromEntries(
      values.map(({ shape }, i) => {
        const size = shape.reduce((product, side) => product * side, 1);
        const numbers = Float32Array.from({ length: size }, (_, k) => ((k * 7919 + i * 31) % 199) / 199 - 0.4);
        return [`i${i}`, runtime.tensor('float32', numbers, shape)];
      }),
    );
    const found = session.run(feeds, Object.fromEntries(outputs.map(({ name }) => [name, null])));
    return outputs.map(({ name }) => found[name]!.data as Float32Array);
  } finally {
    session.dispose();
  }
}
