/**
 * Objects that touch, told apart: the same small U-Net trained on the same simulated micrographs three times, as plain
 * segmentation, whose mask is taken apart in four ways, with the boundary head, and with the distance head. Prints the
 * object-level F1 (a found object counts where its IoU with a true one is at least 0.5, or 0.75) on images that none has
 * seen: `npm run bench:instances -- [--steps 300] [--seed 1]`. The table stands in docs/models.md.
 */
import { parseArgs } from 'node:util';
import { dispose, type Scalar, type Tensor, tensor, type Variable, variableGrads } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { contiguous, createMask, type Labels, type Mask, type ProbabilityMap, Random } from 'segkit/core';
import { useEngine } from 'segkit/engine';
import { predict } from 'segkit/inference';
import { binaryCrossEntropyLoss, crossEntropyLoss } from 'segkit/losses';
import { addInstanceCounts, instanceCounts, instanceScores } from 'segkit/metrics';
import { annotateModel, boundaryTarget, decodeInstances, distanceTarget, instanceUnet, plainUnet } from 'segkit/models';
import { label, splitByConcavity, splitByEllipses, splitByWatershed } from 'segkit/morphology';
import { simulateDataset } from 'segkit/simulate';
import { adamW } from 'segkit/training';

const { values } = parseArgs({
  options: { steps: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' } },
});
const [steps, seed] = [Number(values.steps), Number(values.seed)];
const [side, batch] = [96, 4];
if (!Number.isInteger(steps) || steps < 1)
  throw new RangeError(`--steps must be an integer of 1 or more, got ${values.steps}.`);
const scene = { height: side, width: side, coverage: 0.35, touching: 0.8, gap: 2 } as const;
const training = simulateDataset({ count: 40, seed, ...scene });
const test = simulateDataset({ count: 20, seed: seed + 1000, ...scene });
type Sample = (typeof training)[number];
type Kind = 'components' | 'boundary' | 'distance';

/** Samples of an image with mean 0 and deviation 1. */
function normal({ image }: Sample): Float32Array {
  const data = Float64Array.from(contiguous(image).data);
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const square = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
  return Float32Array.from(data, (value) => (value - mean) / Math.sqrt(square));
}

function targetOf(kind: Kind, labels: Labels): Int32Array | Float32Array {
  if (kind === 'distance') return contiguous(distanceTarget(labels)).data;
  if (kind === 'boundary') return Int32Array.from(contiguous(boundaryTarget(labels)).data);
  return Int32Array.from(contiguous(labels).data, (id) => (id > 0 ? 1 : 0));
}

function train(kind: Kind): LayersModel {
  const options = { inputShape: [side, side, 1], baseFilters: 8, levels: 3, seed } as const;
  const model =
    kind === 'components' ? plainUnet({ ...options, classes: 2 }) : instanceUnet({ ...options, representation: kind });
  const loss = kind === 'distance' ? binaryCrossEntropyLoss({ mode: 'multilabel' }) : crossEntropyLoss();
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
  const optimizer = adamW(3e-3);
  const random = new Random(seed);
  for (let step = 0; step < steps; step++) {
    const chosen = Array.from({ length: batch }, () => training[random.integer(0, training.length)]!);
    const pixels = side * side;
    const images = new Float32Array(batch * pixels);
    const channels = kind === 'distance' ? 2 : 1;
    const targets = new Float32Array(batch * pixels * channels);
    chosen.forEach((sample, i) => {
      images.set(normal(sample), i * pixels);
      targets.set(targetOf(kind, sample.labels), i * pixels * channels);
    });
    const x = tensor(images, [batch, side, side, 1]);
    const y =
      kind === 'distance'
        ? tensor(targets, [batch, side, side, 2])
        : tensor(Int32Array.from(targets), [batch, side, side], 'int32');
    const { value, grads } = variableGrads(
      () => loss(y, model.apply(x, { training: true }) as Tensor) as Scalar,
      variables,
    );
    optimizer.applyGradients(grads);
    dispose([x, y, value, ...Object.values(grads)]);
  }
  optimizer.dispose();
  return model;
}

function foreground(probability: ProbabilityMap): Mask {
  const { data } = contiguous(probability);
  return createMask(
    Uint8Array.from({ length: side * side }, (_, i) => (data[2 * i + 1]! > 0.5 ? 1 : 0)),
    [side, side],
  );
}

/** How objects come of what the network of each kind predicts. */
const WAYS: Readonly<Record<Kind, Readonly<Record<string, (probability: ProbabilityMap) => Labels>>>> = {
  components: {
    'components of the mask': (probability) => label(foreground(probability)),
    'the mask, `splitByWatershed`': (probability) => splitByWatershed(foreground(probability)).labels,
    'the mask, `splitByConcavity`': (probability) => splitByConcavity(foreground(probability)).labels,
    'the mask, `splitByEllipses`': (probability) => splitByEllipses(foreground(probability)).labels,
  },
  boundary: { "`instanceUnet`, `'boundary'`": (probability) => decodeInstances(probability) },
  distance: {
    "`instanceUnet`, `'distance'`": (probability) => decodeInstances(probability, { representation: 'distance' }),
  },
};

await useEngine('onnx', { training: true });
console.log('| objects from | F1 at IoU 0.5 | F1 at IoU 0.75 | found | true |\n| --- | ---: | ---: | ---: | ---: |');
for (const kind of ['components', 'boundary', 'distance'] as const) {
  const model = train(kind);
  annotateModel(model, { normalization: { normalization: 'image' } });
  const mode = kind === 'distance' ? 'multilabel' : 'multiclass';
  const maps: ProbabilityMap[] = [];
  for (const { image } of test) maps.push(await predict(model, image, { mode }));
  for (const [name, way] of Object.entries(WAYS[kind])) {
    const found = maps.map(way);
    const at = (threshold: number) =>
      addInstanceCounts(...found.map((labels, i) => instanceCounts(test[i]!.labels, labels, { threshold })));
    const [half, three] = [at(0.5), at(0.75)];
    const { truePositives: tp, falsePositives: fp, falseNegatives: fn } = half;
    const scores = [half, three].map((counts) => instanceScores(counts).f1.toFixed(3));
    console.log(`| ${name} | ${scores.join(' | ')} | ${tp + fp} | ${tp + fn} |`);
  }
  model.dispose();
}
