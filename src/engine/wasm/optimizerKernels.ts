import { type NamedAttrMap, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { addressOf, floatsOf, type KernelFunctions } from './backend.js';
import type { KernelCall, WasmKernel } from './registerKernels.js';

/** Name of a kernel `(weight, gradient, first, second) -> [weight, first, second]`, see `defineOptimizer`. */
export const adamStep = 'SegkitAdamStep';

/** Numbers of one step, as `adamW` computes them. */
export interface AdamStepAttributes {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly stepSize: number;
  /** Factor of the weight, 1 for no decay. */
  readonly decay: number;
}

/** A step of an optimiser in one pass, which `adamW` uses where it finds it. */
export function optimizerKernels(functions: KernelFunctions): WasmKernel[] {
  return [{ name: adamStep, run: (call) => runAdamStep(functions, call) }];
}

function runAdamStep(functions: KernelFunctions, { inputs, attrs, backend }: KernelCall): TensorInfo[] {
  const { weight, gradient, first, second } = inputs as Record<'weight' | 'gradient' | 'first' | 'second', TensorInfo>;
  const { beta1, beta2, epsilon, stepSize, decay } = attrs as NamedAttrMap & AdamStepAttributes;
  const numbers = [beta1, beta2, epsilon, stepSize, decay] as const;
  const outputs = [0, 1, 2].map(() => backend.makeOutput(weight.shape, 'float32'));
  const all = [weight, gradient, first, second, ...outputs];
  const size = util.sizeFromShape(weight.shape);
  const steps = Math.floor(size / 4);
  const run = functions.adamStep!;
  if (steps > 0) run(...all.map((tensor) => addressOf(backend, tensor)), steps, ...numbers);
  const rest = size - 4 * steps;
  if (rest === 0) return outputs;
  // The last numbers are computed on copies of four.
  const scratch = backend.makeOutput([all.length, 4], 'float32');
  const words = floatsOf(backend, scratch).fill(0);
  const lists = all.map((tensor) => floatsOf(backend, tensor));
  for (let i = 0; i < 4; i++) words.set(lists[i]!.subarray(4 * steps), 4 * i);
  const start = addressOf(backend, scratch);
  run(...all.map((_, i) => start + 16 * i), 1, ...numbers);
  for (let i = 4; i < all.length; i++) lists[i]!.set(words.subarray(4 * i, 4 * i + rest), 4 * steps);
  backend.disposeData(scratch.dataId);
  return outputs;
}
