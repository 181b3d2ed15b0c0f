import { readFileSync } from 'node:fs';
import { dispose, type Tensor, tensor, valueAndGrad } from '@tensorflow/tfjs-core';
import {
  binaryCrossEntropyLoss,
  crossEntropyLoss,
  diceLoss,
  focalLoss,
  jaccardLoss,
  type Loss,
  type LossMode,
  sumLosses,
} from 'segkit/losses';
import { describe, expect, it } from 'vitest';
import { useCpuBackend } from '../helpers/tensorflow.js';

interface Packed {
  shape: number[];
  dtype: 'u8' | 'f64';
  base64: string;
}
interface Params {
  mode?: LossMode;
  alpha?: number;
  gamma?: number;
  normalized?: boolean;
  reduced_threshold?: number;
  reduction?: 'mean' | 'sum';
  ignore_index?: number;
  log_loss?: boolean;
  smooth?: number;
  eps?: number;
  classes?: number[];
  weight?: number[];
  pos_weight?: number[];
  label_smoothing?: number;
  from_logits?: boolean;
  head_same?: boolean | string;
}
interface Case {
  name: string;
  fn: string;
  params: Params;
  tolerance: number;
  logits: number;
  target: number;
  loss: number | string;
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

function build(fn: string, params: Params, smp: 'main' | '0.3.3'): Loss {
  const { mode = 'multiclass', alpha, gamma, reduction, classes, smooth, eps } = params;
  const overlap = given({ mode, classes, smooth, eps, logLoss: params.log_loss, ignoreIndex: params.ignore_index });
  const focal = given({ mode, alpha, gamma, normalized: params.normalized, reduction });
  if (fn.startsWith('FocalLoss(')) {
    return sumLosses([
      [1, focalLoss({ mode, alpha: 0.25, gamma: 2, smp })],
      [1, jaccardLoss({ mode })],
    ]);
  }
  if (fn === 'smp.losses.DiceLoss') return diceLoss({ ...overlap, smp });
  if (fn === 'smp.losses.JaccardLoss') return jaccardLoss(overlap);
  if (fn === 'smp.losses.FocalLoss') {
    const { reduced_threshold: reducedThreshold, ignore_index: ignoreIndex } = params;
    return focalLoss({ ...focal, ...given({ reducedThreshold, ignoreIndex }), smp });
  }
  if (fn.includes('cross_entropy_with_logits')) {
    return binaryCrossEntropyLoss({
      mode: mode === 'binary' ? 'binary' : 'multilabel',
      ...given({ positiveWeight: params.pos_weight, classWeights: params.weight, reduction }),
    });
  }
  const { weight: classWeights, label_smoothing: labelSmoothing, ignore_index: ignoreIndex } = params;
  return crossEntropyLoss(given({ classWeights, labelSmoothing, ignoreIndex, reduction }));
}

function check(entry: Case, smp: 'main' | '0.3.3', expectedLoss: number, expectedGradient: Packed): void {
  const { shape } = arrays[entry.logits]!;
  const packedTarget = arrays[entry.target]!;
  const hard = packedTarget.dtype === 'u8';
  const logits = tensor(Float32Array.from(values(arrays[entry.logits]!)), shape, 'float32');
  const target: Tensor = tensor(Array.from(values(packedTarget)), packedTarget.shape, hard ? 'int32' : 'float32');
  const loss = build(entry.fn, entry.params, smp);
  const { value, grad } = valueAndGrad((x: Tensor) => loss(target, x))(logits);
  const got = value.dataSync()[0]!;
  const gradient = grad.dataSync();
  dispose([logits, target, value, grad]);
  expect(Math.abs(got - expectedLoss), `loss ${got} against ${expectedLoss}`).toBeLessThanOrEqual(
    entry.tolerance * (1 + Math.abs(expectedLoss)),
  );
  const wanted = values(expectedGradient);
  expect(gradient.length).toBe(wanted.length);
  // Stricter than asked: gradients are far below 1, so errors are measured against the largest of them.
  let worst = 0;
  let largest = 0;
  wanted.forEach((number, i) => {
    worst = Math.max(worst, Math.abs(gradient[i]! - number));
    largest = Math.max(largest, Math.abs(number));
  });
  expect(worst, 'gradient').toBeLessThanOrEqual(entry.tolerance * Math.min(1, largest) + 1e-9);
}

describe('losses equal SMP 0.3.3, SMP main and PyTorch, values and gradients', () => {
  useCpuBackend();
  for (const entry of cases) {
    const { name, params } = entry;
    // Losses take logits; probabilities as input belong to none of them.
    if (params.from_logits === false) continue;
    if (entry.loss === 'NaN') {
      // SMP and PyTorch return NaN where every pixel is ignored; here such a batch costs nothing.
      it(`${name}: 0 where the peer returns NaN`, () => {
        const zeros = { ...arrays[entry.gradient]! };
        zeros.base64 = Buffer.from(new Float64Array(zeros.shape.reduce((a, b) => a * b)).buffer).toString('base64');
        check(entry, 'main', 0, zeros);
      });
      continue;
    }
    it(`${name}: SMP 0.3.3 or PyTorch`, () => {
      check(entry, '0.3.3', entry.loss as number, arrays[entry.gradient]!);
    });
    if (typeof entry.headLoss === 'number') {
      it(`${name}: SMP main`, () => check(entry, 'main', entry.headLoss as number, arrays[entry.headGradient!]!));
    } else if (params.head_same === true) {
      it(`${name}: SMP main, the same`, () => check(entry, 'main', entry.loss as number, arrays[entry.gradient]!));
    }
  }
});
