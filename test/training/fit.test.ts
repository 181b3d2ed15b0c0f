import { add, memory, mul, type Scalar, sum, type Tensor, train } from '@tensorflow/tfjs-core';
import { initializers, type LayersModel, layers, regularizers, sequential } from '@tensorflow/tfjs-layers';
import { createImage, createMask, type Random, type Sample } from 'segkit/core';
import { binaryCrossEntropyLoss, crossEntropyLoss, type Loss } from 'segkit/losses';
import { plainUnet } from 'segkit/models';
import { adamW, type EpochRecord, evaluate, type FitOptions, fit, stepLr } from 'segkit/training';
import { describe, expect, it } from 'vitest';
import { useCpuBackend } from '../helpers/tensorflow.js';
import { tinyModel, tinySamples, weightsOf } from './tinyProblem.js';

useCpuBackend();

const data = tinySamples(6);
const validation = tinySamples(3, { seed: 99 });

/** A loss of one value, connected to the logits. */
function constant(logits: Tensor, value: number): Scalar {
  return add<Scalar>(mul(sum(logits), 0), value);
}

/** Trains a fresh tiny model, hands it to `look`, and disposes everything. */
async function trained<T>(
  options: Partial<FitOptions>,
  look: (result: { model: LayersModel; history: Awaited<ReturnType<typeof fit>> }) => T | Promise<T>,
  model = tinyModel(2),
): Promise<T> {
  const optimizer = adamW(0.05);
  try {
    const base = { data, loss: crossEntropyLoss(), optimizer, epochs: 3, batchSize: 2, seed: 5 };
    return await look({ model, history: await fit(model, { ...base, ...options }) });
  } finally {
    optimizer.dispose();
    model.dispose();
  }
}

describe('fit', () => {
  it('learns: the loss falls to a third and MIoU passes 0.9 in 8 epochs', async () => {
    await trained({ epochs: 8, validation }, ({ history }) => {
      const { epochs } = history;
      expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(epochs[7]!.trainLoss).toBeLessThan(epochs[0]!.trainLoss / 3);
      expect(epochs[7]!.miou).toBeGreaterThan(0.9);
      expect(history).toMatchObject({ stoppedBy: 'epochs', steps: 24, monitor: 'miou' });
    });
  });

  it('learns a binary model with one channel and float targets', async () => {
    const options = { epochs: 8, validation, loss: binaryCrossEntropyLoss() };
    await trained(
      options,
      ({ history }) => {
        expect(history.epochs[7]!.miou).toBeGreaterThan(0.9);
        expect(history.epochs[7]!.iou).toHaveLength(2);
      },
      tinyModel(1),
    );
  });

  it('gives the same bytes for the same seed, other ones for another', async () => {
    const noisy = (sample: Sample, random: Random) => ({
      ...sample,
      image: createImage(
        Float32Array.from(sample.image.data, (value) => value + random.normal(0, 0.1)),
        sample.image.shape,
      ),
    });
    const run = (seed: number) =>
      trained({ transform: noisy, validation, seed, clipNorm: 1, trainMetrics: true }, ({ model, history }) => ({
        weights: weightsOf(model),
        records: history.epochs.map(({ seconds, ...record }) => record),
      }));
    const first = await run(5);
    expect(await run(5)).toEqual(first);
    expect((await run(6)).weights).not.toEqual(first.weights);
  });

  it('gives each sample a stream of its own epoch and index, and the validation the same one each time', async () => {
    const drawn: string[] = [];
    const spy = (kind: string) => (sample: Sample, random: Random) => {
      drawn.push(`${kind} ${sample.id} ${random.integer(0, 1e9)}`);
      return sample;
    };
    const options = { transform: spy('train'), validation, validationTransform: spy('test'), epochs: 2 };
    await trained(options, () => {});
    const of = (kind: string) => drawn.filter((line) => line.startsWith(kind));
    expect(new Set(of('train')).size).toBe(12);
    expect(new Set(of('test')).size).toBe(3);
    expect(of('test')).toHaveLength(6);
    const before = [...drawn];
    drawn.length = 0;
    await trained({ ...options, batchSize: 1 }, () => {});
    expect([...drawn].sort()).toEqual(before.sort());
  });

  it('shuffles each epoch anew, keeps the smaller last batch, and can go in order', async () => {
    const order = async (shuffle: boolean) => {
      const seen: string[] = [];
      const sizes: number[] = [];
      const loss: Loss = (target, logits) => {
        sizes.push(target.shape[0]!);
        return crossEntropyLoss()(target, logits);
      };
      const transform = (sample: Sample) => {
        seen.push(sample.id!);
        return sample;
      };
      await trained({ transform, loss, shuffle, epochs: 2, batchSize: 4 }, () => {});
      expect(sizes).toEqual([4, 2, 4, 2]);
      return [seen.slice(0, 6), seen.slice(6)];
    };
    const ids = data.map(({ id }) => id);
    expect(await order(false)).toEqual([ids, ids]);
    const [one, two] = await order(true);
    expect(one).not.toEqual(two);
    expect([...one!].sort()).toEqual(ids);
    expect([...two!].sort()).toEqual(ids);
  });

  it('weights the mean loss by batch size: (4 * 2 + 2 * 5) / 6 = 3', async () => {
    const loss: Loss = (target, logits) => constant(logits, target.shape[0] === 4 ? 2 : 5);
    await trained({ loss, batchSize: 4, epochs: 1 }, ({ history }) => {
      expect(history.epochs[0]!.trainLoss).toBeCloseTo(3, 5);
    });
  });

  it('measures what evaluate measures, and pools the confusion matrix over the epoch', async () => {
    await trained({ validation, epochs: 2, restoreBest: false }, async ({ model, history }) => {
      const measured = await evaluate(model, { data: validation, loss: crossEntropyLoss() });
      const { validationLoss, pa, mpa, miou, dice, iou, confusion } = history.epochs[1]!;
      const { loss, samples, ...metrics } = measured;
      expect({ pa, mpa, miou, dice, iou, confusion }).toEqual(metrics);
      expect(validationLoss).toBe(loss);
      expect(samples).toBe(3);
      expect(confusion!.counts.reduce((sum, count) => sum + count, 0)).toBe(3 * 64);
    });
  });

  it('takes metrics of the training batches where asked', async () => {
    await trained({ trainMetrics: true, epochs: 6 }, ({ history }) => {
      expect(history.epochs[5]!.trainMiou).toBeGreaterThan(0.9);
      expect(history.epochs[5]!.trainPa).toBeGreaterThan(0.9);
      expect(history.epochs[5]!.miou).toBeUndefined();
    });
  });

  it('ends with the weights of its best epoch, moving statistics included', async () => {
    // The rate explodes after epoch 2, so that later weights are worse.
    const schedule = (epoch: number) => (epoch < 2 ? 1 : 100);
    let kept: number[] = [];
    let bests = 0;
    const model = tinyModel(2);
    const onBest = () => {
      kept = weightsOf(model);
      bests++;
    };
    const options = { validation, schedule, epochs: 5, monitor: 'validationLoss', onBest } as const;
    await trained(
      options,
      async ({ history }) => {
        expect(history.best!.epoch).toBeLessThanOrEqual(2);
        expect(history.best!.value).toBe(Math.min(...history.epochs.map((record) => record.validationLoss!)));
        expect(weightsOf(model)).toEqual(kept);
        expect(bests).toBe(history.best!.epoch);
      },
      model,
    );
    await trained({ ...options, restoreBest: false, onBest: () => {} }, ({ model: last }) => {
      expect(weightsOf(last)).not.toEqual(kept);
    });
  });

  it("ends with the running statistics of segkit's own normalisation as they were, too", async () => {
    const model = plainUnet({ inputShape: [8, 8, 1], classes: 2, baseFilters: 2, levels: 1, convolutionsPerLevel: 1 });
    const schedule = (epoch: number) => (epoch < 2 ? 1 : 100);
    const options = { validation, schedule, epochs: 4, monitor: 'validationLoss' } as const;
    await trained(
      options,
      async ({ history }) => {
        expect(history.best!.epoch).toBeLessThanOrEqual(2);
        const { loss } = await evaluate(model, { data: validation, loss: crossEntropyLoss() });
        expect(loss).toBe(history.best!.value);
      },
      model,
    );
  });

  it('stops early after `patience` epochs without a better one', async () => {
    const options = { validation, monitor: 'validationLoss', epochs: 20, patience: 2 } as const;
    await trained({ ...options, schedule: (epoch) => (epoch < 2 ? 1 : 100) }, ({ history }) => {
      expect(history.stoppedBy).toBe('patience');
      expect(history.epochs.length).toBe(history.best!.epoch + 2);
    });
  });

  it('aborts between batches with the reason of the signal, keeps the best weights, leaves no tensor', async () => {
    const controller = new AbortController();
    const model = tinyModel(2);
    const optimizer = adamW(0.05);
    let kept: number[] = [];
    let steps = 0;
    const before = memory().numTensors;
    const running = fit(model, {
      ...{ data, validation, loss: crossEntropyLoss(), optimizer, epochs: 9, batchSize: 2, seed: 5 },
      signal: controller.signal,
      onBest: () => {
        kept = weightsOf(model);
      },
      onBatch: ({ step }) => {
        steps = step;
        if (step === 5) controller.abort(new Error('enough'));
      },
    });
    await expect(running).rejects.toThrow('enough');
    expect(steps).toBe(5);
    expect(weightsOf(model)).toEqual(kept);
    optimizer.dispose();
    expect(memory().numTensors).toBe(before);
    model.dispose();
  });

  it('lets timers run, so that a button can abort it', async () => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), 60);
    await expect(trained({ epochs: 100_000, signal: controller.signal }, () => {})).rejects.toThrow(/abort/i);
    clearTimeout(timer);
  });

  it('ends after the batch in which the time runs out, and validates once more', async () => {
    await trained({ validation, maxMinutes: 1e-9, epochs: 50 }, ({ history }) => {
      expect(history).toMatchObject({ stoppedBy: 'maxMinutes', steps: 1 });
      expect(history.epochs).toHaveLength(1);
      expect(history.epochs[0]).toMatchObject({ batches: 1 });
      expect(history.epochs[0]!.miou).toBeGreaterThanOrEqual(0);
    });
  });

  it('ends after maxSteps batches', async () => {
    await trained({ maxSteps: 4 }, ({ history }) => {
      expect(history).toMatchObject({ stoppedBy: 'maxSteps', steps: 4 });
      expect(history.epochs.map(({ batches }) => batches)).toEqual([3, 1]);
    });
  });

  it('follows the schedule and gives the optimiser its rate back, for every kind of optimiser', async () => {
    for (const optimizer of [adamW(0.01), train.sgd(0.01), train.adam(0.01)]) {
      const model = tinyModel(2);
      const base = { data, loss: crossEntropyLoss(), optimizer, epochs: 4, batchSize: 3, seed: 1 };
      const { epochs } = await fit(model, { ...base, schedule: stepLr({ stepSize: 2, gamma: 0.5 }) });
      expect(epochs.map(({ learningRate }) => learningRate)).toEqual([0.01, 0.01, 0.005, 0.005]);
      expect(Reflect.get(optimizer, 'learningRate')).toBe(0.01);
      expect(epochs[3]!.trainLoss).toBeLessThan(epochs[0]!.trainLoss);
      optimizer.dispose();
      model.dispose();
    }
  });

  it('asks the schedule for a fractional epoch before each batch with scheduleBy', async () => {
    const asked: number[] = [];
    const rates: number[] = [];
    const schedule = (epoch: number) => {
      asked.push(epoch);
      return 1 - epoch / 4;
    };
    const onBatch = ({ learningRate }: { learningRate: number }) => {
      rates.push(learningRate);
    };
    await trained({ schedule, scheduleBy: 'batch', epochs: 2, batchSize: 3, onBatch }, () => {});
    expect(asked).toEqual([0, 0.5, 1, 1.5]);
    expect(rates).toEqual([0.05, 0.05 * 0.875, 0.05 * 0.75, 0.05 * 0.625]);
  });

  it('moves by at most clipNorm under plain gradient descent', async () => {
    const model = tinyModel(2);
    const before = model.trainableWeights.flatMap((weight) => [...weight.read().dataSync()]);
    const optimizer = train.sgd(1);
    await fit(model, { data, loss: crossEntropyLoss(), optimizer, epochs: 1, batchSize: 6, seed: 1, clipNorm: 1e-3 });
    const after = model.trainableWeights.flatMap((weight) => [...weight.read().dataSync()]);
    expect(Math.hypot(...after.map((value, i) => value - before[i]!))).toBeCloseTo(1e-3, 5);
    optimizer.dispose();
    model.dispose();
  });

  it('adds the regularisers of the model to the loss', async () => {
    const penalised = (l2: number) =>
      sequential({
        layers: [
          layers.conv2d({
            ...{ inputShape: [null, null, 1], filters: 2, kernelSize: 1 },
            kernelInitializer: initializers.constant({ value: 2 }),
            kernelRegularizer: regularizers.l2({ l2 }),
          }),
        ],
      });
    const first = (model: LayersModel) =>
      trained({ maxSteps: 1 }, ({ history }) => history.epochs[0]!.trainLoss, model);
    // Two weights of 2: 0.5 * (4 + 4) = 4.
    expect((await first(penalised(0.5))) - (await first(penalised(0)))).toBeCloseTo(4, 4);
  });

  it('waits for its callbacks and tells them where it is', async () => {
    const told: string[] = [];
    const pause = () => new Promise((resolve) => setTimeout(resolve, 1));
    await trained(
      {
        validation,
        epochs: 2,
        batchSize: 3,
        async onBatch({ epoch, batch, batches, step }) {
          await pause();
          told.push(`batch ${epoch} ${batch}/${batches} ${step}`);
        },
        async onEpoch({ epoch }: EpochRecord) {
          await pause();
          told.push(`epoch ${epoch}`);
        },
      },
      () => {},
    );
    expect(told).toEqual(['batch 1 1/2 1', 'batch 1 2/2 2', 'epoch 1', 'batch 2 1/2 3', 'batch 2 2/2 4', 'epoch 2']);
  });

  it('reads from a source, one sample at a time', async () => {
    const source = { length: 6, get: async (index: number) => data[index]! };
    const run = (from: FitOptions['data']) => trained({ data: from }, ({ model }) => weightsOf(model));
    expect(await run(source)).toEqual(await run(data));
  });
});

describe('fit refuses', () => {
  const bad = (options: Partial<FitOptions>, model?: LayersModel) => trained(options, () => {}, model);
  const image = createImage(new Float32Array(64), [8, 8]);
  const mask = createMask(undefined, [8, 8]);

  it('data that it cannot learn from, by the name of the sample', async () => {
    const cases: [Partial<FitOptions>, string][] = [
      [{ data: [] }, 'data must hold at least one sample, got none.'],
      [{ validation: [] }, 'validation must hold at least one sample, got none.'],
      [{ data: 3 as never }, 'data must be an array of samples or a SampleSource, got 3.'],
      [{ data: [{ image, id: 'a.png' }] }, 'sample "a.png" of data must have a mask to learn from, got none.'],
      [
        {
          data: [{ image, mask: createMask([...new Array(20).fill(0), 7, ...new Array(43).fill(0)], [8, 8]), id: 'b' }],
        },
        'the mask of sample "b" of data must hold class ids in 0..1, got 7 at [row, column] [2, 4].',
      ],
      [
        { data: [{ image, mask: createMask(undefined, [8, 7]) }] },
        'the mask of sample 0 of data must have the height and width of its image, 8 x 8, got 8 x 7.',
      ],
      [
        { data: [{ image: createImage(new Uint8Array(64), [8, 8]), mask }] },
        'the image of sample 0 of data must hold float samples when it reaches the model, got uint8; put normalize()',
      ],
      [
        { data: [{ image: createImage(new Float32Array(192), [8, 8, 3]), mask }] },
        'the image of sample 0 of data must have 1 channels, as the model, got 3.',
      ],
      [
        {
          data: [{ image, mask, id: 'big' }, ...tinySamples(1, { side: 4 })],
          shuffle: false,
        },
        'the samples of a batch must have one size, got 8 x 8 for sample "big" of data and 4 x 4 for sample "s0" of data',
      ],
      [{ transform: (sample: Sample) => ({ image: sample.image }) }, 'the transform must keep the mask of sample'],
    ];
    for (const [options, message] of cases) await expect(bad(options)).rejects.toThrow(message);
    await expect(bad({}, tinyModel(2, { side: 16 }))).rejects.toThrow(
      /must be 16 x 16, as the model's input, got 8 x 8/,
    );
  });

  it('allows the id that is to be ignored, and leaves it out of the metrics', async () => {
    const ids = Uint8Array.from({ length: 64 }, (_, i) => (i < 8 ? 255 : i % 2));
    const partly = [{ image, mask: createMask(ids, [8, 8]) }];
    const loss: Loss = (_, logits) => constant(logits, 1);
    const options = { data: partly, validation: partly, loss, epochs: 1, trainMetrics: true };
    await expect(bad(options)).rejects.toThrow('must hold class ids in 0..1, got 255');
    await trained({ ...options, ignoreIndex: 255 }, ({ history }) => {
      expect(history.epochs[0]!.confusion!.counts.reduce((sum, count) => sum + count, 0)).toBe(56);
    });
    await expect(bad({ ...options, ignoreIndex: 1 })).rejects.toThrow('ignoreIndex must be an integer at least 2');
  });

  it('a loss that is not finite, naming epoch and batch, and leaves the weights as they were', async () => {
    const model = tinyModel(2);
    const before = model.trainableWeights.flatMap((weight) => [...weight.read().dataSync()]);
    const loss: Loss = (target, logits) => mul<Scalar>(crossEntropyLoss()(target, logits), Number.NaN);
    const onBatch = () => {
      throw new Error('not reached');
    };
    const optimizer = adamW(1);
    const running = fit(model, { data, loss, optimizer, epochs: 1, batchSize: 3, seed: 5, onBatch });
    await expect(running).rejects.toThrow(/^the loss became NaN in epoch 1, batch 1 of 2 \(sample "s\d" of data, /);
    const after = model.trainableWeights.flatMap((weight) => [...weight.read().dataSync()]);
    expect(after).toEqual(before);
    optimizer.dispose();
    model.dispose();
  });

  it('options out of range', async () => {
    const cases: [Partial<FitOptions>, string][] = [
      [{ epochs: 0 }, 'epochs must be an integer at least 1, got 0.'],
      [{ batchSize: 1.5 }, 'batchSize must be an integer at least 1, got 1.5.'],
      [{ seed: -1 }, 'seed must be an integer at least 0, got -1.'],
      [{ clipNorm: 0 }, 'clipNorm must be a finite number above 0, got 0.'],
      [{ patience: 0 }, 'patience must be an integer at least 1, got 0.'],
      [{ maxMinutes: -1 }, 'maxMinutes must be a finite number above 0, got -1.'],
      [{ maxSteps: 0 }, 'maxSteps must be an integer at least 1, got 0.'],
      [{ monitor: 'miou' }, "monitor must be 'trainLoss' where there is no validation, got 'miou'."],
      [{ monitor: 'loss' as never, validation }, 'monitor must be one of "miou", "dice", "pa", "mpa"'],
      [
        { mode: 'binary' },
        "mode must fit the model: 'binary' for one channel of logits, 'multiclass' for more, got 'binary' and 2.",
      ],
      [{ loss: 'dice' as never }, 'loss must be a function, got "dice".'],
      [
        { optimizer: 'adam' as never },
        'optimizer must be an optimiser with a learning rate, such as adamW(3e-4), got "adam".',
      ],
      [{ schedule: () => Number.NaN }, 'the factor that schedule returns must be a finite number at least 0, got NaN.'],
      [{ learningRate: 1 } as never, 'fit has no option "learningRate"'],
    ];
    for (const [options, message] of cases) await expect(bad(options)).rejects.toThrow(message);
  });

  it('a model that is none, or has nothing to train, or cannot take the size', async () => {
    const frozen = tinyModel(2);
    for (const layer of frozen.layers) layer.trainable = false;
    await expect(bad({}, frozen)).rejects.toThrow('model must have trainable weights, got none.');
    const shrinking = sequential({
      layers: [layers.conv2d({ inputShape: [null, null, 1], filters: 2, kernelSize: 3 })],
    });
    await expect(bad({}, shrinking)).rejects.toThrow(
      "the model's logits must have shape [2, 8, 8, 2], got [2, 6, 6, 2].",
    );
    const optimizer = adamW(1);
    const nothing = fit({} as never, { data, loss: crossEntropyLoss(), optimizer, epochs: 1, batchSize: 1, seed: 1 });
    await expect(nothing).rejects.toThrow('model must be a LayersModel');
  });
});
