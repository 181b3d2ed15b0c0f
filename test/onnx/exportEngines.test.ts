import '@tensorflow/tfjs-backend-cpu';
import { engine, getBackend, memory, setBackend } from '@tensorflow/tfjs-core';
import { useEngine } from 'segkit/engine';
import { compileModel } from 'segkit/inference';
import { horwathUnet, separableUnet } from 'segkit/models';
import { exportOnnx } from 'segkit/onnx';
import { afterAll, describe, expect, it } from 'vitest';
import { noise, runModel, stir } from './run.js';

const builders = {
  separableUnet: () => separableUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 3, levels: 2, seed: 5 }),
  horwathUnet: () => horwathUnet({ inputShape: [null, null, 2], seed: 5 }),
};

describe.each(Object.entries(builders))('a %s', (_, build) => {
  const files: Uint8Array[] = [];
  afterAll(async () => {
    await setBackend('cpu');
  });

  it.each(['cpu', 'wasm', 'onnx'] as const)(
    'is written alike on the engine %s, whose tensors stay where they are',
    async (name) => {
      await useEngine(name);
      const model = build();
      stir(model);
      const image = noise([1, 16, 16, model.inputs[0]!.shape[3]!]);
      const before = runModel(model, image).data.slice();
      const [tensors, data] = [memory().numTensors, engine().backend.numDataIds()];
      files.push(await exportOnnx(model));
      const compiled = await compileModel(model, { threads: 1 });
      await compiled.dispose();
      expect(getBackend()).toBe(name);
      expect([memory().numTensors, engine().backend.numDataIds()]).toEqual([tensors, data]);
      expect(runModel(model, image).data).toEqual(before);
      expect(files.at(-1)).toEqual(files[0]);
      model.dispose();
    },
  );
});
