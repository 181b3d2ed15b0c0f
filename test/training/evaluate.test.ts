import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { createImage, createMask, type Random, type Sample } from 'segkit/core';
import { crossEntropyLoss } from 'segkit/losses';
import { evaluate } from 'segkit/training';
import { describe, expect, it } from 'vitest';
import { useCpuBackend } from '../helpers/tensorflow.js';
import { tinyModel, tinySamples } from './tinyProblem.js';

useCpuBackend();

/** A model whose logits are weight * grey value. */
function scaling(...weights: number[]): LayersModel {
  const model = sequential({
    layers: [
      layers.conv2d({
        ...{ inputShape: [null, null, 1], filters: weights.length, kernelSize: 1, useBias: false },
        kernelInitializer: initializers.zeros(),
      }),
    ],
  });
  const weight = model.weights[0]!.read();
  weight.dataSync().set(weights);
  return model;
}

const sample = (values: number[], ids: number[]): Sample => ({
  image: createImage(new Float32Array(values), [2, values.length / 2]),
  mask: createMask(ids, [2, ids.length / 2]),
});

describe('evaluate', () => {
  it('counts class 1 where the logit is above 0: pooled IoU of the foreground is 2 / 4, of the background 2 / 4', async () => {
    const model = scaling(1);
    const data = [sample([1, -1, 0, 2], [1, 0, 0, 0]), sample([-1, 3], [1, 1])];
    const { confusion, iou, miou, pa, dice, samples } = await evaluate(model, { data });
    expect([...confusion.counts]).toEqual([2, 1, 1, 2]);
    expect(iou).toEqual([0.5, 0.5]);
    expect([miou, pa, samples]).toEqual([0.5, 4 / 6, 2]);
    expect(dice).toBeCloseTo(4 / 6, 12);
    model.dispose();
  });

  it('takes the largest logit, the first of equals', async () => {
    const model = scaling(0, 1, -1);
    const { confusion } = await evaluate(model, { data: [sample([5, -5, 0, 0], [1, 2, 0, 0])] });
    expect([...confusion.counts]).toEqual([2, 0, 0, 0, 1, 0, 0, 0, 1]);
    model.dispose();
  });

  it('skips absent classes in the means and gives NaN for each', async () => {
    const model = scaling(0, 1, -1);
    const { iou, miou } = await evaluate(model, { data: [sample([5, 5, 0, 0], [1, 1, 0, 0])] });
    expect(iou).toEqual([1, 1, Number.NaN]);
    expect(miou).toBe(1);
    model.dispose();
  });

  it('counts the same in batches of any size, and images of many sizes one by one', async () => {
    const model = tinyModel(2);
    const data = tinySamples(5);
    const one = await evaluate(model, { data, loss: crossEntropyLoss() });
    const three = await evaluate(model, { data, loss: crossEntropyLoss(), batchSize: 3 });
    expect(three.confusion).toEqual(one.confusion);
    expect(three.loss).toBeCloseTo(one.loss!, 5);
    const mixed = [...tinySamples(1), ...tinySamples(1, { side: 6 })];
    expect((await evaluate(model, { data: mixed })).samples).toBe(2);
    await expect(evaluate(model, { data: mixed, batchSize: 2 })).rejects.toThrow(
      'the samples of a batch must have one size, got 8 x 8',
    );
    model.dispose();
  });

  it('transforms sample i with the stream (0, i) of the seed', async () => {
    const model = tinyModel(2);
    const run = async (seed: number) => {
      const drawn: number[] = [];
      const transform = (given: Sample, random: Random) => {
        drawn.push(random.integer(0, 1e6));
        return given;
      };
      await evaluate(model, { data: tinySamples(2), transform, seed });
      return drawn;
    };
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
    model.dispose();
  });

  it('leaves ignored pixels out', async () => {
    const model = scaling(1);
    const { confusion } = await evaluate(model, { data: [sample([1, -1, 1, 1], [1, 0, 255, 255])], ignoreIndex: 255 });
    expect([...confusion.counts]).toEqual([1, 0, 0, 1]);
    model.dispose();
  });

  it('refuses what it cannot measure', async () => {
    const model = scaling(1);
    const data = [sample([1, -1], [1, 0])];
    await expect(evaluate(model, { data: [] })).rejects.toThrow('data must hold at least one sample, got none.');
    await expect(evaluate(model, { data, batchSize: 0 })).rejects.toThrow('batchSize must be an integer at least 1');
    await expect(evaluate(model, { data, classes: 2 } as never)).rejects.toThrow('evaluate has no option "classes"');
    await expect(evaluate(model, { data: [sample([1, Number.NaN], [1, 0])] })).rejects.toThrow(
      "the model's logits must be numbers, got NaN.",
    );
    await expect(evaluate(model, { data, signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
    const loss = () => {
      throw new Error('broken');
    };
    await expect(evaluate(model, { data, loss })).rejects.toThrow('broken');
    model.dispose();
  });
});
