/**
 * Solves a symmetric positive definite system by Cholesky's decomposition; `undefined` where it is singular. The lower
 * triangle of `matrix` (row-major) is read and overwritten.
 */
export function solveSymmetric(matrix: Float64Array, vector: Float64Array): Float64Array | undefined {
  const size = vector.length;
  let largest = 0;
  for (let i = 0; i < size; i++) largest = Math.max(largest, matrix[i * size + i]!);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * size + k]! * matrix[j * size + k]!;
      if (i === j) {
        if (!(sum > 1e-12 * largest)) return undefined;
        matrix[i * size + i] = Math.sqrt(sum);
      } else {
        matrix[i * size + j] = sum / matrix[j * size + j]!;
      }
    }
  }
  const result = vector.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) result[i]! -= matrix[i * size + k]! * result[k]!;
    result[i]! /= matrix[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) result[i]! -= matrix[k * size + i]! * result[k]!;
    result[i]! /= matrix[i * size + i]!;
  }
  return result;
}
