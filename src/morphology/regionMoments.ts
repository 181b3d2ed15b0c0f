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
  const spread = Math.sqrt(((rowRow - columnColumn) / 2) ** 2 + rowColumn * rowColumn);
  return [mean + spread, Math.max(0, mean - spread)];
}

/** Angle between the row axis and the long axis, in (-pi/2, pi/2]; scikit-image's values where both axes are alike. */
export function orientation({ rowRow, rowColumn, columnColumn }: Covariance): number {
  if (rowRow === columnColumn) return rowColumn > 0 ? Math.PI / 4 : -Math.PI / 4;
  return 0.5 * Math.atan2(2 * rowColumn, rowRow - columnColumn);
}

/** 16 sums a region: of row ** p * column ** q at p * 4 + q, about its origin. */
export interface MomentSums {
  readonly sums: Float64Array;
}

const BINOMIALS = [
  [1, 0, 0, 0],
  [1, 1, 0, 0],
  [1, 2, 1, 0],
  [1, 3, 3, 1],
] as const;

/** Moments to third order in both directions about a point, given relative to the origin of the region. */
export function momentsAbout(
  { sums }: MomentSums,
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
export function centralMoments(table: MomentSums, i: number, rowSize: number, columnSize: number): number[][] {
  const row = table.sums[i * 16 + 4]! / table.sums[i * 16]!;
  const column = table.sums[i * 16 + 1]! / table.sums[i * 16]!;
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
  return invariants(n(2, 0), n(1, 1), n(0, 2), n(3, 0), n(2, 1), n(1, 2), n(0, 3));
}

/** The same from the sums of a region, without the moments that they do not need. */
export function huOf({ sums }: MomentSums, i: number, rowSize: number, columnSize: number): number[] {
  const at = i * 16;
  const area = sums[at]!;
  const s01 = sums[at + 1]!;
  const s10 = sums[at + 4]!;
  const row = s10 / area;
  const column = s01 / area;
  // As in normalizedMoments: in the smaller edge of the pixel, over area ** 2 and area ** 2.5.
  const edge = Math.min(rowSize, columnSize);
  const y = rowSize / edge;
  const x = columnSize / edge;
  const second = 1 / (area * area);
  const third = second / Math.sqrt(area);
  return invariants(
    (sums[at + 8]! - row * s10) * second * y * y,
    (sums[at + 5]! - row * s01) * second * y * x,
    (sums[at + 2]! - column * s01) * second * x * x,
    (sums[at + 12]! - 3 * row * sums[at + 8]! + 2 * row * row * s10) * third * y * y * y,
    (sums[at + 9]! - 2 * row * sums[at + 5]! - column * sums[at + 8]! + 2 * row * row * s01) * third * y * y * x,
    (sums[at + 6]! - 2 * column * sums[at + 5]! - row * sums[at + 2]! + 2 * column * column * s10) * third * y * x * x,
    (sums[at + 3]! - 3 * column * sums[at + 2]! + 2 * column * column * s01) * third * x * x * x,
  );
}

function invariants(
  n20: number,
  n11: number,
  n02: number,
  n30: number,
  n21: number,
  n12: number,
  n03: number,
): number[] {
  const difference = n20 - n02;
  const a = n30 - 3 * n12;
  const b = 3 * n21 - n03;
  const c = n30 + n12;
  const d = n21 + n03;
  return [
    n20 + n02,
    difference * difference + 4 * n11 * n11,
    a * a + b * b,
    c * c + d * d,
    a * c * (c * c - 3 * d * d) + b * d * (3 * c * c - d * d),
    difference * (c * c - d * d) + 4 * n11 * c * d,
    b * c * (c * c - 3 * d * d) - a * d * (3 * c * c - d * d),
  ];
}
