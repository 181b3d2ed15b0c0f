import type { RegionProperty, RegionPropertyValues } from './regionPropertyValues.js';

/** The columns that a table of regions has: a value a region, computed when it is read. */
export type Columns = { readonly [K in RegionProperty]: (i: number) => RegionPropertyValues[K] };

/** Computes something when first asked for, then keeps it. */
export function once<T>(compute: () => T): () => T {
  let kept: { readonly value: T } | undefined;
  return () => {
    kept ??= { value: compute() };
    return kept.value;
  };
}

/** A function of a region that is computed once for each region in turn. */
export function lastOf<T>(compute: (i: number) => T): (i: number) => T {
  let at = -1;
  let value: T;
  return (i) => {
    if (i !== at) value = compute(i);
    at = i;
    return value;
  };
}

/** A quotient; `NaN` where nothing can be said because the divisor is 0. */
export function ratio(a: number, b: number): number {
  return b === 0 ? Number.NaN : a / b;
}
