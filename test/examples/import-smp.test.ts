import '@tensorflow/tfjs-backend-cpu';
import { readFileSync, writeFileSync } from 'node:fs';
import { setBackend } from '@tensorflow/tfjs-core';
import { loadModel, mobilenetV2, modelInfo, saveSafetensors, unet } from 'segkit/models';
import { readImage, writeImage } from 'segkit/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Ended, patience, useBundles } from './commands.js';
import { earlierResults, picture, useSharedFolder } from './data.js';
import { itRefuses } from './refusals.js';

describe('npm run example -- import-smp', () => {
  const folder = useSharedFolder();
  const { example, quickExample } = useBundles();
  const { at } = folder;
  const run = (image: string, weights: string, ...more: string[]) => [
    ...['import-smp', at(image), '--weights', at(weights), '--encoder', 'mobilenet_v2', '--classes', '2'],
    ...['--channels', '1', '--engine', 'onnx', ...more],
  ];
  let ended: Ended;

  beforeAll(async () => {
    await setBackend('cpu');
    await writeImage(at('image.png'), picture(1, 50, 70, [[20, 30, 8]]).image);
    const network = unet({ inputShape: [null, null, 3], classes: 2, encoder: mobilenetV2(), seed: 1 });
    const bytes = await saveSafetensors(network);
    network.dispose();
    writeFileSync(at('unet.safetensors'), bytes);
    writeFileSync(at('cut.safetensors'), bytes.subarray(0, bytes.length - 5));
    writeFileSync(at('text.safetensors'), 'this is no state dict');
    earlierResults(at('out'));
    ended = await example([...run('image.png', 'unet.safetensors'), '--out', at('out')]);
  }, patience);

  it('segments with the weights, and keeps them as a file that needs nothing else', async () => {
    const { code, stderr, last, stdout } = ended;
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('encoder.features.0.0.weight adapted to 1 channel(s)');
    const { tensors, parameters, foreground } = JSON.parse(last);
    // 6,629,090 with three channels; 2 * 32 * 9 fewer in the first convolution.
    expect([tensors, parameters]).toEqual([312, 6628514]);
    expect(foreground).toBeGreaterThanOrEqual(0);
    expect((await readImage(at('out', 'mask.png'))).shape).toEqual([50, 70]);
    const model = loadModel(readFileSync(at('out', 'model.safetensors')));
    expect(modelInfo(model)).toMatchObject({
      architecture: { builder: 'unet', options: { encoder: { name: 'mobilenet_v2' } } },
      normalization: { normalization: 'image' },
    });
    model.dispose();
  });

  describe('refuses in one line', () => {
    itRefuses(example, folder, [
      {
        title: 'weights of another encoder',
        args: () => run('image.png', 'unet.safetensors', '--encoder', 'resnet18'),
        names: [
          () => at('unet.safetensors'),
          'missing: encoder.conv1.weight',
          'unexpected: encoder.features.0.0.weight',
        ],
      },
      {
        title: 'weights of other classes',
        args: () => run('image.png', 'unet.safetensors', '--classes', '3'),
        names: ['mis-shaped: segmentation_head.0.weight must have shape [3, 16, 3, 3], got [2, 16, 3, 3]'],
      },
      {
        title: 'a file cut short',
        args: () => run('image.png', 'cut.safetensors'),
        names: [() => at('cut.safetensors'), 'segmentation_head.0.bias'],
      },
      {
        title: 'a text',
        args: () => run('image.png', 'text.safetensors'),
        names: [() => at('text.safetensors'), 'the header of'],
      },
    ]);
    itRefuses(quickExample, { at: (...names) => at(`quick ${names[0]}`, ...names.slice(1)) }, [
      { title: 'weights that do not exist', args: () => run('image.png', 'none'), names: [() => at('none')] },
      {
        title: 'an image that does not exist',
        args: () => run('none.png', 'unet.safetensors'),
        names: [() => at('none.png')],
      },
      {
        title: 'a grey image for three channels',
        args: () => run('image.png', 'unet.safetensors', '--channels', '3'),
        names: ['the image must have 3 channels, as the network does, got 1; try --channels 1.'],
      },
      {
        title: 'four channels',
        args: () => run('image.png', 'unet.safetensors', '--channels', '4'),
        names: ['--channels', '1, 3'],
      },
      {
        title: 'an encoder that is none',
        args: () => run('image.png', 'unet.safetensors', '--encoder', 'vgg'),
        names: ['--encoder', 'vgg'],
      },
    ]);
  });
});
