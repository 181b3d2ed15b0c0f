import {
  type BackendValues,
  type DataType,
  findBackend,
  getKernel,
  type KernelBackend,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { isSupported } from '../../onnx/kernels/definition.js';
import { copyNumbers, Entry } from './entry.js';

/** What is used of the CPU backend of TensorFlow.js. */
interface CpuBackend extends KernelBackend {
  makeTensorInfo(shape: number[], dtype: DataType, values?: BackendValues): TensorInfo;
  disposeIntermediateTensorInfo(info: TensorInfo): void;
}

/** Runs kernels of the CPU backend on entries that hold their numbers. */
export class CpuKernels {
  readonly #backend = findBackend('cpu') as CpuBackend;

  /** Whether there is a kernel. */
  has(name: string): boolean {
    return getKernel(name, 'cpu') !== undefined;
  }

  /** Runs a kernel at once. A kernel that takes a list gets its inputs as one. */
  run(name: string, inputs: Readonly<Record<string, Entry>>, attrs: NamedAttrMap, isList = '0' in inputs): Entry[] {
    const infos = Object.entries(inputs).map(([key, entry]) => [key, this.#infoOf(entry)] as const);
    const taken = isList ? infos.map(([, info]) => info) : Object.fromEntries(infos);
    try {
      const results = getKernel(name, 'cpu').kernelFunc({
        inputs: taken as NamedTensorInfoMap,
        backend: this.#backend,
        attrs,
      });
      return [results].flat().map((info) => this.#entryOf(info));
    } finally {
      for (const [, info] of infos) this.#backend.disposeIntermediateTensorInfo(info);
    }
  }

  #infoOf(entry: Entry): TensorInfo {
    const shape = [...entry.shape];
    if (entry.foreign === undefined)
      return this.#backend.makeTensorInfo(shape, entry.dtype, entry.data as BackendValues);
    this.#backend.incRef(entry.foreign.dataId);
    return { ...entry.foreign, shape };
  }

  #entryOf(info: TensorInfo): Entry {
    const entry = new Entry(info.shape, info.dtype);
    if (isSupported(entry)) {
      // The kernel may have handed on the array of an input.
      entry.data = copyNumbers(this.#backend.readSync(info.dataId), entry.size, entry.dtype);
      this.#backend.disposeIntermediateTensorInfo(info);
    } else {
      entry.foreign = info;
    }
    return entry;
  }

  /** Keeps values of a dtype that graphs do not hold. */
  write(values: BackendValues, shape: number[], dtype: DataType): TensorInfo {
    return this.#backend.makeTensorInfo(shape, dtype, values);
  }

  /** Reads such values. */
  read({ dataId }: TensorInfo): BackendValues {
    return this.#backend.readSync(dataId);
  }

  /** Frees such values. */
  free(info: TensorInfo): void {
    this.#backend.disposeIntermediateTensorInfo(info);
  }
}
