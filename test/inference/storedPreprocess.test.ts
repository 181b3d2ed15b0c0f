import { sigmoid, type Tensor, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { normalize } from 'segkit/augment';
import { createImage, Random, toFloat32 } from 'segkit/core';
import { type CompiledModel, compileModel, loadOnnx, predict } from 'segkit/inference';
import {
  annotateModel,
  loadModel,
  type ModelNotes,
  mobilenetV2,
  modelInfo,
  plainUnet,
  pruneUnetPlusPlus,
  saveModel,
  unetPlusPlus,
} from 'segkit/models';
import { exportOnnx } from 'segkit/onnx';
import { describe, expect, it } from 'vitest';
import { useCpuBackend } from '../helpers/tensorflow.js';

useCpuBackend();

const random = new Random(5);
const bytes = createImage(
  Uint8Array.from({ length: 99 }, () => random.integer(0, 256)),
  [11, 9],
);
const floats = toFloat32(bytes);
const network = (classes = 2) =>
  plainUnet({
    inputShape: [null, null, 1],
    classes,
    baseFilters: 4,
    levels: 1,
    batchNorm: 'none',
    activation: 'leakyRelu',
    seed: 3,
  });
const notes: ModelNotes = {
  normalization: { mean: 0.4, std: 0.2 },
  classNames: ['support', 'particle'],
  calibration: { pixelSize: 0.2, unit: 'nm' },
};

function differ(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

describe('the normalisation that goes with a model', () => {
  it('makes images ready where no preprocess is given: noted, from a file, compiled, exported', async () => {
    const model = network();
    await expect(predict(model, bytes)).rejects.toThrow('or note it in the model with annotateModel');
    const given = { preprocess: normalize({ mean: 0.4, std: 0.2 }) };
    const expected = (await predict(model, bytes, given)).data;
    annotateModel(model, notes);
    expect((await predict(model, bytes)).data).toEqual(expected);
    expect((await predict(model, bytes, { preprocess: undefined } as never)).data).toEqual(expected);

    const copy = loadModel(await saveModel(model));
    expect((await predict(copy, bytes)).data).toEqual(expected);
    const sessions: CompiledModel[] = [await compileModel(model)];
    for (const output of ['logits', 'probabilities'] as const) {
      sessions.push(await loadOnnx(await exportOnnx(model, { output })));
    }
    for (const session of sessions) {
      expect(session.info).toEqual(modelInfo(model));
      expect(session.info).toMatchObject(notes);
      expect(differ((await session.predict(bytes)).data, expected)).toBeLessThan(1e-6);
      expect(differ((await session.predict(bytes, { preprocess: undefined } as never)).data, expected)).toBeLessThan(
        1e-6,
      );
      await session.dispose();
    }
    model.dispose();
    copy.dispose();
  });

  it('gives way to the preprocess of a prediction, and of loadOnnx', async () => {
    const model = network();
    const raw = (await predict(model, floats)).data;
    annotateModel(model, notes);
    const preprocess = normalize({ normalization: 'image' });
    const other = (await predict(model, bytes, { preprocess })).data;
    expect(differ((await predict(model, floats, { preprocess: (sample) => sample })).data, raw)).toBe(0);
    expect(differ(other, (await predict(model, bytes)).data)).toBeGreaterThan(1e-3);
    const compiled = await compileModel(model);
    expect(differ((await compiled.predict(bytes, { preprocess })).data, other)).toBeLessThan(1e-6);
    const loaded = await loadOnnx(await exportOnnx(model), { preprocess });
    expect(differ((await loaded.predict(bytes)).data, other)).toBeLessThan(1e-6);
    await Promise.all([compiled.dispose(), loaded.dispose()]);
    model.dispose();
  });

  it('of an ONNX file is checked like any note', async () => {
    const model = network();
    for (const [info, message] of [
      ['{oops', 'segkit.info of the file must describe itself as JSON'],
      ['[]', 'segkit.info of the file must describe itself by an object'],
      ['{}', 'segkit.info of the file must name its architecture, got undefined'],
      [
        JSON.stringify({ ...modelInfo(model), normalization: { std: 0, mean: 0 } }),
        'segkit.info of the file: normalization.std must be a finite number above 0, got 0.',
      ],
    ] as const) {
      const file = await exportOnnx(model, { metadata: { 'segkit.info': info } });
      await expect(loadOnnx(file)).rejects.toThrow(message);
    }
    model.dispose();
  });
});

describe("mode 'multilabel'", () => {
  it('is the sigmoid of each channel, in predict, compiled and from ONNX', async () => {
    const model = network(3);
    const image = createImage(
      new Float32Array(64).map((_, i) => Math.sin(i)),
      [8, 8],
    );
    const expected = tidy(() =>
      sigmoid(model.apply(tensor4d(image.data as Float32Array, [1, 8, 8, 1])) as Tensor).dataSync(),
    );
    expect(differ((await predict(model, image, { mode: 'multilabel' })).data, expected)).toBe(0);
    const compiled = await compileModel(model, { mode: 'multilabel' });
    expect(differ((await compiled.predict(image)).data, expected)).toBeLessThan(1e-6);
    await expect(compiled.predict(image, { mode: 'multiclass' })).rejects.toThrow(
      "mode must be 'multilabel', which this network has been made for, got 'multiclass'.",
    );
    const loaded = await loadOnnx(await exportOnnx(model));
    expect(differ((await loaded.predict(image, { mode: 'multilabel' })).data, expected)).toBeLessThan(1e-6);
    const settled = await loadOnnx(await exportOnnx(model, { output: 'probabilities' }));
    await expect(settled.predict(image, { mode: 'multilabel' })).rejects.toThrow("mode must be 'multiclass'");
    await Promise.all([compiled, loaded, settled].map((session) => session.dispose()));
    model.dispose();
  });

  it('is for several channels', async () => {
    const model = network(1);
    await expect(predict(model, floats, { mode: 'multilabel' })).rejects.toThrow("mode must fit the model: 'binary'");
    await expect(compileModel(model, { mode: 'multilabel' })).rejects.toThrow("mode must fit the model: 'binary'");
    model.dispose();
  });
});

describe('a pruned network', () => {
  it('keeps what goes with the whole', async () => {
    const options = { encoder: mobilenetV2(), encoderDepth: 3, decoderChannels: [4, 4, 4] } as const;
    const model = unetPlusPlus({ inputShape: [null, null, 1], classes: 2, ...options, deepSupervision: true });
    annotateModel(model, notes);
    const pruned = pruneUnetPlusPlus(model, { columns: 1 });
    expect(modelInfo(pruned)).toMatchObject(notes);
    const { shape } = await predict(pruned, bytes);
    expect(shape).toEqual([11, 9, 2]);
    model.dispose();
    pruned.dispose();
  });
});
