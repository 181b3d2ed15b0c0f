// Helium bubbles in TEM images, labelled with polygons in CVAT: Lecture 13 of Kalinin's course on machine learning in
// electron microscopy. Patches, augmentation, U-Net, binary cross entropy and Dice, intersection over union.
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { contiguous, createMask, FormatError, type Image, type Mask, type Sample, toGrey } from 'segkit';
import { normalize } from 'segkit/augment';
import { useEngine } from 'segkit/engine';
import { predict, thresholdMask } from 'segkit/inference';
import { cvatToMask, encodePng, parseCvatXml, selectCvatImage } from 'segkit/io';
import { binaryCrossEntropyLoss, diceLoss, sumLosses } from 'segkit/losses';
import { type ConfusionMatrix, confusionMatrix, dice, iou } from 'segkit/metrics';
import { countParameters, plainUnet } from 'segkit/models';
import { gaussian, otsu } from 'segkit/morphology';
import { readBytes, readImage, readMask, writeFileAtomic } from 'segkit/node';
import { htmlReport, overlay, trainingCurvesSvg } from 'segkit/report';
import { command } from './shared/command.js';
import { collect, type FilePair, filePair, integer, positive } from './shared/options.js';
import { patches, prepared } from './shared/patches.js';
import { requireFinite } from './shared/requireFinite.js';
import { runStoryInto } from './shared/runStoryInto.js';
import { train } from './shared/train.js';

interface Options {
  readonly train: readonly FilePair[];
  readonly test: FilePair;
  readonly out: string;
  readonly seed: number;
  readonly minutes: number;
  readonly steps: number;
}

const batchSize = 4;
const stepsPerEpoch = 10;
const thresholds = [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7];

async function bubbles(options: Options, folder: string, signal: AbortSignal): Promise<object> {
  const started = performance.now();
  const { seed, minutes, steps } = options;
  const training = await Promise.all(options.train.map(readSample));
  const test = await readSample(options.test);
  const side = patchSide(training);
  const engine = await useEngine('auto', { training: true });
  console.log(`engine: ${engine.name} (${engine.reason})`);
  console.log(
    `Otsu's threshold after a Gaussian of sigma 1, better polarity: IoU ${otsuIou(test).toFixed(4)} on ${test.id}`,
  );

  const preprocess = normalize({ normalization: 'image' });
  const source = prepared({ length: training.length, get: (index) => training[index]! }, preprocess);
  const model = plainUnet({ inputShape: [null, null, 1], classes: 1, baseFilters: 8, levels: 3, seed });
  const perEpoch = Math.min(stepsPerEpoch, steps);
  const epochs = Math.ceil(steps / perEpoch);
  console.log(
    `train a U-Net of ${countParameters(model).trainable} parameters on patches of ${side} x ${side} ` +
      `from ${training.map(({ id }) => id).join(', ')}, at most ${minutes} minutes`,
  );

  const history = await train(model, {
    // Each step draws new patches from the images in turn.
    data: { length: batchSize * perEpoch, get: (index) => source.get(index % training.length) },
    transform: patches({ side, longest: Math.max(...training.flatMap(({ mask }) => mask.shape)), seed }),
    loss: sumLosses([
      [1, binaryCrossEntropyLoss()],
      [1, diceLoss({ mode: 'binary' })],
    ]),
    learningRate: 3e-3,
    weightDecay: 1e-2,
    epochs,
    batchSize,
    seed,
    maxMinutes: minutes,
    folder,
    signal,
  });
  const settings = { preprocess, views: ['identity', 'horizontal', 'vertical', 'both'], tile: 512, signal } as const;
  const seen: { probability: Awaited<ReturnType<typeof predict>>; mask: Mask }[] = [];
  for (const { image, mask } of training) seen.push({ probability: await predict(model, image, settings), mask });
  const score = (threshold: number) =>
    seen.reduce(
      (sum, { probability, mask }) => sum + foreground(mask, thresholdMask(probability, { threshold })).iou,
      0,
    );
  const threshold = thresholds.reduce((best, next) => (score(next) > score(best) ? next : best), 0.5);
  const found = thresholdMask(await predict(model, test.image, settings), { threshold });
  const result = foreground(test.mask, found);
  const seconds = (performance.now() - started) / 1000;

  await writeFileAtomic(join(folder, 'prediction.png'), await encodePng(timesMaximum(found)));
  await writeFileAtomic(join(folder, 'overlay.png'), await encodePng(overlay(test.shown, found)));
  const page = htmlReport({
    title: 'Bubbles',
    subtitle: `Trained on ${training.map(({ id }) => id).join(', ')}; tested on ${test.id}`,
    summary: [
      { label: 'IoU of the bubbles', value: result.iou },
      { label: 'Dice', value: result.dice },
      { label: 'Threshold', value: threshold, note: 'the best one on the training images' },
      { label: "Otsu's threshold", value: otsuIou(test), note: 'IoU without any training' },
    ],
    sections: [
      {
        kind: 'images',
        heading: 'Test image',
        images: [
          {
            image: overlay(test.shown, test.mask),
            alt: 'Test image with the labelled bubbles',
            caption: 'labelled by hand',
          },
          { image: overlay(test.shown, found), alt: 'Test image with the bubbles found', caption: 'found' },
        ],
      },
      { kind: 'metrics', heading: 'Pixel by pixel', confusion: result.matrix, classNames: ['matrix', 'bubble'] },
      { kind: 'chart', heading: 'Training', svg: trainingCurvesSvg(history) },
    ],
    settings: {
      seed,
      engine: engine.name,
      steps: history.steps,
      'stopped by': history.stoppedBy,
      seconds: Math.round(seconds),
    },
  });
  await writeFileAtomic(join(folder, 'report.html'), page);
  model.dispose();
  return { iou: result.iou, dice: result.dice, threshold, seconds };
}

interface Labelled extends Sample {
  readonly mask: Mask;
  readonly id: string;
  /** The image as it came, for pictures. */
  readonly shown: Image;
}

async function readSample({ image: imagePath, other }: FilePair): Promise<Labelled> {
  const shown = await readImage(imagePath);
  requireFinite(imagePath, shown);
  const [, xml, name] = /^(.+?\.xml)(?:#(.+))?$/i.exec(other) ?? [];
  const mask = xml === undefined ? await readMask(other, { binary: true }) : await readCvat(xml, name, imagePath);
  const [height, width] = shown.shape;
  if (mask.shape[0] !== height || mask.shape[1] !== width) {
    throw new RangeError(
      `${other}: its mask must have the size of ${imagePath}, ${height} x ${width}, got ${mask.shape[0]} x ${mask.shape[1]}.`,
    );
  }
  if (!contiguous(mask).data.includes(1))
    throw new RangeError(`${other}: it must label something in ${imagePath}, got no foreground.`);
  return { image: toGrey(shown), mask, id: basename(imagePath), shown };
}

/** Every label of a CVAT file is foreground. `FILE.xml#NAME` takes the shapes of the image NAME. */
async function readCvat(path: string, name: string | undefined, imagePath: string): Promise<Mask> {
  const text = new TextDecoder().decode(await readBytes(path));
  try {
    const annotations = parseCvatXml(text);
    const { images } = annotations;
    // A file about one image alone is about this one, whatever name it had when it was labelled.
    const image = selectCvatImage(annotations, name ?? (images.length === 1 ? undefined : basename(imagePath)));
    const labels = new Set(image.shapes.map((shape) => shape.label));
    return cvatToMask(image, { classes: Object.fromEntries([...labels].map((label) => [label, 1])) });
  } catch (error) {
    if (error instanceof FormatError) throw new FormatError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Patches are 192 pixels wide where the images are, else as wide as they can be in steps of 8. */
function patchSide(samples: readonly Labelled[]): number {
  const small = samples.find(({ mask }) => Math.min(...mask.shape) < 32);
  if (small) {
    throw new RangeError(
      `training images must be at least 32 x 32 pixels, got ${small.mask.shape.join(' x ')} (${small.id}).`,
    );
  }
  const shortest = Math.min(...samples.flatMap(({ mask }) => mask.shape));
  return Math.min(192, Math.floor(shortest / 8) * 8);
}

function foreground(truth: Mask, found: Mask): { iou: number; dice: number; matrix: ConfusionMatrix } {
  const matrix = confusionMatrix(truth, found, { classes: 2 });
  return { iou: iou(matrix)[1]!, dice: dice(matrix)[1]!, matrix };
}

function otsuIou({ image, mask }: Labelled): number {
  const smooth = gaussian(image, { sigma: 1 });
  const threshold = otsu(smooth);
  const scores = [true, false].map((bright) => {
    const found = createMask(
      Uint8Array.from(smooth.data, (value) => (value > threshold === bright ? 1 : 0)),
      mask.shape,
    );
    return foreground(mask, found).iou;
  });
  return Math.max(...scores);
}

/** 0 and 255, so that a mask can be looked at. */
function timesMaximum(mask: Mask): Mask {
  return createMask(
    contiguous(mask).data.map((value) => value * 255),
    mask.shape,
  );
}

/** `npm run example -- bubbles`. */
export function bubblesCommand(): Command {
  const pair = 'two paths joined by "="';
  return command('bubbles')
    .description(
      'Trains a U-Net on images labelled in CVAT and tests it on another one (Lecture 13: helium bubbles in TEM). Ends with one line of JSON.',
    )
    .requiredOption(
      '--train <image=xml>',
      `an image and its CVAT-for-images file, ${pair}; may be repeated`,
      collect(filePair),
    )
    .requiredOption(
      '--test <image=mask>',
      `an image and its mask (PNG, anything above 0 is foreground) or CVAT file, ${pair}`,
      filePair,
    )
    .requiredOption('--out <folder>', 'where report.html and the rest go')
    .option('--seed <n>', 'seed of weights and patches', integer(0), 1)
    .option('--minutes <m>', 'ends the training by the clock', positive, 4)
    .option('--steps <n>', 'ends the training after so many batches of 4 patches, in tens', integer(1), 300)
    .addHelpText(
      'after',
      '\nWhere a CVAT file holds several images, the one with the name of the image is taken; FILE.xml#NAME names another.',
    )
    .action((options: Options) => runStoryInto(options.out, (folder, signal) => bubbles(options, folder, signal)));
}
