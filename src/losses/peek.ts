import { type DataId, engine, getBackend, type Tensor, type TypedArray } from '@tensorflow/tfjs-core';

/** A backend that uses the memory of disposed tensors again, unless it has given it away by `readSync`. */
interface Peekable {
  peekSync(dataId: DataId): TypedArray;
  /** Whether the numbers are there, and wait for no computation. */
  holds(dataId: DataId): boolean;
}

/** The backend that holds a tensor, if it can be peeked at. */
function peekable({ dataId, isDisposed }: Tensor): Peekable | undefined {
  const backend = engine().state.tensorInfo.get(dataId)?.backend;
  return isDisposed || backend === undefined || !('peekSync' in backend) ? undefined : (backend as unknown as Peekable);
}

/** True where the numbers of any tensor lie in the memory of the process: reading waits for nothing. */
export function isOnHost(): boolean {
  return ['cpu', 'wasm', 'tensorflow'].includes(getBackend());
}

/** True where reading this tensor waits for nothing: it was given, or has been computed. */
export function isAtHand(tensor: Tensor): boolean {
  return isOnHost() || (peekable(tensor)?.holds(tensor.dataId) ?? false);
}

/**
 * The numbers of a tensor, for a look: not to be changed, nor kept beyond the next operation. What `dataSync` returns
 * may be kept for ever, so that an engine must take fresh memory for the next tensor.
 */
export function peek(tensor: Tensor): TypedArray {
  return peekable(tensor)?.peekSync(tensor.dataId) ?? tensor.dataSync();
}
