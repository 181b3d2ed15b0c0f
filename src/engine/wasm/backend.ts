import { type DataType, getKernel, type KernelBackend, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import { EngineError } from '../../core/errors.js';

/** What the kernels of this folder use of the WebAssembly backend of TensorFlow.js 4. */
export interface WasmBackend extends KernelBackend {
  /** The Emscripten module. */
  readonly wasm: {
    readonly HEAPU8: Uint8Array;
    /** The exports of the WebAssembly instance. */
    readonly asm: Readonly<Record<string, unknown>>;
    readonly wasmMemory?: unknown;
    /** Gives the address of so many bytes, which it may take as negative beyond 2 GB. */
    _malloc(bytes: number): number;
  };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: readonly number[], dtype: DataType): TensorInfo;
}

/** The functions of the WebAssembly module that {@link loadKernels} builds. */
export type KernelFunctions = Readonly<Record<string, (...values: readonly number[]) => void>>;

/** Address of the first element of a tensor. */
export function addressOf(backend: WasmBackend, { dataId }: TensorInfo): number {
  return backend.dataIdMap.get(dataId).memoryOffset;
}

/** The elements of a float tensor, as they lie in memory: valid until the next allocation. */
export function floatsOf(backend: WasmBackend, tensor: TensorInfo): Float32Array {
  const size = tensor.shape.reduce((product, side) => product * side, 1);
  return new Float32Array(backend.wasm.HEAPU8.buffer, addressOf(backend, tensor), size);
}

/** A new float tensor of zeros; who asks for it disposes it or hands it on. */
export function makeZeros(backend: WasmBackend, shape: readonly number[]): TensorInfo {
  const output = backend.makeOutput(shape, 'float32');
  floatsOf(backend, output).fill(0);
  return output;
}

/** Runs another kernel of the backend that gives one tensor, outside the gradient tape. */
export function callKernel(
  backend: WasmBackend,
  name: string,
  inputs: Readonly<Record<string, TensorInfo>>,
  attrs: Parameters<KernelFunc>[0]['attrs'] = {},
): TensorInfo {
  const kernel = getKernel(name, 'wasm');
  if (!kernel) throw new EngineError(`The wasm backend has no kernel ${name}.`);
  const output = kernel.kernelFunc({ inputs: { ...inputs }, attrs, backend });
  return Array.isArray(output) ? output[0]! : output;
}

/** The memory that the backend keeps its tensors in. */
export function memoryOf({ wasm }: WasmBackend): WebAssembly.Memory {
  for (const value of [wasm.wasmMemory, ...Object.values(wasm.asm ?? {})]) {
    if (value instanceof WebAssembly.Memory) return value;
  }
  throw new EngineError('The wasm backend does not show its memory; use @tensorflow/tfjs-backend-wasm 4.22.');
}
