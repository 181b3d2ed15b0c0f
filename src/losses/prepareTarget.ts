import {
  cast,
  mul,
  notEqual,
  oneHot,
  reshape,
  sum,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { requireShape, show } from '../core/check.js';
import type { LossMode } from './loss.js';
import { requireIndices, requireOneHot, requireOutside, requireShares } from './targetValues.js';

/** A target in the layout of the logits. */
export interface PreparedTarget {
  /** `[batch, height, width, classes]`, float, 0 in ignored places. */
  readonly truth: Tensor4D;
  /** 1 where a pixel counts, 0 where it is ignored, `[batch, height, width, 1 or classes]`; absent where all count. */
  readonly valid: Tensor4D | undefined;
}

/** Throws unless `logits` are float `[batch, height, width, classes]` with classes that fit `mode`. */
export function requireLogits(logits: Tensor, mode: LossMode): asserts logits is Tensor4D {
  if (logits.shape.length !== 4 || logits.size === 0) {
    throw new RangeError(
      `logits must have shape [batch, height, width, classes], not empty, got ${show(logits.shape)}.`,
    );
  }
  if (logits.dtype !== 'float32') throw new TypeError(`logits must be float32, got ${logits.dtype}.`);
  const classes = logits.shape[3]!;
  if (mode === 'binary' && classes !== 1) {
    throw new RangeError(
      `logits must have 1 class in mode 'binary', got ${classes}; use 'multiclass' or 'multilabel'.`,
    );
  }
  if (mode === 'multiclass' && classes < 2) {
    throw new RangeError(`logits must have at least 2 classes in mode 'multiclass', got ${classes}; use 'binary'.`);
  }
}

/**
 * Returns a target in the layout of the logits, after checking it. The values of the target are read back for the
 * check, which is cheap while they come from the host, as the targets of a training loop do; logits are never read.
 * Call it inside `tidy`.
 */
export function prepareTarget(
  target: Tensor,
  logits: Tensor4D,
  mode: LossMode,
  ignoreIndex: number | undefined,
): PreparedTarget {
  requireLogits(logits, mode);
  const { shape } = logits;
  const [batch, height, width, classes] = shape;
  if (mode === 'multiclass') {
    requireOutside(ignoreIndex, classes);
    if (target.shape.length === 4) {
      requireShape('target', target.shape, shape);
      requireOneHot(target, classes, ignoreIndex);
      const truth = cast(target as Tensor4D, 'float32');
      return { truth, valid: ignoreIndex === undefined ? undefined : sum<Tensor4D>(truth, 3, true) };
    }
    requireShape('target', target.shape, [batch, height, width]);
    requireIndices(target, classes, ignoreIndex);
    // Indices outside the classes give rows of zeros.
    // Made as int32 and cast: asked for float32, the wasm backend writes the bits of integers into a float tensor.
    const truth = cast<Tensor4D>(oneHot(cast(target as Tensor3D, 'int32'), classes) as Tensor4D, 'float32');
    if (ignoreIndex === undefined) return { truth, valid: undefined };
    return { truth, valid: reshape(cast(notEqual(target, ignoreIndex), 'float32'), [batch, height, width, 1]) };
  }
  if (mode === 'binary' && target.shape.length === 3) requireShape('target', target.shape, [batch, height, width]);
  else requireShape('target', target.shape, shape);
  requireShares(target, ignoreIndex);
  const shares = cast<Tensor4D>(reshape(target, shape), 'float32');
  if (ignoreIndex === undefined) return { truth: shares, valid: undefined };
  const valid = cast<Tensor4D>(notEqual(shares, ignoreIndex), 'float32');
  return { truth: mul(shares, valid), valid };
}
