import { type DataId, engine, type Tensor, type TypedArray } from '@tensorflow/tfjs-core';

/** A backend that uses the memory of disposed tensors again, unless it has given it away by `readSync`. */
interface Peekable {
  peekSync(dataId: DataId): TypedArray;
}

/**
 * The numbers of a tensor, for a look: not to be changed, nor kept beyond the next operation. What `dataSync` returns
 * may be kept for ever, so that an engine must take fresh memory for the next tensor.
 */
export function peek(tensor: Tensor): TypedArray {
  const backend = engine().state.tensorInfo.get(tensor.dataId)?.backend;
  if (tensor.isDisposed || backend === undefined || !('peekSync' in backend)) return tensor.dataSync();
  return (backend as unknown as Peekable).peekSync(tensor.dataId);
}
