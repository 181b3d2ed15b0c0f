import '@tensorflow/tfjs-backend-cpu';
// Gradients are registered by tfjs-layers.
import '@tensorflow/tfjs-layers';
import { enableProdMode, memory, ready, setBackend } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect } from 'vitest';

enableProdMode();

let before = 0;

/** Selects the cpu backend and counts tensors around every test of the file: each test disposes what it makes. */
export function useCpuBackend(): void {
  beforeAll(async () => {
    await setBackend('cpu');
    await ready();
  });
  beforeEach(() => {
    before = memory().numTensors;
  });
  afterEach(() => {
    expect(memory().numTensors, 'leaked tensors').toBe(before);
  });
}
