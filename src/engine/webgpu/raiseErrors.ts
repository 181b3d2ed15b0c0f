import type { BackendValues, DataId, KernelBackend } from '@tensorflow/tfjs-core';
import { EngineError } from '../../core/errors.js';

/** What is used of the WebGPU backend of TensorFlow.js. */
interface WebGpuBackend extends KernelBackend {
  readonly device?: {
    addEventListener?(type: 'uncapturederror', listener: (event: ErrorEvent) => void): void;
    readonly lost?: Promise<{ readonly reason?: string; readonly message?: string }>;
  };
  read(dataId: DataId): Promise<BackendValues>;
}

interface ErrorEvent {
  readonly error?: { readonly message?: string };
  preventDefault?(): void;
}

const listening = Symbol.for('segkit.raiseErrors');

/**
 * Lets the next reading of a value throw what WebGPU has complained of. A computation that fails on the GPU, for a
 * shader that does not compile or for lack of memory, leaves a message in the console and wrong numbers behind, and
 * the backend of TensorFlow.js reads them as if nothing had happened. Each complaint is thrown once.
 */
export function raiseErrors(backend: unknown): void {
  const target = backend as WebGpuBackend & { [listening]?: true };
  const { device } = target;
  if (target[listening] || !device?.addEventListener) return;
  target[listening] = true;
  let complaint: string | undefined;
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault?.();
    complaint ??= event.error?.message?.trim() || 'an error without a message';
  });
  device.lost?.then(({ reason, message }) => {
    if (reason !== 'destroyed') complaint ??= `the device was lost: ${message ?? reason}`;
  });
  const read = target.read.bind(target);
  target.read = async (dataId) => {
    const values = await read(dataId);
    if (complaint === undefined) return values;
    const text = complaint;
    complaint = undefined;
    throw new EngineError(`WebGPU has failed, and what was computed since is wrong: ${text}`);
  };
}
