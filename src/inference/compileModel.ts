import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireInteger, requireKnownOptions } from '../core/check.js';
import type { LossMode } from '../losses/index.js';
import { modelInfo } from '../models/index.js';
import { exportGraph } from '../onnx/exportOnnx.js';
import { encodeModel } from '../onnx/graph.js';
import { type CompiledModel, compiledModel } from './compiledModel.js';
import { modelDivisor } from './modelDivisor.js';
import { portsOf } from './modelPorts.js';
import { findRuntime, type OnnxRuntime } from './onnxRuntime.js';
import { OnnxSession } from './onnxSession.js';
import { requireMode } from './predictOptions.js';
import { storedPreprocess } from './storedPreprocess.js';

/** Options of {@link compileModel}. */
export interface CompileModelOptions {
  /**
   * How many CPU threads may compute. `onnxruntime-web` has a setting of its own, `env.wasm.numThreads`.
   * @defaultValue all cores
   */
  readonly threads?: number;
  /**
   * How logits become probabilities, as the option `mode` of `predict` says; it is part of the session.
   * @defaultValue 'binary' for a model of one output channel, else 'multiclass'
   */
  readonly mode?: LossMode;
  /** What images are grown to multiples of. @defaultValue read off the model's layers, as `predict` does */
  readonly divisor?: number;
  /**
   * ONNX Runtime: in a browser the module `onnxruntime-web`, which the application imports. @defaultValue
   * `onnxruntime-node` where it is installed
   */
  readonly runtime?: OnnxRuntime;
}

/**
 * Returns a model as a session of ONNX Runtime that predicts what `predict(model, image, options)` predicts, several
 * times faster on a CPU, whatever engine is active. It holds the weights and the normalisation of this moment: what is
 * trained or noted later does not change it. Needs `onnxruntime-node`, or in a browser `onnxruntime-web`.
 *
 * @throws EngineError where ONNX Runtime is not to be found, or a layer of the model has no ONNX form; TypeError or
 * RangeError for anything but a model that `predict` takes, and for bad options.
 *
 * @example
 * ```ts
 * const model = plainUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 2, levels: 2 });
 * const compiled = await compileModel(model);
 * model.dispose();
 * const image = createImage(new Float32Array(70), [10, 7]);
 * const probability = await compiled.predict(image, { views: ['identity', 'both'] });
 * probability.shape; // [10, 7, 2]
 * await compiled.dispose();
 * ```
 */
export async function compileModel(model: LayersModel, options: CompileModelOptions = {}): Promise<CompiledModel> {
  requireKnownOptions('compileModel', options, ['threads', 'divisor', 'mode', 'runtime']);
  const { threads, divisor } = options;
  if (threads !== undefined) requireInteger('threads', threads, { min: 1, max: 1024 });
  const ports = portsOf(model);
  requireMode(ports, options.mode);
  const { mode = ports.classes === 1 ? 'binary' : 'multiclass' } = options;
  // ONNX Runtime's softmax is part of the graph; the sigmoid of several channels follows behind it.
  const isLogits = mode === 'multilabel';
  const info = modelInfo(model);
  const isFixed = ports.size.every((side) => side !== undefined);
  const step = isFixed ? divisor : (divisor ?? modelDivisor(model));
  const runtime = await findRuntime('compileModel', options.runtime);
  const exported = await exportGraph(model, {
    output: isLogits ? 'logits' : 'probabilities',
    ...(step !== undefined && { divisor: step }),
  });
  const { graph } = exported;
  const session = await OnnxSession.open(runtime, encodeModel(graph), threads);
  return compiledModel(session, {
    ...ports,
    divisor: exported.divisor,
    layout: 'NHWC',
    input: graph.inputs[0]!.name,
    output: graph.outputs[0]!.name,
    ...{ isLogits, mode, info },
    preprocess: storedPreprocess(info),
  });
}
