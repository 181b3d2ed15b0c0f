import { type io, memory, type Tensor, tensor4d } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { FormatError } from 'segkit/core';
import { loadStateDict, plainUnet, saveSafetensors, separableUnet } from 'segkit/models';
import { describe, expect, it } from 'vitest';
import { useCpuBackend } from '../helpers/tensorflow.js';
import { listed, safetensors } from './golden.js';

const small = (seed: number) => separableUnet({ inputShape: [8, 8, 1], classes: 2, baseFilters: 2, levels: 1, seed });

function withHeader(header: unknown, body = new Uint8Array(0)): Uint8Array {
  const head = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  return new Uint8Array(Buffer.concat([length, head, body]));
}

describe('saveSafetensors and loadStateDict', () => {
  useCpuBackend();

  it('carry all weights over: the same bytes again, the same logits', async () => {
    const [model, copy] = [small(1), small(2)];
    const bytes = await saveSafetensors(model);
    expect(await saveSafetensors(copy)).not.toEqual(bytes);
    const report = loadStateDict(copy, bytes);
    expect(report).toMatchObject({ missing: [], unexpected: [], mismatched: [] });
    expect(await saveSafetensors(copy)).toEqual(bytes);
    const image = tensor4d(
      Array.from({ length: 64 }, (_, i) => Math.sin(i)),
      [1, 8, 8, 1],
    );
    const [a, b] = [model.predict(image) as Tensor, copy.predict(image) as Tensor];
    expect(b.dataSync()).toEqual(a.dataSync());
    for (const thing of [image, a, b, model, copy]) thing.dispose();
  });

  it('take a Buffer of Node, wherever it begins in its memory', async () => {
    const [model, copy] = [small(1), small(2)];
    const bytes = await saveSafetensors(model);
    for (const start of [0, 3]) {
      const whole = Buffer.alloc(start + bytes.length + 5);
      whole.set(bytes, start);
      loadStateDict(copy, whole.subarray(start, start + bytes.length));
      expect(await saveSafetensors(copy)).toEqual(bytes);
    }
    model.dispose();
    copy.dispose();
  });

  it('have the layout of PyTorch: out, in, height, width; depthwise channels, 1; transposed in, out', async () => {
    const model = small(1);
    const shapes = new Map(listed(await saveSafetensors(model)));
    expect(shapes.get('encoder.0.0.conv.weight')).toEqual([2, 1, 3, 3]);
    expect(shapes.get('encoder.1.0.depthwise.weight')).toEqual([2, 1, 3, 3]);
    expect(shapes.get('encoder.1.0.conv.weight')).toEqual([4, 2, 1, 1]);
    expect(shapes.get('decoder.0.up.weight')).toEqual([4, 2, 2, 2]);
    expect(shapes.get('encoder.0.0.norm.running_var')).toEqual([2]);
    expect(shapes.get('encoder.0.0.norm.num_batches_tracked')).toEqual([]);
    model.dispose();
  });

  it('strict: names what is missing, unexpected or mis-shaped, and changes nothing', async () => {
    const model = small(1);
    const before = await saveSafetensors(model);
    const names = listed(before);
    const without = names.filter(([name]) => name !== 'head.bias');
    expect(() => loadStateDict(model, safetensors([...without, ['fc.weight', [1, 1]]]))).toThrow(
      'the state dict must fit the model; missing: head.bias; unexpected: fc.weight.',
    );
    const bent = names.map(([name, shape]): [string, number[]] => [name, name === 'head.bias' ? [3] : shape]);
    expect(() => loadStateDict(model, safetensors(bent))).toThrow(
      'the state dict must fit the model; mis-shaped: head.bias must have shape [2], got [3].',
    );
    expect(await saveSafetensors(model)).toEqual(before);
    const report = loadStateDict(model, safetensors([...bent, ['fc.weight', [1, 1]]]), { strict: false });
    expect(report.mismatched).toEqual([{ name: 'head.bias', expected: [2], got: [3] }]);
    expect(report.unexpected).toEqual(['fc.weight']);
    expect(report.loaded).toContain('head.weight');
    model.dispose();
  });

  it('prefix: takes the weights of a part', async () => {
    const model = small(1);
    const part = listed(await saveSafetensors(model))
      .filter(([name]) => name.startsWith('encoder.'))
      .map(([name, shape]): [string, number[]] => [name.slice('encoder.'.length), shape]);
    const report = loadStateDict(model, safetensors(part), { prefix: 'encoder.' });
    expect(report.missing).toEqual([]);
    expect(report.loaded.every((name) => name.startsWith('encoder.'))).toBe(true);
    model.dispose();
  });

  it('num_batches_tracked may lack', async () => {
    const model = small(1);
    const names = listed(await saveSafetensors(model)).filter(([name]) => !name.endsWith('num_batches_tracked'));
    expect(loadStateDict(model, safetensors(names)).missing).toEqual([]);
    model.dispose();
  });

  it('numbers that are not finite are refused by name, and nothing changes', async () => {
    const model = small(1);
    const before = await saveSafetensors(model);
    const entries = listed(before).map(([name, shape]): [string, number[], Float32Array?] =>
      name === 'head.bias' ? [name, shape, Float32Array.of(0, Number.NaN)] : [name, shape],
    );
    expect(() => loadStateDict(model, safetensors(entries))).toThrow(
      'tensor "head.bias" must hold finite numbers, got NaN at index 1.',
    );
    expect(await saveSafetensors(model)).toEqual(before);
    model.dispose();
  });

  it('half floats: 0x3c00 is 1, 0xc000 is -2, bfloat 0x3f80 is 1', () => {
    const model = plainUnet({ inputShape: [2, 2, 1], classes: 2, baseFilters: 1, levels: 1, batchNorm: 'none' });
    const half = withHeader(
      { 'head.bias': { dtype: 'F16', shape: [2], data_offsets: [0, 4] } },
      Uint8Array.of(0, 0x3c, 0, 0xc0),
    );
    loadStateDict(model, half, { strict: false });
    expect(Array.from((model.getLayer('head').getWeights()[1] as Tensor).dataSync())).toEqual([1, -2]);
    const brain = withHeader(
      { 'head.bias': { dtype: 'BF16', shape: [2], data_offsets: [0, 4] } },
      Uint8Array.of(0x80, 0x3f, 0x80, 0xbf),
    );
    loadStateDict(model, brain, { strict: false });
    expect(Array.from((model.getLayer('head').getWeights()[1] as Tensor).dataSync())).toEqual([1, -1]);
    model.dispose();
  });

  it.each([
    ['too short', new Uint8Array(3), 'the file must have at least 8 bytes, got 3'],
    [
      'an absurd header length',
      Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127),
      'must fit in the file of 8 bytes',
    ],
    ['no JSON', withHeader('{oops'), 'the header must be JSON'],
    ['a list', withHeader([]), 'the header must be a JSON object'],
    [
      'an unknown type',
      withHeader({ a: { dtype: 'Q4', shape: [1], data_offsets: [0, 1] } }),
      'tensor "a" must have dtype',
    ],
    [
      'a negative side',
      withHeader({ a: { dtype: 'F32', shape: [-1], data_offsets: [0, 4] } }),
      'tensor "a" must have a shape',
    ],
    [
      'lengths of 2^53',
      withHeader({ a: { dtype: 'F32', shape: [9007199254740991, 9007199254740991], data_offsets: [0, 0] } }),
      'tensor "a" of shape [9007199254740991, 9007199254740991] must have',
    ],
    [
      'data beyond the file',
      withHeader({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }),
      'must lie within the 0 bytes',
    ],
    [
      'overlapping tensors',
      withHeader(
        {
          a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
          b: { dtype: 'F16', shape: [2], data_offsets: [2, 6] },
        },
        new Uint8Array(8),
      ),
      'tensor "b" must not overlap "a"',
    ],
    [
      'bytes behind the last tensor',
      withHeader({ a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, new Uint8Array(7)),
      'the tensors must fill the 7 bytes of data, got 4, the last of them ending at 4',
    ],
    [
      'a hole between tensors',
      withHeader({ a: { dtype: 'F32', shape: [1], data_offsets: [4, 8] } }, new Uint8Array(8)),
      'the tensors must fill the 8 bytes of data, got 4.',
    ],
  ])('a broken file is refused: %s', (_, bytes, message) => {
    const model = small(1);
    expect(() => loadStateDict(model, bytes, { strict: false })).toThrow(FormatError);
    expect(() => loadStateDict(model, bytes, { strict: false })).toThrow(message);
    model.dispose();
  });

  it('no truncation of a good file is ever half-loaded', async () => {
    const model = small(1);
    const other = small(2);
    const before = await saveSafetensors(model);
    const bytes = await saveSafetensors(other);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
        expect(() => loadStateDict(model, bytes.subarray(0, length))).toThrow(FormatError);
      }),
      { numRuns: 40 },
    );
    expect(await saveSafetensors(model)).toEqual(before);
    model.dispose();
    other.dispose();
  });

  it('bad arguments are named', () => {
    const model = small(1);
    expect(() => loadStateDict(model, 'weights' as never)).toThrow('bytes must be a Uint8Array, got "weights".');
    expect(() => loadStateDict(model, new Uint8Array(8), { prefx: 'a' } as never)).toThrow(
      'loadStateDict has no option "prefx"',
    );
    model.dispose();
  });
});

describe('a model of tfjs-layers', () => {
  useCpuBackend();

  it('goes through model.save and loadLayersModel with its own layers', async () => {
    const model = plainUnet({
      inputShape: [null, null, 1],
      classes: 1,
      baseFilters: 2,
      levels: 1,
      batchNorm: 'after',
      activation: 'leakyRelu',
      upsampling: 'bilinear',
      seed: 5,
    });
    const held: { artifacts?: io.ModelArtifacts } = {};
    await model.save({
      save: async (artifacts) => {
        held.artifacts = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      },
    });
    const copy = await loadLayersModel({ load: async () => held.artifacts! });
    const image = tensor4d(
      Array.from({ length: 16 }, (_, i) => i / 16),
      [1, 4, 4, 1],
    );
    const [a, b] = [model.predict(image) as Tensor, copy.predict(image) as Tensor];
    expect(b.dataSync()).toEqual(a.dataSync());
    for (const thing of [image, a, b, model, copy]) thing.dispose();
  });

  it('frees every tensor when disposed', () => {
    const before = memory().numTensors;
    const model = small(3);
    expect(memory().numTensors).toBe(before + model.weights.length);
    model.dispose();
    expect(memory().numTensors).toBe(before);
  });
});
