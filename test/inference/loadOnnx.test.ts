import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { normalize } from 'segkit/augment';
import { createImage, type Image } from 'segkit/core';
import { type LoadOnnxOptions, loadOnnx, predict } from 'segkit/inference';
import { plainUnet } from 'segkit/models';
import { exportOnnx } from 'segkit/onnx';
import { describe, expect, it } from 'vitest';
import { Emitter } from '../../src/onnx/emitter.js';
import { encodeModel, type OnnxPort } from '../../src/onnx/graph.js';
import { useCpuBackend } from '../helpers/tensorflow.js';
import { noise, stir } from '../onnx/run.js';

useCpuBackend();

/** What `generate_torch.py` has written: networks of PyTorch, one image, and PyTorch's answers. */
interface Golden {
  readonly height: number;
  readonly width: number;
  readonly pixels: string;
  readonly cases: readonly { classes: number; free: boolean; file: string; probability: string }[];
}
const golden = JSON.parse(readFileSync(resolve(import.meta.dirname, '../fixtures/onnx/torch.json'), 'utf8')) as Golden;
const unpack = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
const picture = createImage(unpack(golden.pixels), [golden.height, golden.width, 3]);

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}

describe('loadOnnx', () => {
  it.each(golden.cases)('predicts what PyTorch predicts: $classes classes, free size: $free', async (known) => {
    const options: LoadOnnxOptions = { layout: 'NCHW', preprocess: normalize(), ...(known.free && { divisor: 2 }) };
    const network = await loadOnnx(unpack(known.file), options);
    expect(network).toMatchObject({ channels: 3, classes: known.classes, divisor: known.free ? 2 : 1 });
    const { data, shape } = await network.predict(picture);
    expect(shape).toEqual(known.classes === 1 ? [6, 10] : [6, 10, 2]);
    const expected = new Float32Array(unpack(known.probability).buffer);
    expect(largestDifference(data, expected)).toBeLessThan(1e-5);
    const mirrored = await network.predict(picture.step(1, -1) as Image, { views: ['horizontal'] });
    for (let row = 0; row < 6; row++) {
      for (let column = 0; column < 10; column++) {
        const at = (of: Image, x: number) => (known.classes === 1 ? of.get(row, x) : of.get(row, x, 1));
        expect(at(mirrored, 9 - column)).toBeCloseTo(at(createImage(expected, shape), column), 5);
      }
    }
    await network.dispose();
  });

  it('grows images to the divisor, or to the fixed size in tiles', async () => {
    for (const known of golden.cases) {
      const declared = known.free ? { divisor: 2 } : {};
      const network = await loadOnnx(unpack(known.file), { layout: 'NCHW', ...declared });
      const { shape } = await network.predict(createImage(noise([7, 21, 3]).data, [7, 21, 3]), { overlap: 0.5 });
      expect(shape.slice(0, 2)).toEqual([7, 21]);
      await network.dispose();
    }
  });

  it('lets a prediction name another normalisation', async () => {
    const network = await loadOnnx(unpack(golden.cases[0]!.file), { layout: 'NCHW', divisor: 2 });
    await expect(network.predict(picture)).rejects.toThrow('image must hold float samples, got uint8');
    const { data } = await network.predict(picture, { preprocess: normalize() });
    const expected = new Float32Array(unpack(golden.cases[0]!.probability).buffer);
    expect(largestDifference(data, expected)).toBeLessThan(1e-5);
    await network.dispose();
  });

  it('knows files of segkit by themselves: both layouts, logits and probabilities, one class and several', async () => {
    const image = createImage(noise([9, 14, 2]).data, [9, 14, 2]);
    for (const classes of [1, 3]) {
      const model = plainUnet({ inputShape: [null, null, 2], classes, baseFilters: 2, levels: 2 });
      stir(model);
      const expected = await predict(model, image);
      for (const layout of ['NHWC', 'NCHW'] as const) {
        for (const output of ['logits', 'probabilities'] as const) {
          const network = await loadOnnx(await exportOnnx(model, { layout, output }));
          expect(network).toMatchObject({ channels: 2, classes, divisor: 4 });
          const { data } = await network.predict(image);
          expect(largestDifference(data, expected.data)).toBeLessThan(1e-5);
          await network.dispose();
        }
      }
      model.dispose();
    }
  });

  it('takes the shape of the output on trust where the file does not say it', async () => {
    const graph = new Emitter({ block: 0 });
    const nodes = [{ op: 'Identity', domain: '', inputs: ['x'], outputs: ['y'], attributes: {} }];
    const port = (name: string, shape: OnnxPort['shape']): OnnxPort => ({ name, type: 'float32', shape });
    const file = encodeModel({
      nodes,
      constants: graph.constants,
      inputs: [port('x', ['n', 'c', 'h', 'w'])],
      outputs: [port('y', ['n', 'c', 'h', 'w'])],
    });
    const declared = { layout: 'NCHW', divisor: 1, output: 'probabilities' } as const;
    const network = await loadOnnx(file, { ...declared, channels: 2, classes: 2 });
    const image = createImage(noise([3, 4, 2]).data, [3, 4, 2]);
    expect((await network.predict(image)).data).toEqual(image.data);
    await network.dispose();
    await expect(loadOnnx(file, declared)).rejects.toThrow(
      'channels must be given: the file leaves its number open ("c").',
    );
    await expect(loadOnnx(file, { ...declared, channels: 2 })).rejects.toThrow('classes must be given');
    const wrong = await loadOnnx(file, { ...declared, channels: 2, classes: 3 });
    await expect(wrong.predict(image)).rejects.toThrow(
      "the network's y must have shape [1, 3, 3, 4], got [1, 2, 3, 4].",
    );
    await wrong.dispose();
  });
});

describe('loadOnnx refuses', () => {
  const [free, , fixed] = golden.cases.map(({ file }) => unpack(file)) as [Uint8Array, Uint8Array, Uint8Array];
  const refuses = (bytes: unknown, options: object, message: string | RegExp) =>
    expect(loadOnnx(bytes as Uint8Array, options)).rejects.toThrow(message);
  const node = { op: 'Add', domain: '', inputs: ['a', 'b'], outputs: ['y'], attributes: {} };
  const port = (name: string, shape: OnnxPort['shape'], type: OnnxPort['type'] = 'float32'): OnnxPort => ({
    ...{ name, type, shape },
  });
  const map = ['n', 2, 'h', 'w'] as const;

  it('bytes that are no model, or one that ONNX Runtime does not know', async () => {
    await refuses('model.onnx', { layout: 'NCHW' }, 'bytes must be a Uint8Array, got "model.onnx".');
    await refuses(new Uint8Array(100), { layout: 'NCHW' }, /^ONNX: /);
    await refuses(free.subarray(0, 1000), { layout: 'NCHW' }, /^ONNX: the model is damaged: \d+ bytes must follow/);
    const nodes = [{ op: 'Segment', domain: '', inputs: ['x'], outputs: ['y'], attributes: {} }];
    const file = encodeModel({ nodes, constants: [], inputs: [port('x', map)], outputs: [port('y', map)] });
    const unknown = await loadOnnx(file, { layout: 'NCHW', divisor: 1 }).catch((error: Error) => error);
    expect(unknown).toMatchObject({ name: 'EngineError' });
    expect((unknown as Error).message).toMatch(/^ONNX Runtime cannot load the network: .*Segment/);
  });

  it('what is not declared where the file does not say it', async () => {
    await refuses(free, {}, "layout must be given for a file that segkit did not write: 'NCHW' for one of PyTorch");
    await refuses(free, { layout: 'NCHW' }, 'divisor must be given for a network of free size');
  });

  it('what is declared against the file', async () => {
    await refuses(free, { layout: 'HWC' }, 'layout must be one of "NHWC", "NCHW", got "HWC".');
    await refuses(
      free,
      { layout: 'NCHW', divisor: 2, channels: 1 },
      'channels must be 3, as the file has it in this layout',
    );
    await refuses(
      free,
      { layout: 'NCHW', divisor: 2, classes: 3 },
      'classes must be 2, as the file has it in this layout',
    );
    await refuses(
      free,
      { layout: 'NHWC', divisor: 2 },
      'channels must be given: the file leaves its number open ("width").',
    );
    await refuses(
      fixed,
      { layout: 'NHWC', channels: 3 },
      'channels must be 10, as the file has it in this layout, got 3.',
    );
    await refuses(
      fixed,
      { layout: 'NCHW', divisor: 2 },
      'divisor must be left out for a network of a fixed input size.',
    );
    const model = plainUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 2, levels: 2 });
    const own = await exportOnnx(model);
    model.dispose();
    await refuses(own, { layout: 'NCHW' }, 'layout must be NHWC, as the file says itself, got NCHW.');
    await refuses(
      own,
      { output: 'probabilities' },
      'output must be logits, as the file says itself, got probabilities.',
    );
    await refuses(own, { divisor: 6 }, 'divisor must be a multiple of 4, as the file says itself, got 6.');
    expect((await loadOnnx(own, { divisor: 8 })).divisor).toBe(8);
  });

  it('networks of other inputs and outputs', async () => {
    const nchw = { layout: 'NCHW', divisor: 1 } as const;
    const encode = (inputs: OnnxPort[], outputs: OnnxPort[]) =>
      encodeModel({ nodes: [node], constants: [], inputs, outputs });
    const y = [port('y', map)];
    await refuses(encode([port('a', map), port('b', map)], y), nchw, 'the network must have one input, got 2: a, b.');
    await refuses(
      encode([port('a', map)], [...y, port('z', map)]),
      nchw,
      'the network must have one output, got 2: y, z.',
    );
    await refuses(encode([port('a', map, 'int32')], y), nchw, 'the input a of the network must be float32, got type 6');
    const flat = 'the input a of the network must have shape [batch, channels, height, width], got ["n", 5].';
    await refuses(encode([port('a', ['n', 5])], y), nchw, flat);
    const eight = 'the input a of the network must have a batch of 1 or any, got [8, 3, 4, 4].';
    await refuses(encode([port('a', [8, 3, 4, 4])], y), nchw, eight);
    const vector = sequential({ layers: [layers.dense({ inputShape: [4], units: 2 })] });
    const file = await exportOnnx(vector);
    vector.dispose();
    await refuses(
      file,
      {},
      'the input image of the network must have shape [batch, height, width, channels], got ["batch", 4].',
    );
  });

  it('options that it does not know, or out of range', async () => {
    await refuses(free, { mode: 'binary' }, 'loadOnnx has no option "mode"');
    await refuses(free, { layout: 'NCHW', threads: 0 }, 'threads must be an integer at least 1');
    await refuses(free, { layout: 'NCHW', divisor: 0 }, 'divisor must be an integer at least 1, got 0.');
    await refuses(free, { layout: 'NCHW', preprocess: 'imagenet' }, 'preprocess must be a transform, got "imagenet".');
    await refuses(
      free,
      { layout: 'NCHW', divisor: 2, output: 'mask' },
      'output must be one of "logits", "probabilities"',
    );
  });

  it('sizes that the network turns out not to take, in the words of the runtime', async () => {
    const network = await loadOnnx(free, { layout: 'NCHW', divisor: 1 });
    const image = createImage(noise([5, 5, 3]).data, [5, 5, 3]);
    await expect(network.predict(image)).rejects.toThrow(/^ONNX Runtime cannot run the network on \[1, 3, 5, 5\]: /);
    await network.dispose();
  });
});
