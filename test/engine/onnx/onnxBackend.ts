// A backend `onnx` for tests: everything is compiled, however small, so that the lowerings are what runs.
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { backend, enableProdMode, engine, memory, setBackend } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { OnnxBackend } from '../../../src/engine/onnx/backend.js';
import { type PrepareOnnxOptions, prepareOnnx } from '../../../src/engine/onnx/prepareOnnx.js';

enableProdMode();

/** The active backend. */
export function onnx(): OnnxBackend {
  return backend() as OnnxBackend;
}

/** Makes the backend `onnx` the active one, and checks that no test leaves tensors or data on it. */
export function useOnnxBackend(options: PrepareOnnxOptions = {}): void {
  let tensors = 0;
  let data = 0;
  beforeAll(async () => {
    await setBackend('cpu');
    expect(await prepareOnnx({ threads: 2, interpretUpTo: 0, ...options })).toBeUndefined();
    await setBackend('onnx');
  });
  beforeEach(async () => {
    await setBackend('onnx');
    tensors = memory().numTensors;
    data = onnx().numDataIds();
    // For the numbers that operations turn into tensors.
    engine().startScope();
  });
  afterEach(async () => {
    engine().endScope();
    await setBackend('onnx');
    expect(memory().numTensors, 'leaked tensors').toBe(tensors);
    expect(onnx().numDataIds(), 'leaked data').toBe(data);
  });
}
