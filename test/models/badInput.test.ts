import { memory } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { FormatError } from 'segkit/core';
import {
  annotateModel,
  atomaiUnet,
  countParameters,
  describeModel,
  type Encoder,
  horwathUnet,
  instanceUnet,
  kernelImages,
  loadModel,
  loadStateDict,
  mainOutput,
  mobilenetV2,
  modelInfo,
  plainUnet,
  pruneUnetPlusPlus,
  saveModel,
  saveSafetensors,
  separableUnet,
  shallowNet,
  stasUnet,
  unet,
  unetPlusPlus,
} from 'segkit/models';
import { describe, expect, it } from 'vitest';
import { useCpuBackend } from '../helpers/tensorflow.js';

useCpuBackend();

const any = [null, null, 1] as const;
const smp = { inputShape: any, classes: 1, encoder: mobilenetV2(), encoderDepth: 3, decoderChannels: [4, 4, 4] };
const small = () => plainUnet({ inputShape: any, classes: 2, baseFilters: 2, levels: 1 });

type Options = Readonly<Record<string, unknown>>;
const BUILDERS: readonly (readonly [string, (options: never) => LayersModel, Options, readonly string[]])[] = [
  ['plainUnet', plainUnet, { inputShape: any, classes: 1 }, ['classes', 'baseFilters', 'levels', 'kernelSize', 'seed']],
  ['separableUnet', separableUnet, { inputShape: any, classes: 1 }, ['classes', 'baseFilters', 'levels', 'seed']],
  ['horwathUnet', horwathUnet, { inputShape: any }, ['classes', 'seed']],
  ['atomaiUnet', atomaiUnet, { inputShape: any }, ['classes', 'seed']],
  ['shallowNet', shallowNet, { inputShape: any }, ['classes', 'filters', 'kernelSize', 'seed']],
  ['instanceUnet', instanceUnet, { inputShape: any }, ['baseFilters', 'levels', 'kernelSize', 'seed']],
  [
    'stasUnet',
    stasUnet,
    { inputShape: any, encoder: mobilenetV2(), norm: 'group' },
    ['classes', 'groups', 'outputs', 'seed'],
  ],
  ['unet', unet, smp, ['classes', 'encoderDepth', 'seed']],
  ['unetPlusPlus', unetPlusPlus, smp, ['classes', 'encoderDepth', 'columns', 'seed']],
];

describe.each(BUILDERS)('%s refuses, and leaves no tensor behind', (name, build, good, numbers) => {
  const call = (options: unknown) => () => build(options as never);

  it('no options, unknown ones, other types', () => {
    for (const none of [undefined, null, 3, 'options']) {
      expect(call(none)).toThrow(`the options of ${name} must be an object, got`);
    }
    expect(call({ ...good, kernels: 3 })).toThrow('has no option "kernels"');
    for (const inputShape of [undefined, 'big', [16, 16], [16, 16, 1, 1], [null, 16, 1], [16, null, 1]]) {
      expect(call({ ...good, inputShape })).toThrow('inputShape must');
    }
    for (const side of [0, -16, 16.5, Number.NaN, '16', undefined]) {
      expect(call({ ...good, inputShape: [side, 16, 1] })).toThrow(/inputShape(\[0\])? must/);
      expect(call({ ...good, inputShape: [16, 16, side] })).toThrow('inputShape[2] must be an integer at least 1');
    }
  });

  it.each(numbers)('%s of NaN, below its least, fractions, texts, null', (option) => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -1, 1.5, '2', null, [2]]) {
      expect(call({ ...good, [option]: value }), `${value}`).toThrow(new RegExp(`^${option} must be an integer`));
    }
  });
});

describe('options that would be ignored are refused', () => {
  it('groups without groups, an activation that nothing follows', () => {
    const options = { inputShape: any, encoder: mobilenetV2(), decoderChannels: [4, 4, 4, 4, 4], groups: 4 } as const;
    expect(() => stasUnet(options)).toThrow("groups must be left out unless norm is 'group', got norm 'layer'.");
    expect(() => shallowNet({ inputShape: any, filters: 1, activation: 'relu' })).toThrow(
      'activation must be left out where the filters give the logits (1 filters, 1 classes).',
    );
  });
});

describe('encoders', () => {
  it('are checked for what they announce', () => {
    const bad = (encoder: unknown, build = unet) => build({ ...smp, encoder: encoder as Encoder });
    expect(() => bad(mobilenetV2)).toThrow('encoder must be an encoder such as resnet34(), got a function.');
    expect(() => bad({ build: mobilenetV2().build })).toThrow('encoder must be an encoder such as resnet34()');
    const narrow: Encoder = { ...mobilenetV2(), name: 'narrow', channels: [16, 24, 33, 96, 1280] };
    expect(() => bad(narrow)).toThrow(
      'encoder must build 3 stages of [16, 24, 33] channels, as "narrow" says, got [16, 24, 32].',
    );
    const none: Encoder = { ...mobilenetV2(), name: 'none', build: () => [] };
    expect(() => stasUnet({ inputShape: any, encoder: none })).toThrow('got []');
  });

  it('that throw half-way leave no weights', () => {
    const before = memory().numTensors;
    const broken: Encoder = {
      ...mobilenetV2(),
      build(image, depth) {
        mobilenetV2().build(image, depth);
        throw new Error('its own');
      },
    };
    expect(() => unetPlusPlus({ ...smp, encoder: broken })).toThrow('its own');
    expect(memory().numTensors).toBe(before);
  });
});

describe('what is no model', () => {
  it.each<[string, (model: never) => unknown]>([
    ['countParameters', countParameters],
    ['describeModel', describeModel],
    ['kernelImages', kernelImages],
    ['mainOutput', mainOutput],
    ['modelInfo', modelInfo],
    ['annotateModel', (model) => annotateModel(model, {})],
    ['pruneUnetPlusPlus', (model) => pruneUnetPlusPlus(model, { columns: 1 })],
    ['loadStateDict', (model) => loadStateDict(model, new Uint8Array(10))],
  ])('%s refuses it', (_, call) => {
    for (const none of [undefined, null, {}, 'model']) {
      expect(() => call(none as never)).toThrow('model must be a LayersModel, got');
    }
  });

  it('so do saveSafetensors and saveModel', async () => {
    await expect(saveSafetensors(undefined as never)).rejects.toThrow('model must be a LayersModel, got undefined.');
    await expect(saveModel(null as never)).rejects.toThrow('model must be a LayersModel, got null.');
  });

  it('nor is what mainOutput returns one that saveModel takes', async () => {
    const model = unet({ ...smp, auxParams: { classes: 3 } });
    await expect(saveModel(mainOutput(model))).rejects.toThrow(
      'model must be the whole network of 2 outputs, got unet_main of 1; save the one that mainOutput was called with.',
    );
    const copy = loadModel(await saveModel(model));
    expect(copy.outputs.length).toBe(2);
    model.dispose();
    copy.dispose();
  });
});

type Entry = { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
interface Parts {
  header: Record<string, Entry>;
  body: Uint8Array;
}

function take(bytes: Uint8Array): Parts {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  return { header: JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString()), body: bytes.slice(8 + length) };
}
function put({ header, body }: Parts): Uint8Array {
  const head = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  return new Uint8Array(Buffer.concat([length, head, body]));
}

describe('files that were tampered with', () => {
  const numbers = [-1, 0, 1, 3, 2 ** 31, 2 ** 53, 2 ** 53 - 1, 1e300, 0.5, Number.NaN, null, '4', [], {}];
  const junk = fc.constantFrom<unknown>(
    ...numbers,
    [0, 1e15],
    [4, 2],
    'F8',
    'F64',
    'F16',
    'I64',
    '__proto__',
    undefined,
  );

  it('never load by half: each change of a header is refused or gives a whole state', async () => {
    const model = small();
    const before = await saveSafetensors(model);
    const other = small();
    annotateModel(other, { classNames: ['a', 'b'] });
    const good = await saveModel(other);
    const names = Object.keys(take(good).header).filter((name) => name !== '__metadata__');
    const tensors = memory().numTensors;
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.constantFrom('dtype', 'shape', 'data_offsets', 'all', 'side', 'begin', 'end'),
        junk,
        (name, part, value) => {
          // Eight bytes of zero are a count of 0 as F64, too, and a list of one count is a count.
          const harmless = (part === 'dtype' && value === 'F64') || (part === 'side' && value === 1);
          if (name.endsWith('.num_batches_tracked') && harmless) return;
          const { header, body } = take(good);
          const entry = header[name]!;
          if (part === 'all') header[name] = value as Entry;
          else if (part === 'side') (entry.shape as unknown[])[0] = value;
          else if (part === 'begin') (entry.data_offsets as unknown[])[0] = value;
          else if (part === 'end') (entry.data_offsets as unknown[])[1] = value;
          else entry[part as keyof Entry] = value;
          const bytes = put({ header, body });
          if (Buffer.compare(Buffer.from(bytes), Buffer.from(put(take(good)))) === 0) return;
          expect(() => loadStateDict(model, bytes), `${name} ${part} ${value}`).toThrow(FormatError);
          expect(() => loadModel(bytes)).toThrow(FormatError);
        },
      ),
      { numRuns: 150 },
    );
    expect(memory().numTensors).toBe(tensors);
    expect(await saveSafetensors(model)).toEqual(before);
    model.dispose();
    other.dispose();
  });

  it('random bytes in front, in the header, behind are refused', async () => {
    const model = small();
    const good = await saveSafetensors(model);
    const { length } = JSON.stringify(take(good).header);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 + length - 2 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = good.slice();
        bytes[at]! ^= change;
        try {
          // Where only a name of the metadata or white space changed, the file is as good as before.
          loadStateDict(model, bytes);
          expect(Buffer.compare(Buffer.from(take(bytes).body), Buffer.from(take(good).body))).toBe(0);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
      { numRuns: 150 },
    );
    expect(await saveSafetensors(model)).toEqual(good);
    model.dispose();
  });

  it('a network wider than the weights that the file brings takes no memory', async () => {
    const model = small();
    const { header, body } = take(await saveModel(model));
    const notes = header.__metadata__ as Record<string, string>;
    const record = JSON.parse(notes.segkit!) as { architecture: { options: Record<string, unknown> } };
    record.architecture.options.baseFilters = 30000;
    notes.segkit = JSON.stringify(record);
    const before = memory().numTensors;
    expect(() => loadModel(put({ header, body }))).toThrow(
      'the model file must hold the weights of the network that it describes, got fewer than layer encoder.0.0.conv needs: ' +
        'kernel of shape [3, 3, 1, 30000].',
    );
    expect(memory().numTensors).toBe(before);
    expect(() => loadModel(new Uint8Array(8), { encoders: 'all' as never })).toThrow('encoders must be a list');
    expect(() => loadModel(new Uint8Array(8), { encoders: [5 as never] })).toThrow('encoder must be an encoder');
    model.dispose();
  });

  it('counts of batches are exact beyond 2^24, and one; weights are floats', async () => {
    const model = small();
    const name = 'encoder.0.0.norm.num_batches_tracked';
    const counted = (count: bigint): Uint8Array => {
      const parts = take(saved);
      const [begin] = parts.header[name]!.data_offsets as [number, number];
      new DataView(parts.body.buffer).setBigInt64(begin, count, true);
      return put(parts);
    };
    const saved = await saveSafetensors(model);
    const bytes = counted(16777217n);
    loadStateDict(model, bytes);
    expect(take(await saveSafetensors(model)).body).toEqual(take(bytes).body);
    expect(() => loadStateDict(model, counted(-1n))).toThrow(
      `tensor "${name}" must hold one count of 0 or more, got -1.`,
    );
    const two = take(saved);
    two.header[name] = { dtype: 'I32', shape: [2], data_offsets: two.header[name]!.data_offsets };
    expect(() => loadStateDict(model, put(two))).toThrow('must hold one count of 0 or more, got 2 values.');
    const asFloat = (count: number): Uint8Array => {
      const parts = take(saved);
      const entry = parts.header[name]!;
      entry.dtype = 'F64';
      new DataView(parts.body.buffer).setFloat64((entry.data_offsets as [number, number])[0], count, true);
      return put(parts);
    };
    for (const count of [0.5, 2.25, -1, 5e-324, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => loadStateDict(model, asFloat(count))).toThrow(
        `tensor "${name}" must hold one count of 0 or more, got ${count}.`,
      );
    }
    loadStateDict(model, asFloat(7));
    expect(take(await saveSafetensors(model)).body).toEqual(take(counted(7n)).body);
    const whole = take(saved);
    whole.header['head.bias']!.dtype = 'I32';
    expect(() => loadStateDict(model, put(whole))).toThrow(
      'tensor "head.bias" must hold floats, F64, F32, F16 or BF16, got I32.',
    );
    model.dispose();
  });
});

describe('notes', () => {
  it('that are not given stay; those of normalisation fit the channels', () => {
    const model = small();
    annotateModel(model, { classNames: ['a', 'b'] });
    annotateModel(model, { classNames: undefined, calibration: { pixelSize: 1, unit: 'nm' } } as never);
    expect(modelInfo(model)).toMatchObject({ classNames: ['a', 'b'], calibration: { pixelSize: 1, unit: 'nm' } });
    for (const [normalization, message] of [
      [{}, 'normalization must have mean and std for images of 1 channel(s)'],
      [{ mean: 0.5 }, 'normalization must have mean and std for images of 1 channel(s)'],
      [{ mean: [0.5, 0.5], std: 1 }, 'normalization.mean must have one number, or one a channel, 1, got [0.5, 0.5].'],
      [{ mean: 0.5, std: Number.NaN }, 'normalization.std must be a finite number'],
      [{ normalization: 'image', mean: 0 }, "normalization.mean must be left out for 'image', got 0."],
      [{ normalization: 'own' }, 'normalization.normalization must be one of'],
      [null, 'the options of normalization must be an object, got null.'],
    ] as const) {
      expect(() => annotateModel(model, { normalization } as never)).toThrow(message);
    }
    expect(modelInfo(model)).not.toHaveProperty('normalization');
    model.dispose();
  });

  it('count the classes of the network, whether its options name them or not', () => {
    const model = horwathUnet({ inputShape: any, variant: 'small' });
    expect(() => annotateModel(model, { classNames: ['a', 'b', 'c'] })).toThrow('classNames must hold 2 names');
    model.dispose();
  });
});
