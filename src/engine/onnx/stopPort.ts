import { encodeModel, type OnnxNode, type OnnxPort } from '../../onnx/graph.js';
import type { Runtime } from './binding.js';

/**
 * onnxruntime-node copies every result into new memory, also those that were written into memory it was given: for a
 * step of training a copy of all weights and moments. It does so in the order of the graph's outputs, after the run, and
 * stops with an error at the first that is no tensor. An empty list as the first output hence keeps it from copying.
 */
export const stopPort: OnnxPort = { name: 'stop', type: 'float32', shape: [], isSequence: true };

/** Makes the empty list. */
export const stopNode: OnnxNode = {
  op: 'SequenceEmpty',
  domain: '',
  inputs: [],
  outputs: [stopPort.name],
  attributes: { dtype: 1 },
};

/** Whether an error says that the run is over and that the list was not copied. */
export function isStop(error: unknown): boolean {
  return error instanceof Error && error.message === 'Non tensor type is temporarily not supported.';
}

/** Whether results lie in the memory that was given when the error of the stop port comes. */
export function probeStop(runtime: Runtime): boolean {
  const port = (name: string): OnnxPort => ({ name, type: 'float32', shape: [3] });
  try {
    const session = runtime.load(
      encodeModel({
        nodes: [stopNode, { op: 'Neg', domain: '', inputs: ['x'], outputs: ['y'], attributes: {} }],
        constants: [],
        inputs: [port('x')],
        outputs: [stopPort, port('y')],
      }),
      { intraOpNumThreads: 1, graphOptimizationLevel: 'basic' },
    );
    const y = new Float32Array(3);
    try {
      const x = runtime.tensor('float32', Float32Array.of(1, 2, 3), [3]);
      session.run({ x }, { [stopPort.name]: null, y: runtime.tensor('float32', y, [3]) });
      return false;
    } catch (error) {
      return isStop(error) && y.every((value, i) => value === -1 - i);
    } finally {
      session.dispose();
    }
  } catch {
    return false;
  }
}
