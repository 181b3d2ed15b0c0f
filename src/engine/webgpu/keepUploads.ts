import type { BackendValues, DataId } from '@tensorflow/tfjs-core';
import { EngineError } from '../../core/errors.js';

/** What is used of the WebGPU backend of TensorFlow.js. */
interface WebGpuBackend {
  readonly tensorMap: { get(dataId: DataId): { readonly values: BackendValues | null; readonly resource?: unknown } };
  uploadToGPU(dataId: DataId): void;
  readSync(dataId: DataId): BackendValues;
}

const adapted = Symbol.for('segkit.keepUploads');

/**
 * Lets tensors that came from the main memory be read synchronously (`dataSync`) after the GPU has used them, as losses
 * do to check their targets. The backend forgets values once they are uploaded and reads them back through an
 * OffscreenCanvas, which Node does not have. Results of the GPU can then be read by promises only, and an error says so.
 */
export function keepUploads(backend: unknown): void {
  if (typeof OffscreenCanvas !== 'undefined') return;
  const target = backend as WebGpuBackend & { [adapted]?: true };
  if (target[adapted] || typeof target.uploadToGPU !== 'function') return;
  target[adapted] = true;
  const kept = new WeakMap<DataId, BackendValues>();
  const upload = target.uploadToGPU.bind(target);
  const read = target.readSync.bind(target);
  target.uploadToGPU = (dataId) => {
    const { values } = target.tensorMap.get(dataId);
    if (values) kept.set(dataId, values);
    upload(dataId);
  };
  target.readSync = (dataId) => {
    if (kept.has(dataId)) return kept.get(dataId)!;
    const { values, resource } = target.tensorMap.get(dataId);
    if (values || !resource) return read(dataId);
    throw new EngineError(
      'WebGPU in Node cannot read results synchronously (dataSync, arraySync); use await tensor.data().',
    );
  };
}
