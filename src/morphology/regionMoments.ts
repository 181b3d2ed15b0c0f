import type { RegionTable } from './regionTable.js';

/** Second central moments per pixel: the covariance of the pixel positions. */
export interface Covariance {
  readonly rowRow: number;
  readonly rowColumn: number;
  readonly columnColumn: number;
}

/** Mean position of a region, in pixels. */
export function centroid({ pixels, minRow, originColumn, sums }: RegionTable, i: number): [number, number] {
  return [minRow[i]! + sums[i * 16 + 4]! / pixels[i]!, originColumn[i]! + sums[i * 16 + 1]! / pixels[i]!];
}

/** Covariance of the pixel centres of a region, in the unit of the pixel's edges, squared. */
export function covariance({ pixels, sums }: RegionTable, i: number, rowSize: number, columnSize: number): Covariance {
  const n = pixels[i]!;
  const row = sums[i * 16 + 4]!;
  const column = sums[i * 16 + 1]!;
  // Integers until the division, so that symmetric regions have equal axes exactly.
  const scale = 1 / (n * n);
  return {
    rowRow: (n * sums[i * 16 + 8]! - row * row) * scale * rowSize * rowSize,
    rowColumn: (n * sums[i * 16 + 5]! - row * column) * scale * rowSize * columnSize,
    columnColumn: (n * sums[i * 16 + 2]! - column * column) * scale * columnSize * columnSize,
  };
}

/** Eigenvalues, the larger first; never negative. */
export function eigenvalues({ rowRow, rowColumn, columnColumn }: Covariance): [number, number] {
  const mean = (rowRow + columnColumn) / 2;
  const spread = Math.hypot((rowRow - columnColumn) / 2, rowColumn);
  return [mean + spread, Math.max(0, mean - spread)];
}

/** Angle between the row axis and the long axis, in (-pi/2, pi/2]; scikit-image's values where both axes are alike. */
export function orientation({ rowRow, rowColumn, columnColumn }: Covariance): number {
  if (rowRow === columnColumn) return rowColumn > 0 ? Math.PI / 4 : -Math.PI / 4;
  return 0.5 * Math.atan2(2 * rowColumn, rowRow - columnColumn);
}

const BINOMIALS = [
  [1, 0, 0, 0],
  [1, 1, 0, 0],
  [1, 2, 1, 0],
  [1, 3, 3, 1],
] as const;

/** Moments to third order in both directions about a point, given relative to the origin of the region. */
export function momentsAbout(
  { sums }: RegionTable,
  i: number,
  row: number,
  column: number,
  rowSize: number,
  columnSize: number,
): number[][] {
  const result: number[][] = [];
  for (let p = 0; p < 4; p++) {
    const line: number[] = [];
    for (let q = 0; q < 4; q++) {
      let sum = 0;
      for (let j = 0; j <= p; j++) {
        for (let k = 0; k <= q; k++) {
          const factor = BINOMIALS[p]![j]! * BINOMIALS[q]![k]! * (-row) ** (p - j) * (-column) ** (q - k);
          sum += factor * sums[i * 16 + j * 4 + k]!;
        }
      }
      line.push(sum * rowSize ** p * columnSize ** q);
    }
    result.push(line);
  }
  return result;
}

/** Moments about the centroid; those of first order are exactly 0. */
export function centralMoments(table: RegionTable, i: number, rowSize: number, columnSize: number): number[][] {
  const row = table.sums[i * 16 + 4]! / table.pixels[i]!;
  const column = table.sums[i * 16 + 1]! / table.pixels[i]!;
  const result = momentsAbout(table, i, row, column, rowSize, columnSize);
  result[0]![1] = 0;
  result[1]![0] = 0;
  return result;
}

/** Central moments over area ** (1 + order / 2), in the scale of the pixels; `NaN` below second order. */
export function normalizedMoments(central: number[][], size: number): number[][] {
  const area = central[0]![0]!;
  return central.map((line, p) =>
    line.map((value, q) => (p + q < 2 ? Number.NaN : value / size ** (p + q) / area ** (1 + (p + q) / 2))),
  );
}

/** The seven invariants of Hu (1962) of normalized moments. */
export function huMoments(normalized: number[][]): number[] {
  const n = (p: number, q: number) => normalized[p]![q]!;
  const difference = n(2, 0) - n(0, 2);
  const a = n(3, 0) - 3 * n(1, 2);
  const b = 3 * n(2, 1) - n(0, 3);
  const c = n(3, 0) + n(1, 2);
  const d = n(2, 1) + n(0, 3);
  return [
    n(2, 0) + n(0, 2),
    difference * difference + 4 * n(1, 1) ** 2,
    a * a + b * b,
    c * c + d * d,
    a * c * (c * c - 3 * d * d) + b * d * (3 * c * c - d * d),
    difference * (c * c - d * d) + 4 * n(1, 1) * c * d,
    b * c * (c * c - 3 * d * d) - a * d * (3 * c * c - d * d),
  ];
}
