import {
  Cast,
  getKernel,
  type KernelBackend,
  type KernelConfig,
  Multiply,
  type NamedTensorInfoMap,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core';

/** What is used of the WebGPU backend of TensorFlow.js. */
interface WebGpuBackend extends KernelBackend {
  makeTensorInfo(shape: number[], dtype: 'float32', values: number[]): TensorInfo;
  disposeData(dataId: object): boolean;
}

/** The kernel in place of the backend's own; it is marked, so that it is put there once. */
interface CorrectedCast extends KernelConfig {
  readonly segkitCorrected: true;
}

/**
 * Makes casts from int32 and bool to float32 convert the numbers. The WebGPU backend of TensorFlow.js 4.22 hands on the
 * integers under another name, which some of its shaders (transposition, hence sums over inner axes) do not expect:
 * they fail to compile, a message goes to the console, and what follows computes with memory that nobody wrote.
 */
export function correctCast(): void {
  const stock: KernelConfig | undefined = getKernel(Cast, 'webgpu');
  if (!stock || 'segkitCorrected' in stock) return;
  const corrected: CorrectedCast = {
    ...stock,
    segkitCorrected: true,
    kernelFunc: (call) => {
      const { x } = call.inputs as { x: TensorInfo };
      if (call.attrs?.dtype !== 'float32' || (x.dtype !== 'int32' && x.dtype !== 'bool')) return stock.kernelFunc(call);
      const backend = call.backend as WebGpuBackend;
      const one = backend.makeTensorInfo([], 'float32', [1]);
      const inputs: NamedTensorInfoMap = { a: x, b: one };
      const result = getKernel(Multiply, 'webgpu').kernelFunc({ inputs, backend });
      backend.disposeData(one.dataId);
      return result;
    },
  };
  unregisterKernel(Cast, 'webgpu');
  registerKernel(corrected);
}
