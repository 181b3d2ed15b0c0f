import { env } from '@tensorflow/tfjs-core';
import { EngineError } from '../core/errors.js';
import { coreCount } from '../engine/coreCount.js';
import { messageOf } from '../engine/importPackage.js';
import type { OnnxRuntime, OnnxRuntimeSession, OnnxRuntimeTensor } from './onnxRuntime.js';

type TensorClass = new (type: 'float32', data: Float32Array, dims: readonly number[]) => object;

/** A session of ONNX Runtime that takes one float tensor and returns one. Internal to the library. */
export class OnnxSession {
  readonly #runtime: OnnxRuntime;
  #session: OnnxRuntimeSession | undefined;
  /** What is under way: a session runs one computation at a time. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(runtime: OnnxRuntime, session: OnnxRuntimeSession) {
    this.#runtime = runtime;
    this.#session = session;
  }

  /**
   * Loads a model.
   *
   * @throws EngineError where the runtime refuses it.
   */
  static async open(runtime: OnnxRuntime, model: Uint8Array, threads: number | undefined): Promise<OnnxSession> {
    const count = threads ?? (env().getBool('IS_NODE') ? await coreCount() : undefined);
    try {
      const session = await runtime.InferenceSession.create(model, {
        ...(count !== undefined && { intraOpNumThreads: count }),
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
        // What goes wrong is thrown, and need not be printed too.
        logSeverityLevel: 4,
        // Threads of an idle session that spin slow down everything else.
        extra: { session: { intra_op: { allow_spinning: '0' } } },
      });
      return new OnnxSession(runtime, session);
    } catch (error) {
      throw new EngineError(`ONNX Runtime cannot load the network: ${messageOf(error)}`);
    }
  }

  /** Runs the model on a tensor called `input`; returns the one called `output`. */
  run(input: string, data: Float32Array, dims: readonly number[], output: string): Promise<OnnxRuntimeTensor> {
    const next = this.#last.then(async () => {
      if (this.#session === undefined) throw new EngineError('this network has been disposed; it cannot predict.');
      const OnnxTensor = this.#runtime.Tensor as TensorClass;
      const feeds = { [input]: new OnnxTensor('float32', data, dims) };
      try {
        return (await this.#session.run(feeds as Record<string, never>))[output]!;
      } catch (error) {
        throw new EngineError(`ONNX Runtime cannot run the network on [${dims.join(', ')}]: ${messageOf(error)}`);
      }
    });
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Frees the model after what is under way; a second time does nothing. */
  async dispose(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await this.#last;
    await session?.release();
  }
}
