/**
 * Objects that touch, told apart: the same small U-Net trained on the same simulated micrographs three times, as plain
 * segmentation with connected components, with the boundary head, and with the distance head. Prints the object-level
 * F1 (a found object counts where its IoU with a true one is above 0.5) on images that none has seen:
 * `npx tsx bench/models/instances.ts [--steps 300] [--seed 1]`.
 */
import { parseArgs } from 'node:util';
import {
  dispose,
  type Scalar,
  sigmoid,
  softmax,
  type Tensor,
  tensor,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { contiguous, createMask, createProbabilityMap, type Labels, type ProbabilityMap, Random } from 'segkit/core';
import { useEngine } from 'segkit/engine';
import { binaryCrossEntropyLoss, crossEntropyLoss } from 'segkit/losses';
import { boundaryTarget, decodeInstances, distanceTarget, instanceUnet, plainUnet } from 'segkit/models';
import { label } from 'segkit/morphology';
import { simulateDataset } from 'segkit/simulate';
import { adamW } from 'segkit/training';

const { values } = parseArgs({
  options: { steps: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' } },
});
const [steps, seed] = [Number(values.steps), Number(values.seed)];
const [side, batch] = [96, 4];
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

function probabilities(model: LayersModel, kind: Kind, sample: Sample): ProbabilityMap {
  const x = tensor(normal(sample), [1, side, side, 1]);
  const logits = model.predict(x) as Tensor;
  const result = kind === 'distance' ? sigmoid(logits) : softmax(logits);
  const map = createProbabilityMap(Float32Array.from(result.dataSync()), [side, side, logits.shape[3]!]);
  dispose([x, logits, result]);
  return map;
}

function objects(kind: Kind, probability: ProbabilityMap): Labels {
  if (kind !== 'components') return decodeInstances(probability, { representation: kind });
  const { data } = contiguous(probability);
  const mask = Uint8Array.from({ length: side * side }, (_, i) => (data[2 * i + 1]! > 0.5 ? 1 : 0));
  return label(createMask(mask, [side, side]));
}

/** True positives, found and true objects at an IoU above 0.5, where at most one can match. */
function matches(found: Labels, truth: Labels): readonly [number, number, number] {
  const [a, b] = [contiguous(found).data, contiguous(truth).data];
  const [areaA, areaB, both] = [new Map<number, number>(), new Map<number, number>(), new Map<string, number>()];
  const count = <Key>(map: Map<Key, number>, key: Key): void => void map.set(key, (map.get(key) ?? 0) + 1);
  a.forEach((id, i) => {
    if (id > 0) count(areaA, id);
    if (b[i]! > 0) count(areaB, b[i]!);
    if (id > 0 && b[i]! > 0) count(both, `${id} ${b[i]}`);
  });
  let hits = 0;
  for (const [key, common] of both) {
    const [own, other] = key.split(' ').map(Number) as [number, number];
    if (common / (areaA.get(own)! + areaB.get(other)! - common) > 0.5) hits++;
  }
  return [hits, areaA.size, areaB.size];
}

await useEngine('onnx', { training: true });
console.log('| objects from | F1 at IoU 0.5 | found | true |\n| --- | ---: | ---: | ---: |');
for (const kind of ['components', 'boundary', 'distance'] as const) {
  const model = train(kind);
  let [hits, found, truth] = [0, 0, 0];
  for (const sample of test) {
    const [h, f, t] = matches(objects(kind, probabilities(model, kind, sample)), sample.labels);
    hits += h;
    found += f;
    truth += t;
  }
  console.log(`| ${kind} | ${((2 * hits) / (found + truth)).toFixed(3)} | ${found} | ${truth} |`);
  model.dispose();
}
