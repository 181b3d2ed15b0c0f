import {
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  findBackend,
  getGradient,
  getKernel,
  type KernelConfig,
  MaxPoolGrad,
} from '@tensorflow/tfjs-core';

/** The kernels of a training step that the registered backend lacks. */
export function missingTrainingKernels(name: string): string[] {
  return [
    Conv2DBackpropFilter,
    Conv2DBackpropInput,
    DepthwiseConv2dNativeBackpropFilter,
    DepthwiseConv2dNativeBackpropInput,
    MaxPoolGrad,
  ].filter((kernel) => !works(kernel, name));
}

/** A kernel of ours works for the instance of the backend that it was made for: not after a restart. */
function works(kernel: string, name: string): boolean {
  const config: KernelConfig | undefined = getKernel(kernel, name);
  if (config === undefined) return false;
  return !('segkitBackend' in config) || config.segkitBackend === findBackend(name);
}

/** Whether the gradients of TensorFlow.js are registered, which importing `@tensorflow/tfjs-layers` does. */
export function hasGradients(): boolean {
  return Boolean(getGradient('Conv2D'));
}

/** Threads that the backend uses, where it tells: the wasm backend and ours do. */
export function threadsOf(name: string): number | undefined {
  const backend = findBackend(name) as {
    readonly threads?: number;
    readonly wasm?: { readonly tfjs?: { getThreadsCount?: () => number } };
  } | null;
  return name === 'onnx' ? backend?.threads : backend?.wasm?.tfjs?.getThreadsCount?.();
}
