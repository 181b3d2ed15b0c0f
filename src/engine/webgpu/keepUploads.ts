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
 * do to check their targets; it costs their size in main memory. The backend itself forgets values once they are
 * uploaded and reads them back through an OffscreenCanvas, which is slow in browsers, takes the GPU process of Chromium
 * down with SwiftShader, and is not there in Node: there results of the GPU can be read by promises only, and an error
 * says so.
 */
export function keepUploads(backend: unknown): void {
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
    if (values || !resource || typeof OffscreenCanvas !== 'undefined') return read(dataId);
    throw new EngineError(
      'WebGPU in Node cannot read results synchronously (dataSync, arraySync); use await tensor.data().',
    );
  };
}
