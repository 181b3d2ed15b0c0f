/** The inverse of a symmetric matrix by Gauss and Jordan with pivots; `undefined` where it is singular. */
export function inverseOf(matrix: readonly Float64Array[]): Float64Array[] | undefined {
  const size = matrix.length;
  const left = matrix.map((line) => Float64Array.from(line));
  const right = matrix.map((_, i) => Float64Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));
  for (let k = 0; k < size; k++) {
    let pivot = k;
    for (let i = k + 1; i < size; i++) if (Math.abs(left[i]![k]!) > Math.abs(left[pivot]![k]!)) pivot = i;
    if (!(Math.abs(left[pivot]![k]!) > 0)) return undefined;
    [left[k], left[pivot]] = [left[pivot]!, left[k]!];
    [right[k], right[pivot]] = [right[pivot]!, right[k]!];
    const divisor = left[k]![k]!;
    for (let j = 0; j < size; j++) {
      left[k]![j]! /= divisor;
      right[k]![j]! /= divisor;
    }
    for (let i = 0; i < size; i++) {
      if (i === k) continue;
      const factor = left[i]![k]!;
      for (let j = 0; j < size; j++) {
        left[i]![j]! -= factor * left[k]![j]!;
        right[i]![j]! -= factor * right[k]![j]!;
      }
    }
  }
  return right;
}
