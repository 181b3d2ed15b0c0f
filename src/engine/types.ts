/** The engines that segkit knows, in the order in which `useEngine('auto')` prefers them. */
export type EngineName = 'tensorflow' | 'webgpu' | 'webgl' | 'wasm' | 'cpu';

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
}
