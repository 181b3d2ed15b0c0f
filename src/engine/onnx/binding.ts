import { EngineError } from '../../core/errors.js';
import type { OnnxType } from '../../onnx/graph.js';

/** Numbers in the main memory; a boolean is a byte. */
export type Numbers = Float32Array | Int32Array | Uint8Array | BigInt64Array;

/** A tensor of ONNX Runtime. */
export interface RuntimeTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: Numbers;
}

/** Settings of one session, as ONNX Runtime's documentation of `SessionOptions` has them. */
export interface SessionSettings {
  readonly intraOpNumThreads: number;
  readonly graphOptimizationLevel: 'disabled' | 'basic' | 'extended' | 'all';
  readonly enableProfiling?: boolean;
  readonly profileFilePrefix?: string;
}

/** A graph that is loaded, ready to run. */
export interface RuntimeSession {
  /**
   * Runs the graph at once, on the calling thread and those of the session. A fetch that is a tensor is written into;
   * for `null` memory is taken.
   */
  run(
    feeds: Readonly<Record<string, RuntimeTensor>>,
    fetches: Readonly<Record<string, RuntimeTensor | null>>,
  ): Record<string, RuntimeTensor>;
  dispose(): void;
}

/** ONNX Runtime without the promises of its public interface, which kernels, being synchronous, cannot wait for. */
export interface Runtime {
  /** Version of the package. */
  readonly version: string;
  tensor(type: OnnxType, data: Numbers, shape: readonly number[]): RuntimeTensor;
  load(model: Uint8Array, settings: SessionSettings): RuntimeSession;
}

/** The part of `onnxruntime-node/dist/binding.js` that is used: private to that package, hence checked. */
interface Binding {
  readonly binding?: { readonly InferenceSession?: new () => NativeSession };
  readonly initOrt?: () => void;
}

interface NativeSession {
  loadModel(buffer: ArrayBufferLike, offset: number, length: number, options: object): void;
  run(feeds: object, fetches: object, options: object): Record<string, RuntimeTensor>;
  dispose(): void;
}

interface Common {
  readonly Tensor?: new (type: string, data: Numbers, dims: readonly number[]) => RuntimeTensor;
}

/**
 * Loads `onnxruntime-node` and finds the synchronous entry point under its public interface.
 *
 * @throws EngineError where the package is not installed, has no binaries for this platform, or has another form.
 */
export async function loadRuntime(): Promise<Runtime> {
  // Named by a variable, so that bundlers for browsers leave it alone.
  const moduleName = 'node:module';
  const { createRequire } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ moduleName)) as {
    createRequire: (from: string) => ((name: string) => unknown) & { resolve(name: string): string };
  };
  const load = createRequire(import.meta.url);
  const paths = { root: 'onnxruntime-node', binding: 'onnxruntime-node/dist/binding.js' };
  try {
    load.resolve(paths.root);
  } catch {
    throw new EngineError('onnxruntime-node is not installed');
  }
  try {
    const { version } = load(`${paths.root}/package.json`) as { version: string };
    const { binding, initOrt } = load(paths.binding) as Binding;
    const fromRoot = createRequire(load.resolve(paths.root));
    const { Tensor } = fromRoot('onnxruntime-common') as Common;
    const Session = binding?.InferenceSession;
    if (!Session || !initOrt || !Tensor || typeof Session.prototype.loadModel !== 'function') {
      throw new EngineError(`onnxruntime-node ${version} has another form than this engine knows`);
    }
    initOrt();
    return {
      version,
      tensor: (type, data, shape) => new Tensor(type, data, shape),
      load: (model, settings) => new Loaded(new Session(), model, settings),
    };
  } catch (error) {
    if (error instanceof EngineError) throw error;
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new EngineError(`onnxruntime-node does not load: ${reason}`);
  }
}

class Loaded implements RuntimeSession {
  readonly #native: NativeSession;

  constructor(native: NativeSession, model: Uint8Array, settings: SessionSettings) {
    this.#native = native;
    native.loadModel(model.buffer, model.byteOffset, model.byteLength, {
      interOpNumThreads: 1,
      executionMode: 'sequential',
      enableCpuMemArena: true,
      // A plan of the memory is made after the first run, and takes its own beside what that run took: a quarter more
      // for U-Net++, and no faster.
      enableMemPattern: false,
      // What goes wrong comes as an error; what ONNX Runtime would print besides is noise.
      logSeverityLevel: 4,
      extra: {
        // Threads spin for a moment between the operations of a run, which saves waking them up. Longer, or in an idle
        // session, they would slow down everything else.
        session: { intra_op: { allow_spinning: '1', spin_duration_us: '100' }, force_spinning_stop: '1' },
        // It moves transposes behind operations, which then run along the short axes that the lowerings avoid.
        optimization: { disable_specified_optimizers: 'TransposeOptimizer' },
      },
      ...settings,
    });
  }

  run(
    feeds: Readonly<Record<string, RuntimeTensor>>,
    fetches: Readonly<Record<string, RuntimeTensor | null>>,
  ): Record<string, RuntimeTensor> {
    return this.#native.run(feeds, fetches, {});
  }

  dispose(): void {
    this.#native.dispose();
  }
}
