import '@tensorflow/tfjs-backend-wasm';
import {
  dispose,
  memory,
  mul,
  ones,
  ready,
  type Scalar,
  setBackend,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tensor1d,
  tensor4d,
  tidy,
  type Variable,
  valueAndGrad,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { useEngine } from 'segkit/engine';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { activate } from '../../src/models/layers/activate.js';
import { GlobalPool2D } from '../../src/models/layers/globalPool2d.js';
import { normalizeBatch } from '../../src/models/layers/normalizeBatch.js';
import type { StatefulLayer } from '../../src/models/layers/stateTensor.js';
import { TorchBatchNorm2D } from '../../src/models/layers/torchBatchNorm2d.js';
import { TorchConv2D } from '../../src/models/layers/torchConv2d.js';
import { TorchConv2DTranspose } from '../../src/models/layers/torchConv2dTranspose.js';
import { TorchDepthwiseConv2D } from '../../src/models/layers/torchDepthwiseConv2d.js';
import { TorchGroupNorm } from '../../src/models/layers/torchGroupNorm.js';
import { TorchMaxPool2D } from '../../src/models/layers/torchMaxPool2d.js';
import { Upsample2D } from '../../src/models/layers/upsample2d.js';
import { goldenArray, goldenCase, goldenTensor, NHWC } from './golden.js';

type AnyLayer = InstanceType<typeof layers.Layer>;

const KERNEL_AXES = {
  convolution: [2, 3, 1, 0],
  depthwise: [2, 3, 0, 1],
  transposed: [2, 3, 1, 0],
  linear: [1, 0],
} as const;

function close(name: string, got: Tensor, file: string | undefined, tolerance: number, axes?: number[]): void {
  const wanted = goldenTensor(file, axes);
  expect(got.shape, name).toEqual(wanted.shape);
  const [a, b] = [got.dataSync(), wanted.dataSync()];
  let worst = 0;
  for (let i = 0; i < b.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!) / (1 + Math.abs(b[i]!)));
  wanted.dispose();
  expect(worst, name).toBeLessThanOrEqual(tolerance);
}

/** Frees a layer that stood in no model. */
function free(layer: AnyLayer): void {
  for (const weight of layer.weights) weight.dispose();
}

/** Result and gradients of sum(y * cotangent), compared with a golden case. */
function checkLayer(name: string, layer: AnyLayer & Partial<StatefulLayer>, training: boolean): void {
  const { inputs, outputs, tolerance } = goldenCase(name);
  const x = goldenTensor(inputs.x, NHWC);
  const cotangent = goldenTensor(inputs.cotangent, NHWC);
  layer.build(x.shape);
  const files: Record<string, string | undefined> = {
    weight: inputs.weight ?? inputs.gamma,
    bias: inputs.bias ?? inputs.beta,
    running_mean: inputs.running_mean,
    running_var: inputs.running_var,
  };
  const entries = layer.stateTensors?.() ?? [];
  // Norms without weights in the golden keep ones and zeros.
  for (const { leaf, variable, layout } of entries.filter(({ leaf }) => files[leaf] !== undefined)) {
    const axes = layout === 'vector' ? undefined : [...KERNEL_AXES[layout]];
    const value = goldenTensor(files[leaf], axes);
    variable.write(value);
    value.dispose();
  }
  const y = tidy(() => layer.call(x, { training: false }) as Tensor4D);
  close('inference', y, outputs.y, tolerance, NHWC);
  const result = valueAndGrad((input: Tensor) => {
    const out = layer.call(input, { training }) as Tensor4D;
    return sum<Scalar>(mul(out, cotangent));
  })(x);
  close('gradient of x', result.grad, outputs.grad_x, tolerance, NHWC);
  dispose([y, result.value, result.grad]);
  const learned = entries.filter(({ leaf, variable }) => variable.trainable && files[leaf] !== undefined);
  if (learned.length > 0) {
    const variables = learned.map(({ variable }) => variable.read() as Variable);
    const { value, grads } = variableGrads(
      () => sum(mul(layer.call(x, { training }) as Tensor4D, cotangent)),
      variables,
    );
    learned.forEach(({ leaf, layout }, i) => {
      const axes = layout === 'vector' ? undefined : [...KERNEL_AXES[layout]];
      const file = outputs[`grad_${leaf}`] ?? outputs[leaf === 'weight' ? 'grad_gamma' : 'grad_beta'];
      close(`gradient of ${leaf}`, grads[variables[i]!.name]!, file, tolerance, axes);
    });
    dispose([value, ...Object.values(grads)]);
  }
  free(layer);
  dispose([x, cotangent]);
}

for (const backend of ['cpu', 'wasm'] as const) {
  describe(`layers on ${backend} equal PyTorch's`, () => {
    let before = 0;
    beforeAll(async () => {
      await useEngine(backend, { training: true });
    });
    beforeEach(() => {
      before = memory().numTensors;
    });
    afterEach(() => {
      expect(memory().numTensors, 'leaked tensors').toBe(before);
    });
    afterAll(async () => {
      await setBackend('cpu');
      await ready();
    });

    for (const [kernelSize, strides, padding] of [
      [1, 1, 0],
      [3, 1, 1],
      [3, 2, 1],
      [7, 2, 3],
    ] as const) {
      const name = `layer_conv2d_k${kernelSize}s${strides}p${padding}d1g1`;
      it(name, () => {
        const filters = goldenArray(goldenCase(name).inputs.weight).shape[0]!;
        checkLayer(name, new TorchConv2D({ filters, kernelSize, strides, padding }), true);
      });
    }
    for (const [kernelSize, padding, outputPadding] of [
      [2, 0, 0],
      [3, 1, 1],
      [4, 1, 0],
    ] as const) {
      const name = `layer_convT2d_k${kernelSize}s2p${padding}op${outputPadding}`;
      it(name, () => {
        const filters = goldenArray(goldenCase(name).inputs.weight).shape[1]!;
        checkLayer(name, new TorchConv2DTranspose({ filters, kernelSize, padding, outputPadding }), true);
      });
    }
    it('a depthwise convolution is an ordinary one with a diagonal kernel: 3 x 3 of ones sums 9 neighbours', () => {
      const x = tensor4d([1, 10, 2, 20, 3, 30, 4, 40], [1, 2, 2, 2]);
      const layer = new TorchDepthwiseConv2D({ kernelSize: 3 });
      layer.build(x.shape);
      const kernel = ones([3, 3, 2, 1]);
      layer.setWeights([kernel]);
      const { value, grad } = valueAndGrad((input: Tensor) => sum<Scalar>(layer.call(input)))(x);
      const y = layer.call(x);
      expect(Array.from(y.dataSync())).toEqual([10, 100, 10, 100, 10, 100, 10, 100]);
      expect(Array.from(grad.dataSync())).toEqual([4, 4, 4, 4, 4, 4, 4, 4]);
      free(layer);
      dispose([x, kernel, y, value, grad]);
    });
    it('layer_maxpool_k3s2p1', () => {
      checkLayer('layer_maxpool_k3s2p1', new TorchMaxPool2D({ poolSize: 3, strides: 2, padding: 1 }), true);
    });
    it('layer_maxpool_k2s2p0', () => {
      checkLayer('layer_maxpool_k2s2p0', new TorchMaxPool2D({ poolSize: 2, strides: 2 }), true);
    });
    it('layer_interp_nearest_x2', () => {
      checkLayer('layer_interp_nearest_x2', new Upsample2D({ interpolation: 'nearest' }), true);
    });
    it('layer_interp_bilinear_ac0_x2', () => {
      checkLayer('layer_interp_bilinear_ac0_x2', new Upsample2D({ interpolation: 'bilinear' }), true);
    });
    it('layer_groupnorm', () => {
      checkLayer('layer_groupnorm', new TorchGroupNorm({ groups: 2 }), true);
    });
    it('layer_gap', () => {
      checkLayer('layer_gap', new GlobalPool2D(), true);
    });
    it('layer_instancenorm: as many groups as channels', () => {
      checkLayer('layer_instancenorm', new TorchGroupNorm({ groups: 4 }), true);
    });
    it.each([1e-5, 1e-3])('layer_bn_eval, epsilon %d', (epsilon) => {
      checkLayer(`layer_bn_eval_eps${epsilon === 1e-5 ? '1e-05' : '0.001'}`, new TorchBatchNorm2D({ epsilon }), false);
    });

    it.each([1e-5, 1e-3])('layer_bn_train, epsilon %d, with running statistics, seen by no tape', (epsilon) => {
      const name = `layer_bn_train_eps${epsilon === 1e-5 ? '1e-05' : '0.001'}`;
      const { inputs, outputs, tolerance } = goldenCase(name);
      const x = goldenTensor(inputs.x, NHWC);
      const cotangent = goldenTensor(inputs.cotangent, NHWC);
      const layer = new TorchBatchNorm2D({ epsilon });
      layer.build(x.shape);
      const first = [inputs.gamma, inputs.beta, inputs.running_mean, inputs.running_var].map((file) =>
        goldenTensor(file),
      );
      layer.setWeights(first);
      const [gamma, beta, mean, variance] = layer.stateTensors().map(({ variable }) => variable.read() as Variable);
      const { value, grads } = variableGrads(
        () => sum(mul(layer.call(x, { training: true }) as Tensor4D, cotangent)),
        [gamma!, beta!],
      );
      close('gamma', grads[gamma!.name]!, outputs.grad_gamma, tolerance);
      close('beta', grads[beta!.name]!, outputs.grad_beta, tolerance);
      close('running mean', mean!, outputs.new_running_mean, tolerance);
      close('running variance', variance!, outputs.new_running_var, tolerance);
      const byX = valueAndGrad((input: Tensor) =>
        sum<Scalar>(mul(layer.call(input, { training: true }) as Tensor4D, cotangent)),
      )(x);
      close('x', byX.grad, outputs.grad_x, tolerance, NHWC);
      const y = layer.call(x, { training: true });
      close('y', y, outputs.y, tolerance, NHWC);
      expect(layer.batchesTracked).toBe(3);
      free(layer);
      dispose([x, cotangent, value, ...Object.values(grads), byX.value, byX.grad, y, ...first]);
    });

    for (const [name, activation] of [
      ['layer_act_relu', 'relu'],
      ['layer_act_silu', 'swish'],
      ['layer_act_mish', 'mish'],
    ] as const) {
      it(name, () => {
        const { inputs, outputs, tolerance } = goldenCase(name);
        const x = goldenTensor(inputs.x, NHWC);
        const cotangent = goldenTensor(inputs.cotangent, NHWC);
        const y = activate(x as Tensor4D, activation);
        close('y', y, outputs.y, tolerance, NHWC);
        const result = valueAndGrad((input: Tensor) =>
          sum<Scalar>(mul(activate(input as Tensor4D, activation), cotangent)),
        )(x);
        close('x', result.grad, outputs.grad_x, tolerance, NHWC);
        dispose([x, cotangent, y, result.value, result.grad]);
      });
    }

    it('leaky ReLU keeps 1 of 100 below 0: -2 gives -0.02 with slope 0.01, 3 gives 3 with slope 1', () => {
      const x = tensor4d([-2, 3], [1, 1, 1, 2]);
      const { value, grad } = valueAndGrad((input: Tensor) => sum<Scalar>(activate(input as Tensor4D, 'leakyRelu')))(x);
      expect(value.dataSync()[0]).toBeCloseTo(2.98, 6);
      const slopes = grad.dataSync();
      expect(slopes[0]).toBeCloseTo(0.01, 6);
      expect(slopes[1]).toBe(1);
      dispose([x, value, grad]);
    });

    it('batch normalisation with ReLU in the same pass has the gradient of finite differences', () => {
      const data = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i * 12.9898) * 2 + (i % 2));
      const weights = Float32Array.from({ length: 24 }, (_, i) => Math.cos(i * 3.7));
      const gamma = tensor1d([1.3, -0.7]);
      const beta = tensor1d([0.4, 0.2]);
      const cotangent = tensor4d(weights, [2, 3, 2, 2]);
      const options = { epsilon: 1e-5, activation: 'relu', onStatistics: () => {} } as const;
      const loss = (x: Tensor): Scalar =>
        tidy(() => sum<Scalar>(mul(normalizeBatch(x as Tensor4D, gamma, beta, options), cotangent)));
      const at = (values: Float32Array): number => tidy(() => loss(tensor4d(values, [2, 3, 2, 2])).dataSync()[0]!);
      const x = tensor4d(data, [2, 3, 2, 2]);
      const { value, grad } = valueAndGrad(loss)(x);
      const analytic = grad.dataSync();
      for (let i = 0; i < data.length; i++) {
        const step = 1e-2;
        const [up, down] = [data.slice(), data.slice()];
        up[i]! += step;
        down[i]! -= step;
        expect(Math.abs((at(up) - at(down)) / (2 * step) - analytic[i]!), `element ${i}`).toBeLessThan(0.02);
      }
      dispose([x, gamma, beta, cotangent, value, grad]);
    });
  });
}

describe('TorchBatchNorm2D', () => {
  it('normalises by the running statistics where it is frozen, and leaves them', async () => {
    await setBackend('cpu');
    const layer = new TorchBatchNorm2D();
    layer.build([null, 2, 2, 1]);
    layer.trainable = false;
    const x = tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    const y = layer.call(x, { training: true });
    expect(Array.from(y.dataSync(), (value) => Math.round(value))).toEqual([1, 2, 3, 4]);
    expect((layer.getWeights()[2] as Tensor1D).dataSync()[0]).toBe(0);
    expect(layer.batchesTracked).toBe(0);
    free(layer);
    dispose([x, y]);
  });

  it('refuses a batch of one value a channel in training', async () => {
    await setBackend('cpu');
    const layer = new TorchBatchNorm2D({ name: 'norm' });
    layer.build([null, 1, 1, 2]);
    const x = tensor4d([1, 2], [1, 1, 1, 2]);
    expect(() => layer.call(x, { training: true })).toThrow(
      'batch normalisation (norm) must see at least 2 values a channel in training, got shape [1, 1, 1, 2].',
    );
    free(layer);
    x.dispose();
  });
});
