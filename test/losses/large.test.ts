import { readFileSync } from 'node:fs';
import { dispose, memory, type Tensor, tensor, valueAndGrad } from '@tensorflow/tfjs-core';
import { useEngine } from 'segkit/engine';
import * as all from 'segkit/losses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** What `large.py` computes in float64 from the formulas: 4 images of 256 x 256 pixels, small classes, sure logits. */
interface Case {
  readonly loss: string;
  readonly options: Partial<all.LossOptions>;
  readonly how: 'plain' | 'weights';
  readonly value: number;
  /** Sums of the gradient over every 13th number, its norm, its largest number and 31 of them. */
  readonly sums: number[];
  readonly norm: number;
  readonly largest: number;
  readonly samples: number[];
}

const cases = JSON.parse(
  readFileSync(new URL('../fixtures/losses/large.json', import.meta.url), 'utf8'),
) as readonly Case[];
const BATCH = 4;
const SIDE = 256;
const PIXELS = BATCH * SIDE * SIDE;
const makers = all as unknown as Record<string, (options: object) => all.Loss>;

/** Numbers in 0..1, as `large.py` makes them. */
function hashed(count: number, seed: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    let x = Math.imul(i + seed, 2654435761);
    x = Math.imul(x ^ (x >>> 15), 739982445);
    return (x >>> 12) / 1048576;
  });
}

const disc = (x: number, y: number, radius: number, step: number, at: number): boolean =>
  ((x % step) - at) ** 2 + ((y % step) - at) ** 2 < radius * radius;

function exampleOf(mode: all.LossMode): { ids: Int32Array; hot: Float32Array; logits: Float32Array; classes: number } {
  const classes = mode === 'binary' ? 1 : 3;
  const ids = Int32Array.from({ length: PIXELS }, (_, i) => {
    const image = Math.floor(i / (SIDE * SIDE));
    if (image === BATCH - 1) return 0;
    const y = Math.floor(i / SIDE) % SIDE;
    const x = (i - 7 * image + SIDE) % SIDE;
    const small = disc(x, y, 2.5, 64, 5);
    if (mode === 'binary') return !small && disc(x, y, 8, 64, 32) ? 1 : 0;
    return small ? 2 : disc(x, y, 8, 64, 32) ? 1 : 0;
  });
  const hot = new Float32Array(PIXELS * classes);
  for (let i = 0; i < PIXELS; i++) {
    if (mode === 'binary') hot[i] = ids[i]!;
    else hot[3 * i + ids[i]!] = 1;
  }
  const noise = hashed(PIXELS * classes, 1);
  const wrong = hashed(PIXELS, 77);
  const logits = Float32Array.from({ length: PIXELS * classes }, (_, i) => {
    const sign = wrong[Math.floor(i / classes)]! < 0.03 ? -1 : 1;
    return (hot[i] === 1 ? 9 : -9) * sign + 12 * (noise[i]! - 0.5);
  });
  return { ids, hot, logits, classes };
}

const examples = new Map<all.LossMode, ReturnType<typeof exampleOf>>();
const hidden = hashed(PIXELS, 5).map((value) => (value < 0.125 ? 1 : 0));
const pixelWeights = Float32Array.from(hashed(PIXELS, 9), (value) => 3 * value);

function run({ loss, options, how }: Case): { value: number; gradient: Float32Array } {
  const mode = options.mode ?? (loss === 'binaryCrossEntropyLoss' ? 'binary' : 'multiclass');
  if (!examples.has(mode)) examples.set(mode, exampleOf(mode));
  const { ids, hot, logits, classes } = examples.get(mode)!;
  const marked = 'ignoreIndex' in options ? ids.map((id, i) => (hidden[i] === 1 ? 255 : id)) : ids;
  const target =
    mode === 'multilabel'
      ? tensor(hot, [BATCH, SIDE, SIDE, 3], 'float32')
      : tensor(marked, [BATCH, SIDE, SIDE], 'int32');
  const x = tensor(logits, [BATCH, SIDE, SIDE, classes], 'float32');
  const weights = how === 'weights' ? tensor(pixelWeights, [BATCH, SIDE, SIDE], 'float32') : undefined;
  const { value, grad } = valueAndGrad((z: Tensor) => makers[loss]!(options)(target, z, weights))(x);
  const result = { value: value.dataSync()[0]!, gradient: Float32Array.from(grad.dataSync()) };
  dispose([target, x, value, grad, ...(weights === undefined ? [] : [weights])]);
  return result;
}

/** The rest runs with `npm run proof:goldens`: every loss as it is by default, and what sorts, are in each run. */
const chosen = cases.filter(
  ({ loss, options, how }) =>
    process.env.SEGKIT_GOLDENS !== undefined ||
    (loss === 'lovaszLoss' && how === 'weights') ||
    (how === 'plain' && Object.keys(options).every((option) => option === 'mode' || option === 'distances')),
);

const title = ({ loss, options, how }: Case): string =>
  `${loss} ${JSON.stringify(options)}${how === 'weights' ? ', weights of pixels' : ''}`;

for (const engine of ['wasm', 'onnx'] as const) {
  describe(`values and gradients of large batches on ${engine} are those of float64`, () => {
    let before = 0;
    beforeAll(async () => {
      await useEngine(engine, { training: true });
      before = memory().numTensors;
    });
    afterAll(() => expect(memory().numTensors, 'leaked tensors').toBe(before));

    it.each(chosen.map((one) => [title(one), one] as const))('%s', (_, one) => {
      const { value, gradient } = run(one);
      const wrong: string[] = [];
      const check = (name: string, got: number, wanted: number, tolerance: number): void => {
        if (!(Math.abs(got - wanted) <= tolerance)) wrong.push(`${name} must be ${wanted}, got ${got}`);
      };
      check('value', value, one.value, 1e-5 * (1 + Math.abs(one.value)));
      let squares = 0;
      const sums = new Float64Array(13);
      gradient.forEach((slope, i) => {
        squares += slope * slope;
        sums[i % 13]! += slope;
      });
      check('norm of the gradient', Math.sqrt(squares), one.norm, 1e-4 * one.norm);
      // Numbers of which a sum consists may cancel: their norm is the measure.
      const part = one.norm * Math.sqrt(gradient.length / 13);
      one.sums.forEach((sum, i) => {
        check(`sum ${i}`, sums[i]!, sum, 1e-4 * part);
      });
      const step = Math.floor(gradient.length / 31);
      one.samples.forEach((sample, i) => {
        check(`gradient ${i * step}`, gradient[i * step]!, sample, 1e-4 * one.largest);
      });
      expect(wrong).toEqual([]);
    });
  });
}
