import { enableProdMode, getBackend, setBackend } from '@tensorflow/tfjs-core';
import { requireInteger, requireKnownOptions, requireOneOf, show } from '../core/check.js';
import { EngineError } from '../core/errors.js';
import { hasGradients } from './abilities.js';
import { engineOf } from './engineOf.js';
import { tryEngine } from './tryEngine.js';
import type { ConsideredEngine, Engine, EngineName } from './types.js';

/** Options of {@link useEngine}. */
export interface UseEngineOptions {
  /**
   * Whether networks will be trained: engines that cannot are passed over, and the gradients of TensorFlow.js are
   * registered.
   *
   * @defaultValue false
   */
  readonly training?: boolean;
  /**
   * How many CPU threads may compute. `onnx` takes just so many; `wasm` and `cpu` have one, which is never too many
   * (`wasm` in a browser can have more: then `setThreadsCount` of its package must be called before it starts, else it
   * is refused); `webgpu` and `webgl` compute on the GPU; `tensorflow` chooses itself and is refused. The default is
   * all cores, or what the engine runs on already.
   */
  readonly threads?: number;
  /**
   * Whether WebGPU may run on a software adapter (SwiftShader, llvmpipe, WARP), which is slower than `wasm` and good for
   * tests. Concerns `webgpu` and `'auto'`.
   *
   * @defaultValue false
   */
  readonly allowSoftware?: boolean;
}

/**
 * Chooses and prepares a TensorFlow.js backend, and says what it chose and why. With `'auto'` it takes the first that
 * works of
 *
 * 1. `tensorflow`: the native library (CUDA or CPU) of `@tensorflow/tfjs-node-gpu` or `@tensorflow/tfjs-node`, in Node;
 * 2. `webgpu`, on a hardware adapter; in Node by the npm package `webgpu`;
 * 3. `webgl`, in browsers;
 * 4. `onnx`: ONNX Runtime on all cores of the CPU, in Node, by the npm package `onnxruntime-node`;
 * 5. `wasm`: WebAssembly with SIMD, anywhere. TensorFlow.js cannot train on it; the kernels it lacks are added here;
 * 6. `cpu`: plain JavaScript, for tiny tensors.
 *
 * The first two are found only where somebody has installed them to have a GPU used; without them it is `onnx` in Node.
 * Packages are imported in Node where they are installed. In a browser the application imports those that it wants to
 * ship, for example `import '@tensorflow/tfjs-backend-wasm'`, and this function finds them. TensorFlow.js is put into
 * production mode, which keeps it quiet. No work is done twice: a second call only switches.
 *
 * @throws EngineError where the named engine is not installed or does not work here, or cannot train although
 * `training` is asked for, or cannot keep to `threads`; the backend that was active stays so. RangeError or TypeError
 * for bad options.
 *
 * @example
 * ```ts
 * const engine = await useEngine('cpu', { training: true });
 * engine.name; // 'cpu'
 * engine.canTrain; // true
 * ```
 */
export async function useEngine(name: 'auto' | EngineName = 'auto', options: UseEngineOptions = {}): Promise<Engine> {
  const preference: readonly EngineName[] = ['tensorflow', 'webgpu', 'webgl', 'onnx', 'wasm', 'cpu'];
  requireOneOf('name', name, ['auto', ...preference]);
  requireKnownOptions('useEngine', options, ['training', 'threads', 'allowSoftware']);
  const { training = false, threads, allowSoftware = false } = options;
  requireBoolean('training', training);
  requireBoolean('allowSoftware', allowSoftware);
  if (threads !== undefined) requireInteger('threads', threads, { min: 1, max: 1024 });
  if (allowSoftware && name !== 'auto' && name !== 'webgpu') {
    throw new RangeError(`allowSoftware must be left out for the engine ${name}: it concerns WebGPU only.`);
  }
  enableProdMode();
  if (training) await loadGradients();
  const before: string | undefined = getBackend();
  const considered: ConsideredEngine[] = [];
  for (const candidate of name === 'auto' ? preference : [name]) {
    const tried = await tryEngine(candidate, { training, threads, allowSoftware });
    considered.push(tried);
    if (tried.available) return engineOf(candidate, tried.reason, considered);
  }
  if (before) await setBackend(before);
  const why = considered.map((engine) => `${engine.name}: ${engine.reason}`).join('; ');
  throw new EngineError(
    name === 'auto' ? `No engine works here. ${why}.` : `The engine ${why}. Another one: useEngine('auto').`,
  );
}

function requireBoolean(name: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new TypeError(`${name} must be true or false, got ${show(value)}.`);
}

async function loadGradients(): Promise<void> {
  if (!hasGradients()) await import('@tensorflow/tfjs-layers');
  if (hasGradients()) return;
  throw new EngineError(
    '@tensorflow/tfjs-layers uses another copy of @tensorflow/tfjs-core; install one version only.',
  );
}
