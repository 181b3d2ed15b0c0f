import { encodeModel } from '../../onnx/graph.js';
import { NCHWC } from '../../onnx/graphBuilder.js';
import type { Runtime } from './binding.js';
import { checkBlock } from './checkBlock.js';

/**
 * Finds how many channels a block of ONNX Runtime's NCHWc layout has on this machine (16 with AVX-512, 8 with AVX),
 * by putting some into one; 0 where it has no such layout, or its operations are not what they were.
 */
export function probeBlock(runtime: Runtime): number {
  const port = (name: string, shape: readonly (number | string)[]) => ({ name, type: 'float32', shape }) as const;
  try {
    const session = runtime.load(
      encodeModel({
        nodes: [{ op: 'ReorderInput', domain: NCHWC, inputs: ['x'], outputs: ['y'], attributes: {} }],
        constants: [],
        inputs: [port('x', [1, 4, 1, 2])],
        outputs: [port('y', [1, 'channels', 1, 2])],
      }),
      { intraOpNumThreads: 1, graphOptimizationLevel: 'disabled' },
    );
    try {
      const x = runtime.tensor('float32', Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), [1, 4, 1, 2]);
      const { dims, data } = session.run({ x }, { y: null }).y!;
      const block = dims[1]!;
      const expected = (i: number): number =>
        ([1, 3, 5, 7, 2, 4, 6, 8] as const)[(i % block) + (i < block ? 0 : 4)] ?? 0;
      const fits = data.length === 2 * block && [0, 1, 2, 3, block, block + 3].every((i) => data[i] === expected(i));
      return block > 1 && fits && checkBlock(runtime, block) ? block : 0;
    } finally {
      session.dispose();
    }
  } catch {
    return 0;
  }
}
