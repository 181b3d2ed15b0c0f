import '@tensorflow/tfjs-backend-cpu';
import {
  backend,
  conv2d,
  findBackendFactory,
  getBackend,
  getGradient,
  getKernel,
  grad,
  KernelBackend,
  ones,
  registerBackend,
  registerGradient,
  registerKernel,
  removeBackend,
  setBackend,
  type Tensor4D,
  tidy,
  unregisterGradient,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { EngineError } from 'segkit/core';
import { currentEngine, requireTraining, useEngine } from 'segkit/engine';
import { afterEach, describe, expect, it, vi } from 'vitest';

/** A backend of no kernels. */
class EmptyBackend extends KernelBackend {
  override memory() {
    return { unreliable: false };
  }
  override dispose() {}
  override numDataIds() {
    return 0;
  }
  override floatPrecision(): 16 | 32 {
    return 32;
  }
}

const message = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message}`,
  );

afterEach(() => {
  vi.unstubAllGlobals();
  for (const name of ['tensorflow', 'webgpu']) if (findBackendFactory(name)) removeBackend(name);
});

describe('useEngine', () => {
  it('takes wasm in this environment and says what it looked at', async () => {
    const engine = await useEngine('auto', { training: true });
    expect(engine).toMatchObject({ name: 'wasm', canTrain: true, threads: 1 });
    expect(engine.considered.map(({ name, available }) => `${name} ${available}`)).toEqual([
      'tensorflow false',
      'webgpu false',
      'webgl false',
      'wasm true',
    ]);
    expect(engine.considered[0]!.reason).toBe(
      '@tensorflow/tfjs-node-gpu is not installed; @tensorflow/tfjs-node is not installed',
    );
    expect(engine.considered[2]!.reason).toBe('runs in browsers only');
    expect(engine.reason).toBe('WebAssembly with one thread and the training kernels of segkit');
    expect(getBackend()).toBe('wasm');
  });

  it('registers its kernels once', async () => {
    await useEngine('wasm');
    const first = getKernel('Conv2DBackpropFilter', 'wasm');
    await useEngine('wasm', { training: true });
    expect(getKernel('Conv2DBackpropFilter', 'wasm')).toBe(first);
    await useEngine('cpu');
    expect(getKernel('Sum', 'cpu').kernelFunc).not.toBe(getKernel('Sum', 'wasm').kernelFunc);
  });

  it('refuses an engine that is not there and keeps the one that was', async () => {
    await useEngine('cpu');
    expect(await message(useEngine('tensorflow'))).toBe(
      "EngineError: The engine tensorflow: @tensorflow/tfjs-node-gpu is not installed; @tensorflow/tfjs-node is not installed. Another one: useEngine('auto').",
    );
    expect(await message(useEngine('webgl'))).toContain('webgl: runs in browsers only');
    expect(await message(useEngine('webgpu'))).toContain('this platform has no WebGPU');
    expect(getBackend()).toBe('cpu');
  });

  it('refuses what it does not know', async () => {
    expect(await message(useEngine('cuda' as 'cpu'))).toBe(
      'RangeError: name must be one of "auto", "tensorflow", "webgpu", "webgl", "wasm", "cpu", got "cuda".',
    );
    expect(await message(useEngine('cpu', { train: true } as object))).toBe(
      'RangeError: useEngine has no option "train"; it takes training.',
    );
    expect(await message(useEngine('cpu', { training: 1 } as object))).toBe(
      'TypeError: training must be true or false, got 1.',
    );
  });

  it('tries the next one where a backend does not start, and tells why', async () => {
    registerBackend('tensorflow', () => Promise.reject(new Error('libtensorflow.so.2: cannot open')), 3);
    const engine = await useEngine();
    expect(engine.name).toBe('wasm');
    expect(engine.considered[0]).toEqual({
      name: 'tensorflow',
      available: false,
      reason: 'does not start: libtensorflow.so.2: cannot open',
    });
    expect(await message(useEngine('tensorflow'))).toContain('does not start: libtensorflow.so.2: cannot open');
    expect(getBackend()).toBe('wasm');
  });

  it('uses a registered backend, but not for training what cannot train', async () => {
    registerBackend('tensorflow', () => new EmptyBackend(), 3);
    expect(await useEngine()).toMatchObject({ name: 'tensorflow', canTrain: false });
    expect(() => requireTraining()).toThrow(/lacks Conv2DBackpropFilter.*useEngine/);
    expect((await useEngine('auto', { training: true })).name).toBe('wasm');
    expect(await message(useEngine('tensorflow', { training: true }))).toContain('cannot train: it lacks Conv2D');
    expect(getBackend()).toBe('wasm');
  });

  it.each([
    { adapter: null, reason: 'WebGPU finds no adapter', name: 'wasm' },
    {
      adapter: { info: { vendor: 'google', architecture: 'swiftshader' } },
      reason: 'WebGPU adapter: google swiftshader, which is software and slower than wasm',
      name: 'wasm',
    },
    { adapter: { isFallbackAdapter: true }, reason: /unnamed adapter, which is software/, name: 'wasm' },
    {
      adapter: { info: { vendor: 'nvidia', architecture: 'hopper' } },
      reason: 'WebGPU adapter: nvidia hopper',
      name: 'webgpu',
    },
  ])('judges WebGPU by its adapter: $reason', async ({ adapter, reason, name }) => {
    vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.resolve(adapter) } });
    registerBackend('webgpu', () => new EmptyBackend(), 3);
    const engine = await useEngine();
    expect(engine.name).toBe(name);
    expect(engine.considered[1]!.reason).toMatch(reason);
    await useEngine('cpu');
  });

  it('takes a software WebGPU adapter where it is asked for by name', async () => {
    const adapter = { info: { description: 'llvmpipe' } };
    vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.resolve(adapter) } });
    registerBackend('webgpu', () => new EmptyBackend(), 3);
    expect(await useEngine('webgpu')).toMatchObject({ name: 'webgpu', reason: 'WebGPU adapter: llvmpipe' });
    await useEngine('cpu');
  });

  it('survives a WebGPU that throws', async () => {
    vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.reject(new Error('device lost')) } });
    expect((await useEngine()).considered[1]!.reason).toBe('WebGPU fails: device lost');
  });

  it('registers the gradients for training', async () => {
    await useEngine('cpu', { training: true });
    expect(getGradient('Conv2D')).toBeDefined();
  });

  it('makes wasm throw where its memory is used up', async () => {
    await useEngine('wasm');
    const before = backend().numDataIds();
    expect(() => backend().write(null as never, [2 ** 30], 'float32')).toThrow(
      /^The wasm backend is out of memory: asked for 4096 MB on top of a heap of \d+ MB, of 4096 MB at most\./,
    );
    expect(backend().numDataIds()).toBe(before);
  });

  it('trains again after the wasm backend was removed and started anew', async () => {
    await useEngine('wasm', { training: true });
    const factory = findBackendFactory('wasm');
    const derivative = () =>
      tidy(() =>
        grad((x) => conv2d(x as Tensor4D, ones([1, 1, 1, 1]) as Tensor4D, 1, 'same'))(ones([1, 2, 2, 1])).dataSync(),
      );
    removeBackend('wasm');
    registerBackend('wasm', factory);
    await setBackend('wasm');
    const filterGradient = () =>
      tidy(() =>
        grad((w) => conv2d(ones([1, 2, 2, 1]) as Tensor4D, w as Tensor4D, 1, 'same'))(ones([1, 1, 1, 1])).dataSync(),
      );
    expect(currentEngine().canTrain).toBe(false);
    expect(filterGradient).toThrow(/restarted; call await useEngine/);
    expect(Array.from(derivative())).toEqual([1, 1, 1, 1]);
    await useEngine('wasm', { training: true });
    expect(Array.from(filterGradient())).toEqual([4]);
    expect(Array.from(derivative())).toEqual([1, 1, 1, 1]);
  });
});

describe('currentEngine and requireTraining', () => {
  it('describe the active backend, and accept one that can train', async () => {
    await useEngine('cpu', { training: true });
    expect(currentEngine()).toEqual({
      name: 'cpu',
      canTrain: true,
      reason: 'The active TensorFlow.js backend is cpu.',
      considered: [],
    });
    expect(() => requireTraining()).not.toThrow();
    await useEngine('wasm');
    expect(currentEngine()).toMatchObject({ name: 'wasm', canTrain: true, threads: 1 });
  });

  it('refuse a wasm backend without the kernels of segkit', async () => {
    await useEngine('wasm', { training: true });
    const kernel = getKernel('Conv2DBackpropFilter', 'wasm');
    unregisterKernel('Conv2DBackpropFilter', 'wasm');
    expect(currentEngine().canTrain).toBe(false);
    expect(() => requireTraining()).toThrow(EngineError);
    expect(() => requireTraining()).toThrow(
      "The active TensorFlow.js backend is wasm, which lacks Conv2DBackpropFilter. Call await useEngine('wasm', { training: true }) before training.",
    );
    registerKernel(kernel);
  });

  it('refuse to train without gradients', async () => {
    await useEngine('cpu', { training: true });
    const gradient = getGradient('Conv2D');
    unregisterGradient('Conv2D');
    expect(() => requireTraining()).toThrow(/gradients of TensorFlow.js are not registered/);
    registerGradient(gradient);
  });
});
