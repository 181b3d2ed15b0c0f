import { env } from '@tensorflow/tfjs-core';
import { compileModel, loadOnnx } from 'segkit/inference';
import { plainUnet } from 'segkit/models';
import { exportOnnx } from 'segkit/onnx';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useCpuBackend } from '../helpers/tensorflow.js';

useCpuBackend();

const importPackage = vi.hoisted(() => vi.fn());
vi.mock('../../src/engine/importPackage.js', async (original) => ({ ...(await original()), importPackage }));

afterEach(() => {
  vi.restoreAllMocks();
});

const unet = () => plainUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 2, levels: 1 });

describe('without ONNX Runtime', () => {
  it('names the package and how to install it in Node', async () => {
    importPackage.mockResolvedValue({ obstacle: 'onnxruntime-node is not installed' });
    const model = unet();
    const error = await compileModel(model).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({
      name: 'EngineError',
      message:
        'compileModel needs ONNX Runtime, but onnxruntime-node is not installed: ' +
        'npm install onnxruntime-node --onnxruntime-node-install=skip.',
    });
    expect(importPackage).toHaveBeenCalledWith('onnxruntime-node');
    const file = await exportOnnx(model);
    await expect(loadOnnx(file)).rejects.toThrow('loadOnnx needs ONNX Runtime, but onnxruntime-node is not installed');
    model.dispose();
  });

  it('asks for onnxruntime-web in a browser, and looks for nothing there', async () => {
    importPackage.mockReset();
    vi.spyOn(env(), 'getBool').mockImplementation((flag) => flag !== 'IS_NODE' && env().get(flag) === true);
    const model = unet();
    const missing = compileModel(model);
    await expect(missing).rejects.toThrow(
      "compileModel needs ONNX Runtime: npm install onnxruntime-web, and pass it on as runtime, for example { runtime: await import('onnxruntime-web') }.",
    );
    expect(importPackage).not.toHaveBeenCalled();
    model.dispose();
  });
});
