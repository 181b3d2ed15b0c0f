import { env, findBackend, type KernelBackend } from '@tensorflow/tfjs-core';
import { messageOf, type Obstacle } from './importPackage.js';
import type { OnnxAbilities } from './slowKernels.js';

/**
 * Registers the backend `onnx`, in Node. Its code is imported here and nowhere else, so that it is not evaluated in a
 * browser. Without a number of threads it takes all cores, or stays as it runs already.
 */
export async function prepareOnnxEngine(threads: number | undefined): Promise<Obstacle> {
  if (!env().getBool('IS_NODE')) return 'runs in Node only';
  const running = findBackend('onnx') as (KernelBackend & OnnxAbilities & { readonly threads: number }) | null;
  if (running && threads !== undefined && threads !== running.threads && running.numDataIds() > 0) {
    return (
      `runs on ${running.threads} threads and holds ${running.numDataIds()} tensors, which would be lost: ` +
      'choose the number of threads before they are made'
    );
  }
  const wanted = threads ?? running?.threads;
  try {
    const { prepareOnnx, lacksLowering } = await import('./onnx/prepareOnnx.js');
    const obstacle = await prepareOnnx(wanted === undefined ? {} : { threads: wanted });
    if (obstacle === undefined) Object.assign(findBackend('onnx'), { lacksLowering } satisfies OnnxAbilities);
    return obstacle;
  } catch (error) {
    return `does not load: ${messageOf(error)}`;
  }
}
