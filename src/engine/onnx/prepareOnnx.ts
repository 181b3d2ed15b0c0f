import {
  engine,
  findBackend,
  findBackendFactory,
  getKernelsForBackend,
  type KernelConfig,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  registerBackend,
  registerKernel,
  removeBackend,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { EngineError } from '../../core/errors.js';
import type { KernelDefinition } from '../../onnx/kernels/definition.js';
import { allKernels } from '../../onnx/kernels/index.js';
import { coreCount } from '../coreCount.js';
import { registerGradients } from '../registerGradients.js';
import { OnnxBackend } from './backend.js';
import { loadRuntime, type Runtime } from './binding.js';
import { CpuKernels } from './cpuKernels.js';
import type { OnnxBackendOptions } from './planRunner.js';
import { probeBlock } from './probeBlock.js';
import { probeStop } from './stopPort.js';

/** Name of the backend among those of TensorFlow.js. */
export const ONNX_BACKEND = 'onnx';

/** Options of {@link prepareOnnx}; those of the backend are for tests and measurements. */
export interface PrepareOnnxOptions extends Partial<OnnxBackendOptions> {
  /** Threads of ONNX Runtime. @defaultValue all cores */
  readonly threads?: number;
}

/**
 * Registers the backend `onnx` and its kernels, and starts nothing yet; where it is registered with other threads, it
 * is replaced. Returns what stands in the way, or `undefined`.
 */
export async function prepareOnnx(options: PrepareOnnxOptions = {}): Promise<string | undefined> {
  const threads = options.threads ?? (await coreCount());
  registerGradients(ONNX_BACKEND);
  if (findBackendFactory(ONNX_BACKEND)) {
    const known = findBackend(ONNX_BACKEND) as OnnxBackend | null;
    if (known === null || (known.threads === threads && Object.keys(options).every((key) => key === 'threads'))) {
      return undefined;
    }
    removeBackend(ONNX_BACKEND);
  }
  let runtime: Runtime;
  let block: number;
  let stops: boolean;
  try {
    runtime = await loadRuntime();
    block = options.block ?? probeBlock(runtime);
    stops = options.stops ?? probeStop(runtime);
    await loadCpuBackend();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  registerBackend(
    ONNX_BACKEND,
    () => new OnnxBackend(runtime, new CpuKernels(), engine(), { ...options, threads, block, stops }),
  );
  registerKernels();
  return undefined;
}

/** Whether calls of a kernel always run on the CPU backend's kernel, one by one. */
export function lacksLowering(kernelName: string): boolean {
  return !SHARING.includes(kernelName) && !allKernels().some(({ name }) => name === kernelName);
}

/** Kernels that give the data of their input another shape. */
const SHARING: readonly string[] = ['Identity', 'Reshape', 'ExpandDims'];

async function loadCpuBackend(): Promise<void> {
  if (!findBackendFactory('cpu')) {
    const specifier = '@tensorflow/tfjs-backend-cpu';
    try {
      await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier);
    } catch {
      throw new EngineError(`${specifier}, which runs what ONNX cannot express, is not installed`);
    }
  }
  if (!findBackend('cpu')) throw new EngineError('the CPU backend of TensorFlow.js does not start');
}

function registerKernels(): void {
  const known = new Set(getKernelsForBackend(ONNX_BACKEND).map(({ kernelName }) => kernelName));
  const register = (kernelName: string, kernelFunc: KernelConfig['kernelFunc']): void => {
    if (!known.has(kernelName)) registerKernel({ kernelName, backendName: ONNX_BACKEND, kernelFunc });
    known.add(kernelName);
  };
  for (const name of SHARING) register(name, sharing(name));
  for (const definition of allKernels()) register(definition.name, recording(definition));
  for (const { kernelName } of getKernelsForBackend('cpu')) {
    register(kernelName, ({ inputs, backend, attrs }) =>
      single(
        (backend as OnnxBackend).runOnCpu(kernelName, inputs as NamedTensorInfoMap, attrs ?? {}),
        isListKernel(kernelName),
      ),
    );
  }
}

function recording(definition: KernelDefinition): KernelConfig['kernelFunc'] {
  return ({ inputs, backend, attrs }) =>
    single(
      (backend as OnnxBackend).call(definition, inputs as NamedTensorInfoMap, attrs ?? {}),
      isListKernel(definition.name),
    );
}

/** Kernels whose result is a list even where it holds one tensor. */
function isListKernel(name: string): boolean {
  return name === 'SplitV' || name === 'Unpack';
}

function single(infos: TensorInfo[], asList: boolean): TensorInfo | TensorInfo[] {
  return infos.length === 1 && !asList ? infos[0]! : infos;
}

function sharing(name: string): KernelConfig['kernelFunc'] {
  return ({ inputs, backend, attrs }) => {
    const x = (inputs as Record<string, TensorInfo>)[name === 'ExpandDims' ? 'input' : 'x']!;
    (backend as OnnxBackend).incRef(x.dataId);
    return { dataId: x.dataId, dtype: x.dtype, shape: sharedShape(name, x.shape, attrs ?? {}) };
  };
}

function sharedShape(name: string, shape: readonly number[], attrs: NamedAttrMap): number[] {
  if (name === 'Identity') return [...shape];
  if (name === 'ExpandDims') {
    const dim = attrs.dim as number;
    return shape.toSpliced(dim < 0 ? dim + shape.length + 1 : dim, 0, 1);
  }
  const wanted = [...(attrs.shape as number[])];
  const size = shape.reduce((product, side) => product * side, 1);
  const open = wanted.indexOf(-1);
  if (open >= 0) wanted[open] = size / -wanted.reduce((product, side) => product * side, 1);
  if (wanted.reduce((product, side) => product * side, 1) !== size) {
    throw new RangeError(`shape must hold as many numbers as the tensor, ${size}, got [${wanted.join(', ')}].`);
  }
  return wanted;
}
