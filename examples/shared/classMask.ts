import { contiguous, createMask, type Mask } from 'segkit/core';

/** Pixels of one class as 1, all others as 0. */
export function classMask(mask: Mask, classIndex: number): Mask {
  return createMask(
    contiguous(mask).data.map((value) => (value === classIndex ? 1 : 0)),
    mask.shape,
  );
}
