// A folder of one's own: trains on it, evaluates, writes predictions, particle tables and a report.
import { type Command, Option } from 'commander';
import type { Calibration, LengthUnit, Sample } from 'segkit';
import { normalize, padToDivisor } from 'segkit/augment';
import { Random } from 'segkit/core';
import { useEngine } from 'segkit/engine';
import { crossEntropyLoss, diceLoss, sumLosses } from 'segkit/losses';
import { countParameters, separableUnet } from 'segkit/models';
import { type FolderSamples, readFolder } from 'segkit/node';
import type { SampleSource } from 'segkit/training';
import { analyse } from './shared/analyse.js';
import { command } from './shared/command.js';
import { integer, positive, scaleFactor } from './shared/options.js';
import { patches, prepared } from './shared/patches.js';
import { requireFinite } from './shared/requireFinite.js';
import { runStoryInto } from './shared/runStoryInto.js';
import { shrink, workingScale } from './shared/scale.js';
import { train } from './shared/train.js';
import { writeResults } from './shared/writeResults.js';

interface Options {
  readonly train: string;
  readonly test: string;
  readonly classes: number;
  readonly out: string;
  readonly labelKind: 'auto' | 'class' | 'instance';
  readonly epochs: number;
  readonly minutes?: number;
  readonly seed: number;
  readonly scale?: number;
  readonly pixelSize?: number;
  readonly unit: LengthUnit;
}

const patch = 128;
const batchSize = 4;
/** Few images are seen several times an epoch, so that an epoch is worth a validation. */
const samplesPerEpoch = 128;
const levels = 4;

async function ownData(options: Options, stage: string, signal: AbortSignal): Promise<object> {
  const started = performance.now();
  const { classes, epochs, minutes, seed, unit } = options;
  const { training: folder, test } = await readFolders(options);
  const longest = await inspect(folder);
  await inspect(test);
  const scale = options.scale ?? (await workingScale(folder, classes));
  const preprocess = normalize({ normalization: 'image' });
  const small = shrink(scale);
  const { training, validation } = split(
    prepared(folder, (sample, random) => preprocess(small(sample, random), random)),
    seed,
  );
  // Where all images are small, patches are as wide as the longest, in steps that the network can halve.
  const side = Math.min(patch, Math.ceil((longest * scale) / 2 ** levels) * 2 ** levels);
  const engine = await useEngine('auto', { training: true });
  console.log(`engine: ${engine.name} (${engine.reason})`);
  console.log(
    `${training.length} images to train on, ${validation?.length ?? 0} to validate, ${test.length} to test; ${folder.channels}`,
  );
  if (scale !== 1)
    console.log(
      `the network works at ${(scale * 100).toFixed(0)} % of the size, so that objects of a typical size fit its view`,
    );

  const channels = folder.channels === 'rgb' ? 3 : 1;
  const model = separableUnet({ inputShape: [null, null, channels], classes, baseFilters: 16, levels, seed });
  const parameters = countParameters(model).trainable;
  const limit = minutes === undefined ? '' : `, at most ${minutes} minutes`;
  console.log(`train a separable U-Net of ${parameters} parameters for ${epochs} epochs${limit}`);
  const visits = Math.ceil(samplesPerEpoch / training.length) * training.length;
  const calibration: Calibration =
    options.pixelSize === undefined ? { pixelSize: 1, unit: 'px' } : { pixelSize: options.pixelSize, unit };

  const history = await train(model, {
    data: { length: visits, get: (index) => training.get(index % training.length) },
    transform: patches({ side, longest: Math.ceil(longest * scale), seed }),
    ...(validation ? { validation, validationTransform: padToDivisor({ divisor: 2 ** levels }) } : {}),
    loss: sumLosses([
      [1, crossEntropyLoss()],
      [1, diceLoss({ mode: 'multiclass' })],
    ]),
    learningRate: 5e-3,
    weightDecay: 1e-3,
    epochs,
    batchSize,
    seed,
    ...(minutes === undefined ? {} : { maxMinutes: minutes }),
    folder: stage,
    signal,
  });
  const analysis = await analyse(model, each(test), test.length, {
    classes,
    preprocess,
    calibration,
    minSize: 8,
    scale,
    signal,
  });
  const seconds = (performance.now() - started) / 1000;
  await writeResults(stage, {
    title: 'Segmentation of your own data',
    subtitle: `Trained on ${training.length} images of ${options.train}, tested on ${test.length} of ${options.test}`,
    analysis,
    history,
    warnings: warningsFor(options, training.length, validation?.length ?? 0),
    classNames: Array.from({ length: classes }, (_, i) => (i === 0 ? 'background' : `class ${i}`)),
    settings: {
      seed,
      engine: engine.name,
      parameters,
      scale,
      epochs: history.epochs.length,
      'stopped by': history.stoppedBy,
      seconds: Math.round(seconds),
    },
  });
  const { metrics, sizes } = analysis;
  model.dispose();
  return {
    pa: metrics.pixelAccuracy,
    mpa: metrics.meanPixelAccuracy,
    miou: metrics.meanIou,
    dice: metrics.meanDice,
    iou: Array.from(metrics.iou),
    particles: sizes.map(({ measured, truth }) => ({
      count: measured.count,
      trueCount: truth.count,
      meanDiameter: measured.mean,
      trueMeanDiameter: truth.mean,
    })),
    unit: calibration.unit,
    epochs: history.epochs.length,
    seconds,
    engine: engine.name,
  };
}

/** Both folders with the same number of channels. */
async function readFolders({
  train,
  test,
  classes,
  labelKind,
}: Options): Promise<{ training: FolderSamples; test: FolderSamples }> {
  const read = (folder: string, channels: 'auto' | 'rgb') => readFolder(folder, { kind: labelKind, classes, channels });
  const training = await read(train, 'auto');
  const tests = await read(test, 'auto');
  if (training.channels === tests.channels) return { training, test: tests };
  return { training: await read(train, 'rgb'), test: await read(test, 'rgb') };
}

/** A fifth of the images validates, where there are four or more; which ones the seed decides. */
function split(folder: SampleSource, seed: number): { training: SampleSource; validation: SampleSource | undefined } {
  const order = new Random(seed).shuffle(Array.from({ length: folder.length }, (_, index) => index));
  const held = folder.length < 4 ? 0 : Math.round(folder.length / 5);
  const part = (indices: readonly number[]): SampleSource => ({
    length: indices.length,
    get: (index) => folder.get(indices[index]!),
  });
  return { training: part(order.slice(held)), validation: held === 0 ? undefined : part(order.slice(0, held)) };
}

/** Returns the longest side of all images, once all their samples are known to be finite. */
async function inspect(folder: FolderSamples): Promise<number> {
  let longest = 1;
  for (const [index, file] of folder.files.entries()) {
    const { image } = await folder.get(index);
    requireFinite(file.image, image);
    longest = Math.max(longest, ...image.shape.slice(0, 2));
  }
  return longest;
}

async function* each(source: FolderSamples): AsyncIterable<Sample> {
  for (let index = 0; index < source.length; index++) yield source.get(index);
}

function warningsFor({ train, test }: Options, training: number, validation: number): string[] {
  const warnings: string[] = [];
  if (train === test)
    warnings.push('The test images are the training images: these numbers say nothing about new ones.');
  if (validation === 0)
    warnings.push('Too few images to hold any back for validation: the last weights were taken, not the best.');
  if (training < 8)
    warnings.push(`${training} training images are few: expect other results on images that look different.`);
  return warnings;
}

/** `npm run example -- own-data`. */
export function ownDataCommand(): Command {
  return command('own-data')
    .description(
      'Trains on a folder of images and masks, evaluates on another, and writes predictions, particle tables and a report.',
    )
    .requiredOption(
      '--train <folder>',
      'images/ beside masks/, segmaps/ or labels/, or pairs *.image.png and *.label.png',
    )
    .requiredOption('--test <folder>', 'the same, for images that the network shall not see')
    .requiredOption('--classes <n>', 'number of classes with the background', integer(2))
    .requiredOption('--out <folder>', 'where report.html and the rest go')
    .addOption(
      new Option('--label-kind <kind>', 'what labels hold; auto: instances in segmaps/, else classes')
        .choices(['auto', 'class', 'instance'])
        .default('auto'),
    )
    .option('--epochs <n>', 'passes over the training images (at least 128 patches each)', integer(1), 60)
    .option('--minutes <m>', 'ends the training by the clock', positive)
    .option('--seed <n>', 'seed of weights, patches and the split', integer(0), 1)
    .option(
      '--scale <factor>',
      'scale at which the network works; by default from the size of the labelled objects',
      scaleFactor,
    )
    .option('--pixel-size <length>', 'edge of a pixel; without it sizes are in pixels', positive)
    .addOption(
      new Option('--unit <unit>', 'unit of the pixel size').choices(['pm', 'nm', 'um', 'mm', 'm']).default('nm'),
    )
    .action((options: Options) => runStoryInto(options.out, (folder, signal) => ownData(options, folder, signal)));
}
