import { availableParallelism } from 'node:os';
import '@tensorflow/tfjs-backend-cpu';
import { existsSync, readdirSync } from 'node:fs';
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
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hidePackages } from './hidePackages.js';

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

/** Takes away the WebGPU that useEngine set up in Node. */
function withdrawWebGpu() {
  const scope = globalThis as { navigator?: { gpu?: object }; GPUBufferUsage?: object };
  delete scope.navigator?.gpu;
  delete scope.GPUBufferUsage;
}

const dlopen = process.dlopen.bind(process);

/** WebGPU as the npm package `webgpu` brings it to Node, with an adapter of our choice. */
function standInForWebGpu(adapter: object | null, vulkan: 'there' | 'missing' = 'there') {
  const globals = { GPUBufferUsage: { STORAGE: 128 } };
  vi.stubEnv('VK_DRIVER_FILES', '/stand-in.json');
  vi.doMock('webgpu', () => ({ create: () => ({ requestAdapter: () => Promise.resolve(adapter) }), globals }));
  vi.spyOn(process, 'dlopen').mockImplementation((...args) => {
    if (args[1] !== 'libvulkan.so.1') return dlopen(...args);
    if (vulkan === 'missing') throw new Error('libvulkan.so.1: cannot open shared object file: No such file');
    throw new Error("Module did not self-register: 'libvulkan.so.1'.");
  });
}

// Whatever GPU the machine has, these tests choose what they see of it.
beforeEach(() => standInForWebGpu(null));
afterEach(async () => {
  await useEngine('cpu');
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  vi.doUnmock('webgpu');
  for (const name of ['tensorflow', 'webgpu']) if (findBackendFactory(name)) removeBackend(name);
});

describe('useEngine', () => {
  it('takes onnx in Node and says what it looked at', async () => {
    const engine = await useEngine('auto', { training: true });
    expect(engine).toMatchObject({ name: 'onnx', canTrain: true, threads: availableParallelism() });
    expect(engine.considered.map(({ name, available }) => `${name} ${available}`)).toEqual([
      'tensorflow false',
      'webgpu false',
      'webgl false',
      'onnx true',
    ]);
    expect(engine.considered[0]!.reason).toBe(
      '@tensorflow/tfjs-node-gpu is not installed; @tensorflow/tfjs-node is not installed',
    );
    expect(engine.considered[1]!.reason).toBe('WebGPU finds no adapter');
    expect(engine.considered[2]!.reason).toBe('runs in browsers only');
    expect(engine.reason).toMatch(/^ONNX Runtime on (one thread|\d+ threads) of the CPU$/);
    expect(getBackend()).toBe('onnx');
  });

  it('falls back to wasm where onnxruntime-node is not installed', async () => {
    if (findBackendFactory('onnx')) removeBackend('onnx');
    hidePackages('onnxruntime-node');
    const engine = await useEngine('auto', { training: true });
    expect(engine).toMatchObject({ name: 'wasm', canTrain: true, threads: 1 });
    expect(engine.considered[3]).toEqual({
      name: 'onnx',
      available: false,
      reason: 'onnxruntime-node is not installed',
    });
    expect(engine.reason).toBe('WebAssembly with one thread and the training kernels of segkit');
    expect(await message(useEngine('onnx'))).toBe(
      "EngineError: The engine onnx: onnxruntime-node is not installed. Another one: useEngine('auto').",
    );
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
    expect(await message(useEngine('webgpu'))).toContain('WebGPU finds no adapter');
    expect(getBackend()).toBe('cpu');
  });

  it('refuses what it does not know', async () => {
    expect(await message(useEngine('cuda' as 'cpu'))).toBe(
      'RangeError: name must be one of "auto", "tensorflow", "webgpu", "webgl", "onnx", "wasm", "cpu", got "cuda".',
    );
    expect(await message(useEngine('cpu', { train: true } as object))).toBe(
      'RangeError: useEngine has no option "train"; it takes training, threads, allowSoftware.',
    );
    expect(await message(useEngine('cpu', { training: 1 } as object))).toBe(
      'TypeError: training must be true or false, got 1.',
    );
    expect(await message(useEngine('webgpu', { allowSoftware: 'yes' } as object))).toBe(
      'TypeError: allowSoftware must be true or false, got "yes".',
    );
    expect(await message(useEngine('wasm', { allowSoftware: true }))).toBe(
      'RangeError: allowSoftware must be left out for the engine wasm: it concerns WebGPU only.',
    );
    expect(await message(useEngine('onnx', { threads: 0 }))).toBe(
      'RangeError: threads must be an integer at least 1 and at most 1024, got 0.',
    );
  });

  it('tries the next one where a backend does not start, and tells why', async () => {
    registerBackend('tensorflow', () => Promise.reject(new Error('libtensorflow.so.2: cannot open')), 3);
    const engine = await useEngine();
    expect(engine.name).toBe('onnx');
    expect(engine.considered[0]).toEqual({
      name: 'tensorflow',
      available: false,
      reason: 'does not start: libtensorflow.so.2: cannot open',
    });
    expect(await message(useEngine('tensorflow'))).toContain('does not start: libtensorflow.so.2: cannot open');
    expect(getBackend()).toBe('onnx');
  });

  it('uses a registered backend, but not for training what cannot train', async () => {
    registerBackend('tensorflow', () => new EmptyBackend(), 3);
    expect(await useEngine()).toMatchObject({ name: 'tensorflow', canTrain: false });
    expect(() => requireTraining()).toThrow(/lacks Conv2DBackpropFilter.*useEngine/);
    expect((await useEngine('auto', { training: true })).name).toBe('onnx');
    expect(await message(useEngine('tensorflow', { training: true }))).toContain('cannot train: it lacks Conv2D');
    expect(getBackend()).toBe('onnx');
  });

  it('prefers the native library: the one for GPUs, then the one without', async () => {
    const standIn = () => {
      registerBackend('tensorflow', () => new EmptyBackend(), 3);
      return {};
    };
    vi.doMock('@tensorflow/tfjs-node', standIn);
    const engine = await useEngine();
    expect(engine).toMatchObject({ name: 'tensorflow', reason: 'the native TensorFlow library is installed' });
    expect(engine.considered).toHaveLength(1);
    vi.doUnmock('@tensorflow/tfjs-node');
    removeBackend('tensorflow');
    vi.doMock('@tensorflow/tfjs-node-gpu', standIn);
    expect((await useEngine('tensorflow')).name).toBe('tensorflow');
    vi.doUnmock('@tensorflow/tfjs-node-gpu');
  });

  it('tells where a package brings another copy of TensorFlow.js', async () => {
    vi.doMock('@tensorflow/tfjs-node-gpu', () => ({}));
    expect(await message(useEngine('tensorflow'))).toContain(
      '@tensorflow/tfjs-node-gpu registers another copy of TensorFlow.js; install one version of it only',
    );
    vi.doUnmock('@tensorflow/tfjs-node-gpu');
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

describe('WebGPU', () => {
  it.each([
    { adapter: null, reason: 'WebGPU finds no adapter', name: 'onnx' },
    {
      adapter: { info: { vendor: 'google', architecture: 'swiftshader' } },
      reason: /^WebGPU adapter: google swiftshader, which is software and slower than wasm/,
      name: 'onnx',
    },
    { adapter: { isFallbackAdapter: true }, reason: /unnamed adapter, which is software/, name: 'onnx' },
    {
      adapter: { info: { vendor: 'nvidia', architecture: 'hopper' } },
      reason: 'WebGPU adapter: nvidia hopper',
      name: 'webgpu',
    },
  ])('is judged by its adapter: $reason', async ({ adapter, reason, name }) => {
    standInForWebGpu(adapter);
    registerBackend('webgpu', () => new EmptyBackend(), 3);
    const engine = await useEngine();
    expect(engine.name).toBe(name);
    expect(engine.considered[1]!.reason).toMatch(reason);
    // In Node it is set up by useEngine, and gone again where it is not taken.
    expect(Boolean((globalThis as { navigator?: { gpu?: object } }).navigator?.gpu)).toBe(name === 'webgpu');
    expect('GPUBufferUsage' in globalThis).toBe(name === 'webgpu');
    withdrawWebGpu();
  });

  it('takes a software adapter only where it is asked for', async () => {
    const adapter = { info: { description: 'llvmpipe' } };
    vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.resolve(adapter) } });
    registerBackend('webgpu', () => new EmptyBackend(), 3);
    expect(await message(useEngine('webgpu'))).toContain('which is software and slower than wasm');
    const engine = await useEngine('webgpu', { allowSoftware: true });
    expect(engine).toMatchObject({ name: 'webgpu', reason: 'WebGPU adapter: llvmpipe' });
    await useEngine('cpu');
    expect((await useEngine('auto', { allowSoftware: true })).name).toBe('webgpu');
  });

  it('survives one that throws', async () => {
    vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.reject(new Error('device lost')) } });
    expect((await useEngine()).considered[1]!.reason).toBe('WebGPU fails: device lost');
  });

  it('tells in Node where its package, Vulkan or the order of imports is the matter', async () => {
    vi.doMock('webgpu', () => ({ create: undefined, globals: {} }));
    expect(await message(useEngine('webgpu'))).toContain('webgpu has another form than segkit knows');
    standInForWebGpu({ info: { vendor: 'nvidia' } }, 'missing');
    const absent = 'WebGPU needs Vulkan, and libvulkan.so.1 is missing';
    if (process.platform === 'linux') expect(await message(useEngine('webgpu'))).toContain(absent);
    standInForWebGpu({ info: { vendor: 'nvidia' } });
    if (process.platform === 'linux') {
      for (const name of ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES', 'VK_ADD_DRIVER_FILES']) vi.stubEnv(name, '');
      for (const name of ['HOME', 'XDG_CONFIG_HOME', 'XDG_CONFIG_DIRS', 'XDG_DATA_HOME', 'XDG_DATA_DIRS']) {
        vi.stubEnv(name, '/nowhere');
      }
      // A machine may have a driver in /etc all the same.
      if (!existsSync('/etc/vulkan/icd.d') || readdirSync('/etc/vulkan/icd.d').length === 0) {
        expect(await message(useEngine('webgpu'))).toContain('WebGPU needs Vulkan, which has no driver here');
      }
      vi.stubEnv('VK_DRIVER_FILES', '/stand-in.json');
    }
    vi.doMock('@tensorflow/tfjs-backend-webgpu', () => ({}));
    expect(await message(useEngine('webgpu'))).toContain(
      '@tensorflow/tfjs-backend-webgpu was imported before WebGPU was there: leave its import to useEngine',
    );
    vi.doUnmock('@tensorflow/tfjs-backend-webgpu');
    expect('GPUBufferUsage' in globalThis).toBe(false);
  });
});

describe('the number of threads', () => {
  it('is what onnx runs on, until another is asked for', async () => {
    expect(await useEngine('onnx', { threads: 1 })).toMatchObject({
      threads: 1,
      reason: 'ONNX Runtime on one thread of the CPU',
    });
    await useEngine('cpu');
    expect((await useEngine('onnx')).threads).toBe(1);
    expect((await useEngine('auto', { threads: 2 })).threads).toBe(2);
  });

  it('does not change under tensors that would be lost', async () => {
    await useEngine('onnx', { threads: 1 });
    const held = ones([3]);
    expect(await message(useEngine('onnx', { threads: 2 }))).toMatch(
      /runs on 1 threads and holds \d+ tensors, which would be lost: choose the number of threads before they are made/,
    );
    expect(Array.from(held.dataSync())).toEqual([1, 1, 1]);
    held.dispose();
    expect((await useEngine('onnx', { threads: 2 })).threads).toBe(2);
  });

  it('is never too many for wasm and cpu, which have one, and not for the native library to take', async () => {
    expect((await useEngine('wasm', { threads: 1 })).threads).toBe(1);
    expect((await useEngine('cpu', { threads: 3 })).threads).toBeUndefined();
    registerBackend('tensorflow', () => new EmptyBackend(), 3);
    const engine = await useEngine('auto', { threads: 1 });
    expect(engine.name).toBe('onnx');
    expect(engine.considered[0]!.reason).toBe(
      'the native library chooses its threads itself: leave out the option threads',
    );
  });
});

describe('currentEngine and requireTraining', () => {
  it('describe the active backend, and accept one that can train', async () => {
    await useEngine('cpu', { training: true });
    expect(currentEngine()).toMatchObject({
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
