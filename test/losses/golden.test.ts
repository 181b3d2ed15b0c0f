import { readFileSync } from 'node:fs';
import { dispose, sum, type Tensor, tensor, valueAndGrad } from '@tensorflow/tfjs-core';
import {
  binaryCrossEntropyLoss,
  crossEntropyLoss,
  diceLoss,
  focalLoss,
  generalizedDiceLoss,
  generalizedWassersteinDiceLoss,
  jaccardLoss,
  klDivergenceLoss,
  type Loss,
  type LossMode,
  lovaszLoss,
  mccLoss,
  meanAbsoluteErrorLoss,
  meanSquaredErrorLoss,
  smoothL1Loss,
  sumLosses,
  tverskyLoss,
  type UnreducedLoss,
} from 'segkit/losses';
import { describe, expect, it } from 'vitest';
import { useCpuBackend } from '../helpers/tensorflow.js';

interface Packed {
  shape: number[];
  dtype: 'u8' | 'f64';
  base64: string;
}
type Nested = number | Nested[];
interface Params {
  mode?: LossMode;
  alpha?: number;
  beta?: number;
  gamma?: number;
  normalized?: boolean;
  reduced_threshold?: number;
  reduction?: 'mean' | 'sum' | 'none';
  ignore_index?: number | null;
  log_loss?: boolean;
  smooth?: number;
  smooth_factor?: number;
  eps?: number;
  classes?: number[];
  weight?: Nested[];
  pos_weight?: Nested[];
  label_smoothing?: number;
  per_image?: boolean;
  from_logits?: boolean;
  head_same?: boolean | string;
  include_background?: boolean;
  squared_pred?: boolean;
  batch?: boolean;
  jaccard?: boolean;
  smooth_nr?: number;
  w_type?: 'square' | 'simple' | 'uniform';
  use_softmax?: boolean;
  dist_matrix?: number[][];
}
interface Case {
  name: string;
  fn: string;
  params: Params;
  tolerance: number;
  logits: number;
  target: number;
  loss: number | string | { array: number };
  gradient: number;
  headLoss?: number;
  headGradient?: number;
}

const { arrays, cases } = JSON.parse(
  readFileSync(new URL('../fixtures/losses/golden.json', import.meta.url), 'utf8'),
) as { arrays: Packed[]; cases: Case[] };

function values({ dtype, base64 }: Packed): Float64Array | Uint8Array {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return dtype === 'u8' ? bytes : new Float64Array(bytes.buffer);
}

/** Drops what is not given, so that only options of the loss are passed on. */
function given<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}

/** MONAI's losses by our options: counts in every image, absent classes as they are, smooth in the doubled ratio. */
function buildMonai(name: string, params: Params): Loss {
  const mode = 'multiclass';
  const classes = params.include_background === false ? [1, 2] : undefined;
  const smooth = params.smooth_nr ?? 1e-5;
  const shared = given({ mode, classes, smooth, perImage: params.batch !== true }) as { mode: LossMode };
  if (name === 'DiceLoss') {
    const overlap = { ...shared, absent: 'count' as const, squared: params.squared_pred === true };
    return params.jaccard ? jaccardLoss({ ...overlap, smooth: smooth / 2 }) : diceLoss({ ...overlap, smp: '0.3.3' });
  }
  if (name === 'GeneralizedDiceLoss') return generalizedDiceLoss({ ...shared, sizeWeights: params.w_type ?? 'square' });
  if (name === 'TverskyLoss') {
    return tverskyLoss({ ...shared, alpha: params.alpha!, beta: params.beta!, absent: 'count' });
  }
  if (name === 'FocalLoss') {
    const activation = params.use_softmax ? 'softmax' : 'sigmoid';
    return focalLoss({ mode, activation, ...given({ gamma: params.gamma, alpha: params.alpha, classes }) });
  }
  if (name === 'GeneralizedWassersteinDiceLoss') {
    return generalizedWassersteinDiceLoss({ distances: params.dist_matrix! });
  }
  const dice = diceLoss({ ...shared, absent: 'count', smp: '0.3.3' });
  const other = name === 'DiceCELoss' ? crossEntropyLoss() : focalLoss({ mode });
  return sumLosses([
    [1, dice],
    [1, other],
  ]);
}

function build(fn: string, params: Params, smp: 'main' | '0.3.3'): Loss | UnreducedLoss {
  const { mode = 'multiclass', alpha, beta, gamma, reduction, classes, smooth, eps } = params;
  const ignoreIndex = params.ignore_index ?? undefined;
  const fromLogits = params.from_logits;
  const overlap = given({ mode, classes, smooth, eps, logLoss: params.log_loss, ignoreIndex, fromLogits });
  const positiveWeight = params.pos_weight?.flat(3) as number[] | undefined;
  const classWeights = params.weight?.flat(3) as number[] | undefined;
  if (fn.startsWith('monai.losses.')) return buildMonai(fn.slice(13), params);
  if (fn.startsWith('FocalLoss(')) {
    return sumLosses([
      [1, focalLoss({ mode, alpha: 0.25, gamma: 2, smp })],
      [1, jaccardLoss({ mode })],
    ]);
  }
  if (fn === 'smp.losses.DiceLoss') return diceLoss({ ...overlap, smp });
  if (fn === 'smp.losses.JaccardLoss') return jaccardLoss(overlap);
  if (fn === 'smp.losses.TverskyLoss') return tverskyLoss({ ...overlap, ...given({ alpha, beta, gamma }) });
  if (fn === 'smp.losses.FocalLoss') {
    const { reduced_threshold: reducedThreshold, normalized } = params;
    return focalLoss({
      ...given({ mode, alpha, gamma, normalized, reduction, reducedThreshold, ignoreIndex }),
      smp,
    }) as Loss;
  }
  if (fn === 'smp.losses.LovaszLoss') {
    return lovaszLoss({ ...given({ mode, ignoreIndex, perImage: params.per_image }), pooled: mode === 'multilabel' });
  }
  if (fn === 'smp.losses.SoftBCEWithLogitsLoss') {
    return binaryCrossEntropyLoss({
      ...given({ mode: mode as 'binary', positiveWeight, classWeights, reduction, ignoreIndex }),
      ...given({ smooth: params.smooth_factor }),
      meanOver: 'all',
    });
  }
  if (fn === 'smp.losses.SoftCrossEntropyLoss') {
    return crossEntropyLoss({ ...given({ reduction, ignoreIndex, smooth: params.smooth_factor }), meanOver: 'all' });
  }
  if (fn.startsWith('smp.losses.MCCLoss')) return mccLoss({ mode, ...given({ smooth: eps }) });
  if (fn.includes('cross_entropy_with_logits')) {
    const kind = mode === 'binary' ? 'binary' : 'multilabel';
    return binaryCrossEntropyLoss(given({ mode: kind as 'binary', positiveWeight, classWeights, reduction })) as Loss;
  }
  if (fn.startsWith('kl_div')) return klDivergenceLoss();
  if (fn.startsWith('mse_loss')) return meanSquaredErrorLoss({ mode });
  if (fn.startsWith('l1_loss')) return meanAbsoluteErrorLoss({ mode });
  if (fn.startsWith('smooth_l1_loss')) return smoothL1Loss({ mode: 'multilabel', beta: beta! });
  if (!fn.startsWith('torch.nn.functional.cross_entropy')) throw new Error(`no loss for ${fn}`);
  return crossEntropyLoss(given({ classWeights, smooth: params.label_smoothing, ignoreIndex, reduction }));
}

/** What gradients of equal errors sum up to, in absolute numbers, by falling error. */
function sumsOfTies(gradient: ArrayLike<number>, errorAt: (i: number) => number): number[] {
  const sums = new Map<number, number>();
  Array.from(gradient).forEach((value, i) => {
    sums.set(errorAt(i), (sums.get(errorAt(i)) ?? 0) + Math.abs(value));
  });
  return [...sums].sort(([a], [b]) => b - a).map(([, total]) => total);
}

function check(entry: Case, smp: 'main' | '0.3.3', expected: ArrayLike<number>, expectedGradient: Packed): void {
  const { shape } = arrays[entry.logits]!;
  const packedTarget = arrays[entry.target]!;
  const hard = packedTarget.dtype === 'u8';
  const logits = tensor(Float32Array.from(values(arrays[entry.logits]!)), shape, 'float32');
  const target: Tensor = tensor(Array.from(values(packedTarget)), packedTarget.shape, hard ? 'int32' : 'float32');
  const loss = build(entry.fn, entry.params, smp);
  const { value, grad } = valueAndGrad((x: Tensor) => sum(loss(target, x)))(logits);
  const unreduced = loss(target, logits);
  const got = Array.from(unreduced.dataSync());
  let gradient: ArrayLike<number> = grad.dataSync();
  const scores = logits.dataSync();
  const target01 = target.dataSync();
  dispose([logits, target, value, grad, unreduced]);
  expect(got.length).toBe(expected.length);
  got.forEach((number, i) => {
    expect(Math.abs(number - expected[i]!), `loss ${number} against ${expected[i]}`).toBeLessThanOrEqual(
      entry.tolerance * (1 + Math.abs(expected[i]!)),
    );
  });
  let wanted: ArrayLike<number> = values(expectedGradient);
  if (entry.name === 'LovaszLoss_bi_def_ext') {
    // Errors are equal here, and how their gains are shared out depends on the order of sorting; their sums do not.
    const error = (i: number): number => 1 + (target01[i] === 1 ? -1 : 1) * scores[i]!;
    [gradient, wanted] = [sumsOfTies(gradient, error), sumsOfTies(wanted, error)];
  }
  expect(gradient.length).toBe(wanted.length);
  // Stricter than asked: gradients are far below 1, so errors are measured against the largest of them.
  let worst = 0;
  let largest = 0;
  Array.from(wanted).forEach((number, i) => {
    worst = Math.max(worst, Math.abs(gradient[i]! - number));
    largest = Math.max(largest, Math.abs(number));
  });
  expect(worst, 'gradient').toBeLessThanOrEqual(entry.tolerance * Math.min(1, largest) + 1e-9);
}

/** The value of MONAI's formula without its mistake: counts of every image on its own, by plain loops. */
function wassersteinDice(entry: Case): number {
  const [batch, height, width, classes] = arrays[entry.logits]!.shape as [number, number, number, number];
  const logits = values(arrays[entry.logits]!);
  const target = values(arrays[entry.target]!);
  const matrix = entry.params.dist_matrix!;
  let total = 0;
  for (let image = 0; image < batch; image++) {
    let hit = 0;
    let error = 0;
    for (let i = image * height * width; i < (image + 1) * height * width; i++) {
      const exps = Array.from({ length: classes }, (_, k) => Math.exp(logits[i * classes + k]!));
      const norm = exps.reduce((a, b) => a + b);
      const own = exps.reduce((sum, exp, k) => sum + (matrix[target[i]!]![k]! * exp) / norm, 0);
      error += own;
      if (target[i] !== 0) hit += 1 - own;
    }
    total += (1 - (2 * hit + 1e-5) / (2 * hit + error + 1e-5)) / batch;
  }
  return total;
}

describe('losses equal SMP 0.3.3, SMP main, MONAI and PyTorch, values and gradients', () => {
  useCpuBackend();
  it('holds every case of the goldens', () => expect(cases).toHaveLength(294));
  for (const entry of cases) {
    const { name, params } = entry;
    if (entry.loss === 'NaN') {
      // SMP and PyTorch return NaN where every pixel is ignored; here such a batch costs nothing.
      it(`${name}: 0 where the peer returns NaN`, () => {
        const zeros = { ...arrays[entry.gradient]! };
        zeros.base64 = Buffer.from(new Float64Array(zeros.shape.reduce((a, b) => a * b)).buffer).toString('base64');
        check(entry, 'main', [0], zeros);
      });
      continue;
    }
    if (name.startsWith('monai_gwdl')) {
      it(`${name}: each image on its own, where MONAI adds up true positives over other images`, () => {
        const { shape } = arrays[entry.logits]!;
        const logits = tensor(Float32Array.from(values(arrays[entry.logits]!)), shape, 'float32');
        const target = tensor(Array.from(values(arrays[entry.target]!)), arrays[entry.target]!.shape, 'int32');
        const value = build(entry.fn, params, 'main')(target, logits);
        const got = value.dataSync()[0]!;
        dispose([logits, target, value]);
        expect(got).toBeCloseTo(wassersteinDice(entry), 6);
        expect(got).not.toBeCloseTo(entry.loss as number, 2);
      });
      continue;
    }
    const expected = typeof entry.loss === 'object' ? values(arrays[entry.loss.array]!) : [entry.loss as number];
    it(`${name}: SMP 0.3.3, MONAI or PyTorch`, () => {
      check(entry, '0.3.3', expected, arrays[entry.gradient]!);
    });
    if (typeof entry.headLoss === 'number') {
      it(`${name}: SMP main`, () => check(entry, 'main', [entry.headLoss as number], arrays[entry.headGradient!]!));
    } else if (params.head_same === true) {
      it(`${name}: SMP main, the same`, () => check(entry, 'main', expected, arrays[entry.gradient]!));
    }
  }
});
