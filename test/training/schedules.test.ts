import fc from 'fast-check';
import {
  constantLr,
  cosineLr,
  exponentialLr,
  multiStepLr,
  polynomialLr,
  type Schedule,
  stepLr,
  warmup,
} from 'segkit/training';
import { describe, expect, it } from 'vitest';
import cases from '../fixtures/training/schedules.json' with { type: 'json' };

const SCHEDULES: Record<string, Schedule> = {
  'sched_StepLR_5_0.9': stepLr({ stepSize: 5, gamma: 0.9 }),
  'sched_StepLR_10_0.1': stepLr({ stepSize: 10 }),
  sched_MultiStepLR: multiStepLr({ milestones: [8, 20, 33], gamma: 0.3 }),
  sched_ExponentialLR: exponentialLr({ gamma: 0.93 }),
  sched_CosineAnnealingLR_40: cosineLr({ epochs: 40 }),
  sched_CosineAnnealingLR_15_min: cosineLr({ epochs: 15, minFactor: 1e-5 / 3e-4 }),
  sched_WarmupCosine: warmup({ epochs: 5, startFactor: 0.1, next: cosineLr({ epochs: 35, minFactor: 1e-6 / 3e-4 }) }),
  sched_LinearLR: warmup({ epochs: 10, startFactor: 0.25 }),
  sched_ConstantLR: constantLr({ factor: 0.5, epochs: 6 }),
  'sched_PolynomialLR_0.9': polynomialLr({ epochs: 40, power: 0.9 }),
  sched_PolynomialLR_2_30: polynomialLr({ epochs: 30, power: 2 }),
};

describe('schedules', () => {
  for (const { name, params, learningRates } of cases) {
    it(`follows PyTorch: ${name}`, () => {
      const schedule = SCHEDULES[name]!;
      learningRates.forEach((rate, epoch) => {
        expect(Math.abs(schedule(epoch) * params.lr - rate)).toBeLessThanOrEqual(1e-9 * params.lr);
      });
    });
  }

  it('never leaves 0..1', () => {
    const all = Object.values(SCHEDULES);
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.double({ min: 0, max: 200, noNaN: true }), (schedule, epoch) => {
        expect(schedule(epoch)).toBeGreaterThanOrEqual(0);
        expect(schedule(epoch)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('names what is out of range', () => {
    expect(() => stepLr({ stepSize: 0 })).toThrow('stepSize must be an integer at least 1, got 0.');
    expect(() => stepLr({ stepSize: 1, gamma: 0 })).toThrow('gamma must be a finite number above 0, got 0.');
    expect(() => multiStepLr({ milestones: [5, 5] })).toThrow('milestones[1] must be an integer above 5, got 5.');
    expect(() => exponentialLr({ gamma: Number.NaN })).toThrow('gamma must be a finite number above 0, got NaN.');
    expect(() => constantLr({ factor: -1 })).toThrow('factor must be a finite number at least 0, got -1.');
    expect(() => cosineLr({ epochs: 1.5 })).toThrow('epochs must be an integer at least 1, got 1.5.');
    expect(() => cosineLr({ epochs: 1, minFactor: 2 })).toThrow('minFactor must be a finite number at least 0 and at');
    expect(() => polynomialLr({ epochs: 1, power: 0 })).toThrow('power must be a finite number above 0, got 0.');
    expect(() => warmup({ epochs: 1, startFactor: 2 })).toThrow('startFactor must be a finite number at least 0');
    expect(() => warmup({ epochs: 1, after: stepLr } as never)).toThrow('warmup has no option "after"');
  });
});
