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
import { EngineError } from '../../core/errors.js';
import type { WasmBackend } from './backend.js';

/** What a kernel is called with. */
export interface KernelCall {
  readonly inputs: NamedTensorInfoMap;
  readonly attrs: NamedAttrMap;
  readonly backend: WasmBackend;
  /** Runs the kernel that came with the backend, with other attributes if given; throws where there is none. */
  stock(attrs?: NamedAttrMap): TensorInfo | TensorInfo[];
}

/** A kernel of ours for the wasm backend. */
export interface WasmKernel {
  readonly name: string;
  run(call: KernelCall): TensorInfo | TensorInfo[];
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
    const kernelFunc: KernelFunc = ({ inputs, attrs = {}, backend: instance }) => {
      const runStock = (changed: NamedAttrMap = attrs) => {
        if (!stock) throw new EngineError(`The wasm backend has no kernel ${name} for these arguments.`);
        return stock.kernelFunc({ inputs, attrs: changed, backend: instance });
      };
      if (instance === backend) return run({ inputs, attrs, backend, stock: runStock });
      // The backend was removed and started anew: our functions work on the memory of the old one.
      if (stock) return runStock();
      throw new EngineError("The wasm backend was restarted; call await useEngine('wasm') again.");
    };
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
