import type { Preflight, PreflightOptions, PreflightSubject } from './preflight.js';
import type { SlowKernel } from './slowKernels.js';

/** The engines that segkit knows, in the order in which `useEngine('auto')` prefers them. */
export type EngineName = 'tensorflow' | 'webgpu' | 'webgl' | 'onnx' | 'wasm' | 'cpu';

/** What became of one engine on the way to a choice. */
export interface ConsideredEngine {
  /** Which engine. */
  readonly name: EngineName;
  /** Whether it could be used here. */
  readonly available: boolean;
  /** Why, or why not: one line for people. */
  readonly reason: string;
}

/** A TensorFlow.js backend in use. */
export interface Engine {
  /** Name of the TensorFlow.js backend: one of {@link EngineName}, or that of a backend of your own. */
  readonly name: string;
  /** Whether it has what the gradients of a convolutional network need. */
  readonly canTrain: boolean;
  /** Why this one: one line for people. */
  readonly reason: string;
  /** The engines that were looked at, in order, the chosen one last; empty where nothing was chosen. */
  readonly considered: readonly ConsideredEngine[];
  /** Number of threads that convolutions run on, where the backend tells. */
  readonly threads?: number;
  /**
   * Kernels that the engine has run one by one in plain JavaScript since it started, the most frequent first. Only
   * `onnx` has such a way out and counts; it stays empty for the networks, losses and optimisers of segkit, and tensors
   * of a few hundred numbers do not count. On the other engines it is always empty: ask {@link Engine.preflight}, whose
   * own runs count too.
   */
  slowKernels(): readonly SlowKernel[];
  /**
   * Seconds that the engine has spent on compiling since it started. Only `onnx` compiles: the first step of a training,
   * the first image of a size, and again where shapes change.
   */
  compileSeconds(): number;
  /**
   * Lists the kernels that this engine lacks, or runs slowly, before any work starts. With a model it runs each layer
   * by itself on a few zeros, once, and leaves the model as it was; with `'training'` it looks up what the networks,
   * losses and optimisers of segkit take to train, and runs nothing.
   *
   * @throws TypeError for anything else; EngineError where this engine is no longer the active one, or a layer cannot
   * be run by itself for another reason than a kernel.
   *
   * @example
   * ```ts
   * const engine = await useEngine('cpu', { training: true });
   * engine.preflight('training').missing; // []
   * ```
   */
  preflight(subject: PreflightSubject, options?: PreflightOptions): Preflight;
}
