import {
  add,
  dot,
  memory,
  mul,
  profile,
  type Scalar,
  square,
  sub,
  type Tensor,
  tensor1d,
  tensor2d,
  tidy,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { AdamW, adamW } from 'segkit/training';
import { describe, expect, it } from 'vitest';
import cases from '../fixtures/training/adamW.json' with { type: 'json' };
import { useCpuBackend } from '../helpers/tensorflow.js';

useCpuBackend();

function optimizerOf({ lr, weight_decay, betas, eps, amsgrad }: (typeof cases)[number]['params']): AdamW {
  return adamW(lr, {
    weightDecay: weight_decay,
    ...(betas === undefined ? {} : { beta1: betas[0]!, beta2: betas[1]! }),
    ...(eps === undefined ? {} : { epsilon: eps }),
    ...(amsgrad === undefined ? {} : { amsgrad }),
  });
}

function vector(values: readonly number[]): Variable {
  return tidy(() => variable(tensor1d([...values])));
}

/** Steps a variable by given gradients and returns its values after each. */
function run(optimizer: AdamW, weight: Variable, gradients: readonly (readonly number[])[]): number[][] {
  return gradients.map((gradient) => {
    tidy(() => optimizer.applyGradients({ [weight.name]: tensor1d([...gradient]) }));
    return [...weight.dataSync()];
  });
}

function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(tolerance * (1 + Math.abs(value)));
  });
}

function dispose(...owners: readonly { dispose(): void }[]): void {
  for (const owner of owners) owner.dispose();
}

describe('adamW', () => {
  it('moves 1 by 0.1 * (0.01 * 1 + 1) = 0.101 in its first step, whatever the size of the gradient', () => {
    const weight = vector([1, 1]);
    const optimizer = adamW(0.1);
    const [values] = run(optimizer, weight, [[3, -300]]);
    expectClose(values!, [1 - 0.101, 1 - 0.001 + 0.1], 1e-6);
    dispose(weight, optimizer);
  });

  for (const { name, params, tolerance, start, parameters, gradients } of cases) {
    it(`follows PyTorch: ${name}`, () => {
      const weight = vector(start);
      const optimizer = optimizerOf(params);
      run(optimizer, weight, gradients).forEach((values, step) => {
        expectClose(values, parameters[step + 1]!, tolerance);
      });
      dispose(weight, optimizer);
    });
  }

  it('minimises by itself: Rosenbrock, 20 steps, against PyTorch', () => {
    const { params, start, parameters } = cases.find(({ name }) => name === 'rosenbrock_AdamW_lr0.01_wd0.1')!;
    const weight = vector(start);
    const optimizer = optimizerOf(params);
    const first = tensor1d([1, 0]);
    const second = tensor1d([0, 1]);
    for (let step = 1; step <= 20; step++) {
      optimizer.minimize(() => {
        const x: Tensor = dot(weight, first);
        const y: Tensor = dot(weight, second);
        return add<Scalar>(square(sub(1, x)), mul(100, square(sub(y, square(x)))));
      });
      // The float32 gradient near 1e2 carries 1e-5 of its own.
      expectClose([...weight.dataSync()], parameters[step]!, 1e-4);
    }
    dispose(weight, optimizer, first, second);
  });

  it('decays biases and normalisation parameters only as asked, by name and rank', () => {
    const names = ['conv/kernel', 'conv/bias', 'bn/gamma', 'dense/bias_1'];
    const values: Record<string, number[]> = {};
    for (const [key, options] of Object.entries({
      all: {},
      noBias: { decayBias: false },
      noNorm: { decayNorm: false },
    })) {
      const optimizer = adamW(0.5, { weightDecay: 1, ...options });
      values[key] = names.map((name) =>
        tidy(() => {
          const start = name.endsWith('kernel') ? tensor2d([1, 1], [2, 1]) : tensor1d([1, 1]);
          const weight: Variable = variable(start, true, `${key}/${name}`);
          optimizer.applyGradients([{ name: weight.name, tensor: mul(weight, 0) }]);
          const [value] = weight.dataSync();
          weight.dispose();
          return value!;
        }),
      );
      optimizer.dispose();
    }
    expect(values).toEqual({ all: [0.5, 0.5, 0.5, 0.5], noBias: [0.5, 1, 0.5, 1], noNorm: [0.5, 0.5, 1, 0.5] });
  });

  it('leaves a variable without a gradient alone, its steps uncounted', () => {
    const one = vector([1]);
    const two = vector([1]);
    const optimizer = adamW(0.1, { weightDecay: 0 });
    tidy(() => optimizer.applyGradients({ [one.name]: tensor1d([2]) }));
    expect(two.dataSync()[0]).toBe(1);
    tidy(() => optimizer.applyGradients({ [two.name]: tensor1d([2]) }));
    // A first step moves by the learning rate; a second one at this age would not.
    expectClose([...one.dataSync(), ...two.dataSync()], [0.9, 0.9], 1e-6);
    dispose(one, two, optimizer);
  });

  it('goes on from a saved state as if nothing had happened, under other names', async () => {
    const { start, gradients } = cases[0]!;
    for (const amsgrad of [false, true]) {
      const whole = vector(start);
      const one = adamW(0.01, { amsgrad });
      const expected = run(one, whole, gradients);

      const before = vector(start);
      const two = adamW(0.01, { amsgrad });
      run(two, before, gradients.slice(0, 7));
      const state = await two.getWeights();
      expect(state.map(({ name }) => name.replace(/^.*\//, ''))).toEqual(
        ['iter', 'steps', 'firstMoment', 'secondMoment', 'largestMoment'].slice(0, amsgrad ? 5 : 4),
      );
      const after = variable(before);
      const three = adamW(0.01, { amsgrad });
      await three.setWeights(state);
      for (const { tensor } of state) tensor.dispose();
      expect(three.iterations).toBe(7);
      expect(run(three, after, gradients.slice(7))).toEqual(expected.slice(7));
      dispose(whole, before, after, one, two, three);
    }
  });

  it('refuses a state of another optimiser or of other shapes', async () => {
    const weight = vector([1, 2]);
    const other = vector([1, 2, 3]);
    const optimizer = adamW(0.1);
    run(optimizer, weight, [[1, 1]]);
    const state = await optimizer.getWeights();
    await expect(adamW(0.1, { amsgrad: true }).setWeights(state)).rejects.toThrow(
      'state must hold iter, steps and 3 moments a variable of an adamW optimiser, got 4 tensors.',
    );
    const second = adamW(0.1);
    await second.setWeights(state);
    expect(() => run(second, other, [[1, 1, 1]])).toThrow(/the restored moment of .* must have shape \[3\], got \[2\]/);
    for (const { tensor } of state) tensor.dispose();
    dispose(weight, other, optimizer, second);
  });

  it('works in model.compile and frees what it took', async () => {
    const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'zeros' })] });
    const optimizer = adamW(0.1);
    model.compile({ optimizer, loss: 'meanSquaredError' });
    const x = tensor2d([1, 0, 0, 1], [2, 2]);
    const y = tensor2d([1, -1], [2, 1]);
    const { history } = await model.fit(x, y, { epochs: 20, verbose: 0 });
    expect(Number(history.loss?.at(-1))).toBeLessThan(Number(history.loss?.[0]) / 3);
    const tensors = memory().numTensors;
    optimizer.dispose();
    expect(tensors - memory().numTensors).toBe(4);
    x.dispose();
    y.dispose();
    model.dispose();
  });

  it('takes 11 kernels a variable and step: 2 for the first moment, 3 for the second, 6 for the weight', async () => {
    const weight = vector([1, 2]);
    const gradient = tensor1d([1, 1]);
    const optimizer = adamW(0.1);
    optimizer.applyGradients({ [weight.name]: gradient });
    const { kernels } = await profile(() => optimizer.applyGradients({ [weight.name]: gradient }));
    expect(kernels.map(({ name }) => name).filter((name) => name !== 'Identity' && name !== 'Cast')).toHaveLength(11);
    dispose(weight, gradient, optimizer);
  });

  it('round-trips its configuration', () => {
    const config = adamW(0.1, { weightDecay: 0.2, decayBias: false }).getConfig();
    const copy = AdamW.fromConfig(AdamW, config);
    expect(copy.getConfig()).toEqual(config);
    expect(copy.getClassName()).toBe('AdamW');
  });

  it('takes no step longer than lr * (1 + decay * |w|) times a constant, for any gradients', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 8 }),
        (values) => {
          const weight = vector([0]);
          const optimizer = adamW(0.01, { weightDecay: 0 });
          let last = 0;
          for (const [value] of run(
            optimizer,
            weight,
            values.map((gradient) => [gradient]),
          )) {
            // Kingma and Ba 2015, section 2.1: at most (1 - beta1) / sqrt(1 - beta2) = 3.16 times the rate.
            expect(Math.abs(value! - last)).toBeLessThanOrEqual(0.0317);
            last = value!;
          }
          dispose(weight, optimizer);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('names what is out of range', () => {
    expect(() => adamW(-1)).toThrow('learningRate must be a finite number at least 0, got -1.');
    expect(() => adamW(1, { weightDecay: -1 })).toThrow('weightDecay must be a finite number at least 0, got -1.');
    expect(() => adamW(1, { beta1: 1 })).toThrow('beta1 must be a finite number at least 0 and below 1, got 1.');
    expect(() => adamW(1, { beta2: -0.1 })).toThrow('beta2 must be a finite number at least 0 and below 1, got -0.1.');
    expect(() => adamW(1, { epsilon: 0 })).toThrow('epsilon must be a finite number above 0, got 0.');
    expect(() => adamW(1, { decay: 1 } as object)).toThrow('adamW has no option "decay"');
    const gradient = tensor1d([1]);
    expect(() => adamW(1).applyGradients({ nobody: gradient })).toThrow(
      'gradients must be of variables, got one of "nobody".',
    );
    gradient.dispose();
  });
});
