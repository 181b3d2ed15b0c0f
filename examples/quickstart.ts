// From nothing to a measured size distribution: simulates 24 micrographs, trains a small network on 16 of them, and
// measures the particles of 4 that it has never seen. npm run quickstart -- --help
import { Option } from 'commander';
import { compose, flip, normalize, randomCrop, rotate90 } from 'segkit/augment';
import { useEngine } from 'segkit/engine';
import { diceLoss, focalLoss, sumLosses } from 'segkit/losses';
import { countParameters, separableUnet } from 'segkit/models';
import { simulateDataset } from 'segkit/simulate';
import { analyse } from './shared/analyse.js';
import { command } from './shared/command.js';
import { integer } from './shared/options.js';
import { runStoryInto } from './shared/runStoryInto.js';
import { train } from './shared/train.js';
import { writeResults } from './shared/writeResults.js';

interface Options {
  readonly seed: number;
  readonly out: string;
  readonly engine: 'auto' | 'tensorflow' | 'webgpu' | 'onnx' | 'wasm' | 'cpu';
  readonly short?: boolean;
}

async function quickstart(options: Options, folder: string, signal: AbortSignal): Promise<object> {
  const started = performance.now();
  const { seed, engine: wanted, short = false } = options;
  const engine = await useEngine(wanted, { training: true });
  console.log(`engine: ${engine.name} (${engine.reason})`);

  console.log('simulate 24 micrographs of 256 x 256 pixels');
  const samples = simulateDataset({ count: 24, seed });
  const [training, validation, test] = [samples.slice(0, 16), samples.slice(16, 20), samples.slice(20)];

  const preprocess = normalize({ normalization: 'image' });
  const augmentation = compose(
    // Normalised whole, as a prediction will be; a crop by itself would be as bright as any other.
    [preprocess, randomCrop({ height: 128, width: 128 }), flip({ p: 0.5 }), rotate90({ p: 0.5 })],
    { seed },
  );
  const model = separableUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 8, levels: 3, seed });
  console.log(
    `train a separable U-Net of ${countParameters(model).trainable} parameters on ${training.length} of them`,
  );

  const history = await train(model, {
    data: training,
    transform: augmentation,
    validation,
    validationTransform: preprocess,
    loss: sumLosses([
      [1, diceLoss({ mode: 'multiclass' })],
      [1, focalLoss({ mode: 'multiclass' })],
    ]),
    learningRate: 1e-2,
    weightDecay: 1e-3,
    epochs: short ? 3 : 40,
    batchSize: 4,
    seed,
    folder,
    signal,
  });
  console.log('predict, clean and measure the 4 test images');
  const analysis = await analyse(model, test, test.length, {
    classes: 2,
    preprocess,
    calibration: test[0]!.calibration,
    minSize: 20,
    scale: 1,
    signal,
  });
  const seconds = (performance.now() - started) / 1000;
  await writeResults(folder, {
    title: 'segkit quickstart',
    subtitle: 'Simulated dark-field micrographs: trained on 16, tested on 4 that the network has never seen',
    analysis,
    history,
    classNames: ['support', 'particle'],
    settings: {
      seed,
      engine: engine.name,
      parameters: countParameters(model).trainable,
      seconds: Math.round(seconds),
    },
  });
  const { metrics, sizes } = analysis;
  const { measured, truth } = sizes[0]!;
  model.dispose();
  return {
    pa: metrics.pixelAccuracy,
    mpa: metrics.meanPixelAccuracy,
    miou: metrics.meanIou,
    dice: metrics.meanDice,
    meanDiameterNm: measured.mean,
    trueMeanDiameterNm: truth.mean,
    d50Nm: measured.d50,
    trueD50Nm: truth.d50,
    seconds,
    engine: engine.name,
  };
}

await command('npm run quickstart --')
  .description('Simulates micrographs, trains a small network on them, and measures particles that it has never seen.')
  .option('--seed <n>', 'seed of the images, the weights and the training', integer(0), 1)
  .option('--out <folder>', 'where the results go', 'quickstart-out')
  .addOption(
    new Option('--engine <name>', 'what computes')
      .choices(['auto', 'tensorflow', 'webgpu', 'onnx', 'wasm', 'cpu'])
      .default('auto'),
  )
  .option('--short', 'train for 3 epochs only: shows that it runs, not what it can do')
  .action((options: Options) => runStoryInto(options.out, (folder, signal) => quickstart(options, folder, signal)))
  .parseAsync();
