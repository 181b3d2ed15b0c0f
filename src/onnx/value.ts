import type { DataType } from '@tensorflow/tfjs-core';

/** A tensor that a recording knows: it may hold numbers, or be the result of an operation that is still to run. */
export interface Value {
  readonly shape: readonly number[];
  readonly dtype: DataType;
}

/** Whether its dtype is one that graphs hold. */
export function isSupported({ dtype }: Value): boolean {
  return dtype === 'float32' || dtype === 'int32' || dtype === 'bool';
}
