import { join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Command, Option } from 'commander';
import { contiguous, FormatError, type Image, toGrey } from 'segkit/core';
import { type EngineName, useEngine } from 'segkit/engine';
import { argmaxMask, predict, thresholdMask } from 'segkit/inference';
import { encodePng } from 'segkit/io';
import {
  annotateModel,
  describeModel,
  type Encoder,
  efficientnetB0,
  efficientnetB1,
  efficientnetB2,
  efficientnetB3,
  type LoadReport,
  loadModel,
  loadStateDict,
  mobilenetV2,
  resnet18,
  resnet34,
  resnet50,
  saveModel,
  unet,
  unetPlusPlus,
} from 'segkit/models';
import { readBytes, readImage, writeFileAtomic } from 'segkit/node';
import { htmlReport, overlay } from 'segkit/report';
import { command } from './shared/command.js';
import { integer } from './shared/options.js';
import { runStoryInto } from './shared/runStoryInto.js';

const ENCODERS: Readonly<Record<string, () => Encoder>> = {
  resnet18,
  resnet34,
  resnet50,
  'efficientnet-b0': efficientnetB0,
  'efficientnet-b1': efficientnetB1,
  'efficientnet-b2': efficientnetB2,
  'efficientnet-b3': efficientnetB3,
  mobilenet_v2: mobilenetV2,
};

interface Options {
  readonly weights: string;
  readonly arch: 'Unet' | 'UnetPlusPlus';
  readonly encoder: string;
  readonly classes: number;
  readonly channels: '1' | '3';
  readonly engine: EngineName | 'auto';
  readonly out: string;
}

/** The image with as many channels as the network takes. */
function withChannels(image: Image, channels: 1 | 3): Image {
  const own = image.shape[2] ?? 1;
  if (own === channels) return image;
  if (channels === 1) return toGrey(image);
  throw new RangeError(`the image must have 3 channels, as the network does, got ${own}; try --channels 1.`);
}

/** Loads the weights; an error names the file. */
function load(model: LayersModel, path: string, bytes: Uint8Array): LoadReport {
  try {
    return loadStateDict(model, bytes, { adaptFirstConvolution: true });
  } catch (error) {
    model.dispose();
    if (error instanceof FormatError) throw new FormatError(`${path}: ${error.message}`);
    throw error;
  }
}

async function importSmp(path: string, options: Options, folder: string, signal: AbortSignal): Promise<object> {
  const { weights, arch, encoder, classes, engine: wanted } = options;
  const channels = options.channels === '1' ? 1 : 3;
  const image = withChannels(await readImage(path), channels);
  const bytes = await readBytes(weights);
  const engine = await useEngine(wanted);

  const build = arch === 'Unet' ? unet : unetPlusPlus;
  const model = build({ inputShape: [null, null, channels], classes, encoder: ENCODERS[encoder]!() });
  const report = load(model, weights, bytes);
  console.log(`engine: ${engine.name} (${engine.reason})`);
  console.log(
    `loaded ${report.loaded.length} tensors of ${weights}, ${report.idle.length} of which the network does not use`,
  );
  for (const name of report.adapted) console.log(`${name} adapted to ${channels} channel(s)`);
  const { parameters, multiplyAdds, table } = describeModel(model, { height: 512, width: 512 });
  console.log(`for one image of 512 x 512:\n${table}`);

  // What SMP's encoders of ImageNet were trained with; a grey image sets its own mean and deviation. predict does it.
  const normalization = channels === 3 ? {} : ({ normalization: 'image' } as const);
  annotateModel(model, { normalization });
  const probability = await predict(model, image, { signal });
  const mask = classes === 1 ? thresholdMask(probability) : argmaxMask(probability);
  const foreground = contiguous(mask).data.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0);

  const file = await saveModel(model);
  await writeFileAtomic(join(folder, 'mask.png'), await encodePng(mask));
  const shown = overlay(image, mask);
  await writeFileAtomic(join(folder, 'overlay.png'), await encodePng(shown));
  const page = htmlReport({
    title: `${arch} with ${encoder}`,
    subtitle: `${path}, segmented with the weights of ${weights}`,
    summary: [
      { label: 'Tensors', value: report.loaded.length },
      { label: 'Parameters', value: parameters },
      { label: 'Foreground', value: foreground / mask.size },
    ],
    sections: [
      { kind: 'images', heading: 'What was found', columns: 1, images: [{ image: shown, alt: 'Image with its mask' }] },
      { kind: 'text', heading: 'The network, for 512 x 512', text: table },
    ],
  });
  await writeFileAtomic(join(folder, 'report.html'), page);
  await writeFileAtomic(join(folder, 'model.safetensors'), file);
  model.dispose();
  // From here on the file is all that is needed.
  const copy = loadModel(file);
  copy.dispose();
  return { tensors: report.loaded.length, parameters, multiplyAdds, foreground: foreground / mask.size };
}

export function importSmpCommand(): Command {
  return command('import-smp')
    .description(
      'Loads weights of segmentation_models.pytorch, segments an image with them, and keeps both as one file.\n' +
        "In Python: safetensors.torch.save_file(model.state_dict(), 'unet.safetensors')",
    )
    .argument('<image>', 'PNG, TIFF or JPEG')
    .requiredOption('--weights <file>', 'safetensors file of the state dict')
    .addOption(new Option('--arch <name>', "SMP's class").choices(['Unet', 'UnetPlusPlus']).default('Unet'))
    .addOption(new Option('--encoder <name>', "SMP's encoder_name").choices(Object.keys(ENCODERS)).default('resnet34'))
    .option('--classes <n>', "SMP's classes", integer(1), 1)
    .addOption(
      new Option('--channels <n>', 'channels of the network: 3, or 1 for grey images').choices(['1', '3']).default('3'),
    )
    .addOption(
      new Option('--engine <name>', 'what computes')
        .choices(['auto', 'tensorflow', 'webgpu', 'onnx', 'wasm', 'cpu'])
        .default('auto'),
    )
    .option('--out <folder>', 'where the results go', 'import-smp-out')
    .action((path: string, options: Options) =>
      runStoryInto(options.out, (folder, signal) => importSmp(path, options, folder, signal)),
    );
}
