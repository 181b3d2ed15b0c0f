import {
  getKernel,
  type KernelConfig,
  type KernelFunc,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import type { WasmBackend } from './backend.js';

/** What a kernel is called with. */
export interface KernelCall {
  readonly inputs: NamedTensorInfoMap;
  readonly attrs: NamedAttrMap;
  readonly backend: WasmBackend;
  /** Runs the kernel that came with the backend; throws where there is none. */
  stock(): TensorInfo;
}

/** A kernel of ours for the wasm backend. */
export interface WasmKernel {
  readonly name: string;
  run(call: KernelCall): TensorInfo;
}

/** A kernel config that remembers which backend it was made for, and what it stands in for. */
interface RegisteredKernel extends KernelConfig {
  readonly segkitBackend: WasmBackend;
  readonly stock: KernelConfig | undefined;
}

function ours(config: KernelConfig | undefined): config is RegisteredKernel {
  return config !== undefined && 'segkitBackend' in config;
}

/** Whether `name` is a kernel of ours, made for this instance of the backend. */
export function isRegistered(name: string, backend: WasmBackend): boolean {
  const config = getKernel(name, 'wasm');
  return ours(config) && config.segkitBackend === backend;
}

/** Puts kernels in the place of those of the wasm backend; the other backends keep theirs. */
export function registerKernels(backend: WasmBackend, kernels: readonly WasmKernel[]): void {
  for (const { name, run } of kernels) {
    const present: KernelConfig | undefined = getKernel(name, 'wasm');
    const stock = ours(present) ? present.stock : present;
    if (present) unregisterKernel(name, 'wasm');
    const kernelFunc: KernelFunc = ({ inputs, attrs = {}, backend: instance }) =>
      run({
        inputs,
        attrs,
        backend: instance as WasmBackend,
        stock: () => {
          if (!stock) throw new Error(`The wasm backend has no kernel ${name} for these arguments.`);
          const output = stock.kernelFunc({ inputs, attrs, backend: instance });
          return Array.isArray(output) ? output[0]! : output;
        },
      });
    const config: RegisteredKernel = {
      kernelName: name,
      backendName: 'wasm',
      kernelFunc,
      segkitBackend: backend,
      stock,
      ...(stock?.setupFunc && { setupFunc: stock.setupFunc }),
      ...(stock?.disposeFunc && { disposeFunc: stock.disposeFunc }),
    };
    registerKernel(config);
  }
}
