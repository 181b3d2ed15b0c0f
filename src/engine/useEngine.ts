import { enableProdMode, env, findBackend, getBackend, ready, setBackend } from '@tensorflow/tfjs-core';
import { requireKnownOptions, requireOneOf, show } from '../core/check.js';
import { EngineError } from '../core/errors.js';
import { hasGradients, missingTrainingKernels, threadsOf } from './abilities.js';
import { failureOf, loadBackend, type Obstacle } from './loadBackend.js';
import { probeWebGpu } from './probeWebGpu.js';
import type { ConsideredEngine, Engine, EngineName } from './types.js';
import type { WasmBackend } from './wasm/backend.js';
import { prepareTraining } from './wasm/prepareTraining.js';

/** Options of {@link useEngine}. */
export interface UseEngineOptions {
  /**
   * Whether networks will be trained: engines that cannot are passed over, and the gradients of TensorFlow.js are
   * registered.
   *
   * @defaultValue false
   */
  readonly training?: boolean;
}

/**
 * Chooses and prepares a TensorFlow.js backend, and says what it chose and why. With `'auto'` it takes the first that
 * works of
 *
 * 1. `tensorflow`: the native library (CUDA or CPU) of `@tensorflow/tfjs-node-gpu` or `@tensorflow/tfjs-node`, in Node;
 * 2. `webgpu`, on a hardware adapter only;
 * 3. `webgl`, in browsers;
 * 4. `wasm`: WebAssembly with SIMD, anywhere. TensorFlow.js cannot train on it; the kernels it lacks are added here;
 * 5. `cpu`: plain JavaScript, for tiny tensors.
 *
 * In Node the package of a backend is imported where it is installed. In a browser the application imports the
 * packages it wants to ship, for example `import '@tensorflow/tfjs-backend-wasm'`, and this function finds them.
 * TensorFlow.js is put into production mode, which keeps it quiet. No work is done twice: a second call only switches.
 *
 * @throws EngineError where the named engine is not installed or does not work here, or cannot train although
 * `training` is asked for; the backend that was active stays so.
 *
 * @example
 * ```ts
 * const engine = await useEngine('cpu', { training: true });
 * engine.name; // 'cpu'
 * engine.canTrain; // true
 * ```
 */
export async function useEngine(name: 'auto' | EngineName = 'auto', options: UseEngineOptions = {}): Promise<Engine> {
  const preference: readonly EngineName[] = ['tensorflow', 'webgpu', 'webgl', 'wasm', 'cpu'];
  requireOneOf('name', name, ['auto', ...preference]);
  requireKnownOptions('useEngine', options, ['training']);
  const { training = false } = options;
  if (typeof training !== 'boolean') throw new TypeError(`training must be true or false, got ${show(training)}.`);
  enableProdMode();
  if (training) await loadGradients();
  const before: string | undefined = getBackend();
  const considered: ConsideredEngine[] = [];
  for (const candidate of name === 'auto' ? preference : [name]) {
    const tried = await tryEngine(candidate, { training, named: name !== 'auto' });
    considered.push(tried);
    if (tried.available) return describe(candidate, tried.reason, considered);
  }
  if (before) await setBackend(before);
  const why = considered.map((engine) => `${engine.name}: ${engine.reason}`).join('; ');
  throw new EngineError(
    name === 'auto' ? `No engine works here. ${why}.` : `The engine ${why}. Another one: useEngine('auto').`,
  );
}

async function loadGradients(): Promise<void> {
  if (!hasGradients()) await import('@tensorflow/tfjs-layers');
  if (hasGradients()) return;
  throw new EngineError(
    '@tensorflow/tfjs-layers uses another copy of @tensorflow/tfjs-core; install one version only.',
  );
}

interface Wish {
  readonly training: boolean;
  /** Whether the engine was asked for by name: then a software WebGPU adapter is good enough. */
  readonly named: boolean;
}

async function tryEngine(name: EngineName, { training, named }: Wish): Promise<ConsideredEngine> {
  let reason = '';
  let obstacle: Obstacle;
  if (name === 'webgl' && env().getBool('IS_NODE')) obstacle = 'runs in browsers only';
  if (name === 'webgpu') {
    const probe = await probeWebGpu();
    reason = probe.reason;
    if (probe.kind === 'none') obstacle = reason;
    if (probe.kind === 'software' && !named) obstacle = `${reason}, which is software and slower than wasm`;
  }
  obstacle ??= await loadBackend(name);
  obstacle ??= await activate(name);
  if (obstacle === undefined && name === 'wasm') obstacle = await prepareWasm(training);
  if (obstacle === undefined && training) {
    const missing = missingTrainingKernels(name);
    if (missing.length > 0) obstacle = `cannot train: it lacks ${missing.join(', ')}`;
  }
  if (obstacle !== undefined) return { name, available: false, reason: obstacle };
  return { name, available: true, reason: reason || purposeOf(name) };
}

async function activate(name: EngineName): Promise<Obstacle> {
  try {
    if (await setBackend(name)) {
      await ready();
      return undefined;
    }
    return `does not start: ${await failureOf(name)}`;
  } catch (error) {
    return `does not start: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function prepareWasm(training: boolean): Promise<Obstacle> {
  try {
    await prepareTraining(findBackend('wasm') as WasmBackend);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (training) return `cannot train: its extra kernels do not load (they need WebAssembly SIMD): ${why}`;
  }
  return undefined;
}

function purposeOf(name: EngineName): string {
  if (name === 'tensorflow') return 'the native TensorFlow library is installed';
  if (name === 'webgl') return 'this browser has WebGL';
  if (name === 'wasm') {
    const threads = threadsOf('wasm') ?? 1;
    return `WebAssembly with ${threads === 1 ? 'one thread' : `${threads} threads`} and the training kernels of segkit`;
  }
  return name === 'cpu' ? 'plain JavaScript, which runs everywhere and is slow' : 'WebGPU';
}

function describe(name: EngineName, reason: string, considered: readonly ConsideredEngine[]): Engine {
  const threads = threadsOf(name);
  return {
    name,
    canTrain: missingTrainingKernels(name).length === 0,
    reason,
    considered,
    ...(threads !== undefined && { threads }),
  };
}
