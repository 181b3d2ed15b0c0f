import { memory, type Tensor, tensor4d } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { FormatError } from 'segkit/core';
import {
  annotateModel,
  type Encoder,
  efficientnetB0,
  inputDivisor,
  loadModel,
  loadStateDict,
  mobilenetV2,
  modelInfo,
  plainUnet,
  pruneUnetPlusPlus,
  saveModel,
  saveSafetensors,
  separableUnet,
  unet,
  unetPlusPlus,
} from 'segkit/models';
import { describe, expect, it } from 'vitest';
import { useCpuBackend } from '../helpers/tensorflow.js';
import { filled, listed, safetensors } from './golden.js';

const small = (seed: number) => separableUnet({ inputShape: [8, 8, 1], classes: 2, baseFilters: 2, levels: 1, seed });
const mobile = (channels = 3, seed = 0) =>
  unet({
    inputShape: [null, null, channels],
    classes: 1,
    encoder: mobilenetV2(),
    encoderDepth: 3,
    decoderChannels: [8, 4, 4],
    seed,
  });

/** The header of a safetensors file, and the file with another one. */
function headerOf(bytes: Uint8Array): { header: Record<string, unknown>; body: Uint8Array } {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return {
    header: JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString()) as Record<string, unknown>,
    body: bytes.subarray(8 + length),
  };
}
function withRecord(bytes: Uint8Array, change: (record: Record<string, unknown>) => unknown): Uint8Array {
  const { header, body } = headerOf(bytes);
  const notes = header.__metadata__ as Record<string, string>;
  const changed = change(JSON.parse(notes.segkit!));
  const text = typeof changed === 'string' ? changed : JSON.stringify(changed);
  const head = Buffer.from(JSON.stringify({ ...header, __metadata__: { ...notes, segkit: text } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  return new Uint8Array(Buffer.concat([length, head, body]));
}

function predictions(model: LayersModel, side: number, channels: number): Float32Array {
  const count = side * side * channels;
  const image = tensor4d(
    Array.from({ length: count }, (_, i) => Math.sin(i)),
    [1, side, side, channels],
  );
  const result = model.predict(image) as Tensor;
  const values = result.dataSync() as Float32Array;
  image.dispose();
  result.dispose();
  return values;
}

describe('saveModel and loadModel', () => {
  useCpuBackend();

  it('carry network, weights and notes over; the same bytes again', async () => {
    const model = small(3);
    const notes = {
      normalization: { mean: [0.5], std: 0.25, maxPixelValue: 255 },
      classNames: ['support', 'particle'],
      calibration: { pixelSize: 0.2, unit: 'nm' },
    } as const;
    const bytes = await saveModel(model, notes);
    const copy = loadModel(bytes);
    expect(modelInfo(copy)).toEqual({
      architecture: {
        builder: 'separableUnet',
        options: { inputShape: [8, 8, 1], classes: 2, baseFilters: 2, levels: 1, seed: 3 },
      },
      ...notes,
    });
    expect(predictions(copy, 8, 1)).toEqual(predictions(model, 8, 1));
    expect(Buffer.compare(await saveModel(copy), bytes)).toBe(0);
    model.dispose();
    copy.dispose();
  });

  it('build any network, with its encoder by name, and keep what it does not use', async () => {
    const model = mobile(1, 4);
    const bytes = await saveModel(model);
    const copy = loadModel(bytes);
    expect(modelInfo(copy)?.architecture.options).toMatchObject({ encoder: { name: 'mobilenet_v2' }, encoderDepth: 3 });
    expect(predictions(copy, 16, 1)).toEqual(predictions(model, 16, 1));
    expect(Buffer.compare(await saveModel(copy), bytes)).toBe(0);
    expect(headerOf(bytes).header['encoder.features.17.conv.0.0.weight']).toBeDefined();
    model.dispose();
    copy.dispose();
  });

  it('take encoders of your own', async () => {
    const own: Encoder = { ...mobilenetV2(), name: 'mine' };
    const model = unet({
      inputShape: [16, 16, 1],
      classes: 1,
      encoder: own,
      encoderDepth: 3,
      decoderChannels: [4, 4, 4],
    });
    const bytes = await saveModel(model);
    expect(() => loadModel(bytes)).toThrow('the model file names the encoder "mine"');
    const copy = loadModel(bytes, { encoders: [own] });
    expect(predictions(copy, 16, 1)).toEqual(predictions(model, 16, 1));
    model.dispose();
    copy.dispose();
  });

  it('are safetensors: loadStateDict reads the weights', async () => {
    const [model, other] = [small(1), small(2)];
    loadStateDict(other, await saveModel(model));
    expect(predictions(other, 8, 1)).toEqual(predictions(model, 8, 1));
    model.dispose();
    other.dispose();
  });

  it.each<[string, (record: Record<string, unknown>) => unknown, string]>([
    ['a newer version', (record) => ({ ...record, version: 2 }), 'has format 2, of a newer segkit'],
    ['no version', ({ version: _, ...record }) => record, 'must have a version of 1 or more, got undefined'],
    ['no JSON', () => '{oops', 'must describe itself as JSON'],
    ['a list', () => [], 'must describe itself by an object'],
    ['no architecture', ({ architecture: _, ...record }) => record, 'must name its architecture, got undefined'],
    [
      'another network',
      (record) => ({ ...record, architecture: { builder: 'toString', options: {} } }),
      'names "toString", a network segkit does not have',
    ],
    [
      'another width',
      (record) => ({
        ...record,
        architecture: {
          builder: 'separableUnet',
          options: { inputShape: [8, 8, 1], classes: 2, baseFilters: 4, levels: 1 },
        },
      }),
      'mis-shaped: encoder.0.0.conv.weight must have shape [4, 1, 3, 3], got [2, 1, 3, 3]',
    ],
    [
      'bad options',
      (record) => ({
        ...record,
        architecture: { builder: 'separableUnet', options: { inputShape: [8, 8, 1], classes: 0 } },
      }),
      'the model file: classes must be an integer at least 1, got 0.',
    ],
    ['bad notes', (record) => ({ ...record, classNames: ['one'] }), 'the model file: classNames must hold 2 names'],
    ['unknown notes', (record) => ({ ...record, mood: 'good' }), 'the notes of a model has no option "mood"'],
  ])('a file with %s is refused', async (_, change, message) => {
    const model = small(1);
    const bytes = withRecord(await saveModel(model), change);
    const before = memory().numTensors;
    expect(() => loadModel(bytes)).toThrow(FormatError);
    expect(() => loadModel(bytes)).toThrow(message);
    expect(memory().numTensors).toBe(before);
    model.dispose();
  });

  it('weights alone are no model; no truncation of a file is one', async () => {
    const model = small(1);
    const weights = await saveSafetensors(model);
    expect(() => loadModel(weights)).toThrow('the file must be one of saveModel, got weights alone');
    const bytes = await saveModel(model);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
        expect(() => loadModel(bytes.subarray(0, length))).toThrow(FormatError);
      }),
      { numRuns: 30 },
    );
    model.dispose();
  });

  it('notes are checked', () => {
    const model = small(1);
    expect(() => annotateModel(model, { classNames: ['a'] })).toThrow(
      'classNames must hold 2 names, background first, got ["a"].',
    );
    expect(() => annotateModel(model, { normalization: { std: 0 } })).toThrow('normalization.std');
    expect(() => annotateModel(model, { calibration: { pixelSize: -1, unit: 'nm' } })).toThrow('calibration.pixelSize');
    expect(() => annotateModel(model, { normalisation: {} } as never)).toThrow('has no option "normalisation"');
    expect(modelInfo(model)).not.toHaveProperty('classNames');
    model.dispose();
  });
});

describe('weights from elsewhere', () => {
  useCpuBackend();
  /** The encoder of a file of torchvision: names without `encoder.`, and the classifier. */
  const torchvision = async (): Promise<[string, number[]][]> => {
    const model = mobile();
    const names = listed(await saveSafetensors(model))
      .filter(([name]) => name.startsWith('encoder.'))
      .map(([name, shape]): [string, number[]] => [name.slice('encoder.'.length), shape]);
    model.dispose();
    return [...names, ['classifier.1.weight', [10, 1280]], ['classifier.1.bias', [10]]];
  };

  it('an encoder of torchvision goes in by prefix; its classifier is passed over, what is not used is kept', async () => {
    const model = mobile();
    const names = await torchvision();
    const report = loadStateDict(model, safetensors(names), { prefix: 'encoder.' });
    expect(report.ignored).toEqual(['encoder.classifier.1.weight', 'encoder.classifier.1.bias']);
    expect(report.missing).toEqual([]);
    expect(report.idle).toContain('encoder.features.18.0.weight');
    expect(report.idle).not.toContain('encoder.features.6.conv.0.0.weight');
    const { header, body } = headerOf(await saveSafetensors(model));
    for (const name of ['features.0.0.weight', 'features.14.conv.1.0.weight', 'features.18.1.running_var']) {
      const [from, to] = (header[`encoder.${name}`] as { data_offsets: [number, number] }).data_offsets;
      const shape = names.find(([key]) => key === name)![1];
      expect(Buffer.from(body.subarray(from, to)), name).toEqual(Buffer.from(filled(name, shape).buffer));
    }
    model.dispose();
  });

  it('what is not used may lack, but not have another shape', async () => {
    const model = mobile();
    const names = await torchvision();
    const used = names.filter(([name]) => !/^features\.(\d\d|[789])\./.test(name));
    expect(loadStateDict(model, safetensors(used), { prefix: 'encoder.' }).idle).toEqual([]);
    const bent = names.map(([name, shape]): [string, number[]] => [name, name === 'features.18.1.bias' ? [3] : shape]);
    expect(() => loadStateDict(model, safetensors(bent), { prefix: 'encoder.' })).toThrow(
      'mis-shaped: encoder.features.18.1.bias must have shape [1280], got [3].',
    );
    model.dispose();
  });

  it.each([
    [1, ([r, g, b]: number[]) => [r! + g! + b!]],
    [2, ([r, g]: number[]) => [1.5 * r!, 1.5 * g!]],
    [5, ([r, g, b]: number[]) => [0.6 * r!, 0.6 * g!, 0.6 * b!, 0.6 * r!, 0.6 * g!]],
  ])('the first convolution is adapted to %i channels as SMP does it', async (channels, expected) => {
    const model = mobile(channels);
    const bytes = safetensors(await torchvision());
    expect(() => loadStateDict(model, bytes, { prefix: 'encoder.' })).toThrow(
      `encoder.features.0.0.weight must have shape [32, ${channels}, 3, 3], got [32, 3, 3, 3]`,
    );
    const report = loadStateDict(model, bytes, { prefix: 'encoder.', adaptFirstConvolution: true });
    expect(report.adapted).toEqual(['encoder.features.0.0.weight']);
    const source = filled('features.0.0.weight', [32, 3, 3, 3]);
    // Output 5, row 2, column 1: 9 values a channel, 27 an output.
    const rgb = [0, 1, 2].map((c) => source[5 * 27 + c * 9 + 2 * 3 + 1]!);
    const kernel = model.getLayer('encoder.features.0.0').getWeights()[0] as Tensor;
    const values = kernel.dataSync();
    expected(rgb).forEach((value, c) => {
      expect(values[((2 * 3 + 1) * channels + c) * 32 + 5]).toBeCloseTo(value, 6);
    });
    model.dispose();
  });

  it('rename turns names of other libraries, and leaves out', async () => {
    const model = small(1);
    const names = listed(await saveSafetensors(model)).map(([name, shape]): [string, number[]] => [
      `net.${name}`,
      shape,
    ]);
    const report = loadStateDict(model, safetensors([...names, ['ema.decay', [1]]]), {
      rename: (name) => (name.startsWith('net.') ? name.slice(4) : undefined),
    });
    expect(report.ignored).toEqual(['ema.decay']);
    expect(report.missing).toEqual([]);
    expect(() => loadStateDict(model, safetensors(names), { rename: () => 'head.bias' })).toThrow(
      'two tensors of the file must not both become "head.bias"',
    );
    model.dispose();
  });

  it('a state dict of another network is refused and changes nothing', async () => {
    const [model, other] = [small(1), plainUnet({ inputShape: [8, 8, 1], classes: 2, baseFilters: 2, levels: 1 })];
    const before = await saveSafetensors(model);
    await expect(saveSafetensors(other).then((bytes) => loadStateDict(model, bytes))).rejects.toThrow('missing: ');
    expect(await saveSafetensors(model)).toEqual(before);
    model.dispose();
    other.dispose();
  });

  it('idle tensors have first values, the same for the same seed', async () => {
    const build = (seed: number) =>
      unet({
        inputShape: [null, null, 3],
        classes: 1,
        encoder: efficientnetB0(),
        encoderDepth: 3,
        decoderChannels: [4, 4, 4],
        seed,
      });
    const models = [build(1), build(1), build(2)];
    const [a, b, c] = await Promise.all(models.map(saveSafetensors));
    expect(Buffer.compare(a!, b!)).toBe(0);
    expect(Buffer.compare(a!, c!)).not.toBe(0);
    expect(listed(a!).map(([name]) => name)).toContain('encoder._conv_head.weight');
    for (const model of models) model.dispose();
  });
});

describe('deep supervision and pruning of U-Net++', () => {
  useCpuBackend();
  const build = () =>
    unetPlusPlus({
      inputShape: [null, null, 1],
      classes: 2,
      encoder: mobilenetV2(),
      encoderDepth: 4,
      decoderChannels: [16, 8, 8, 4],
      deepSupervision: true,
      seed: 5,
    });

  it('outputs are of the size of the image, whole network first', () => {
    const model = build();
    expect(model.outputs.map(({ shape }) => shape)).toEqual(new Array(3).fill([null, null, null, 2]));
    const image = tensor4d(new Float32Array(256).fill(0.5), [1, 16, 16, 1]);
    const outputs = model.predict(image) as Tensor[];
    expect(outputs.map(({ shape }) => shape)).toEqual(new Array(3).fill([1, 16, 16, 2]));
    for (const tensor of [image, ...outputs]) tensor.dispose();
    model.dispose();
  });

  it.each([
    [1, 4],
    [2, 8],
  ])(
    'pruned to %i columns it gives that output of the whole network, needs multiples of %i only',
    (columns, divisor) => {
      const model = build();
      const pruned = pruneUnetPlusPlus(model, { columns });
      expect(inputDivisor(pruned)).toBe(divisor);
      expect(pruned.weights.length).toBeLessThan(model.weights.length);
      const image = tensor4d(
        Array.from({ length: 256 }, (_, i) => Math.cos(i)),
        [1, 16, 16, 1],
      );
      const outputs = model.predict(image) as Tensor[];
      const own = pruned.predict(image) as Tensor;
      expect(own.dataSync()).toEqual(outputs[3 - columns]!.dataSync());
      for (const tensor of [image, own, ...outputs]) tensor.dispose();
      model.dispose();
      pruned.dispose();
    },
  );

  it('a pruned network goes through a file', async () => {
    const model = build();
    const pruned = pruneUnetPlusPlus(model, { columns: 1 });
    const copy = loadModel(await saveModel(pruned));
    expect(predictions(copy, 12, 1)).toEqual(predictions(pruned, 12, 1));
    for (const network of [model, pruned, copy]) network.dispose();
  });

  it('only networks with heads for it are pruned', () => {
    const [model, other] = [build(), small(1)];
    expect(() => pruneUnetPlusPlus(other, { columns: 1 })).toThrow(
      'must be built by unetPlusPlus with deepSupervision',
    );
    expect(() => pruneUnetPlusPlus(model, { columns: 3 })).toThrow(
      'columns must be an integer at least 1 and at most 2',
    );
    model.dispose();
    other.dispose();
  });
});
