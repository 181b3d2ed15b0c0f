/** An edge of a bipartite graph. */
export interface Edge {
  readonly row: number;
  readonly column: number;
  /** Above 0. */
  readonly weight: number;
}

/**
 * Returns the column of every row, or -1, so that no column is taken twice and the sum of weights is largest: the
 * assignment problem by shortest augmenting paths with potentials (Jonker and Volgenant 1987), on a sparse graph. Every
 * row may also go without, which costs nothing; paths stay within the neighbourhood that overlaps.
 */
export function assign(rows: number, columns: number, edges: readonly Edge[]): Int32Array {
  const byRow: Edge[][] = Array.from({ length: rows }, () => []);
  for (const edge of edges) byRow[edge.row]!.push(edge);
  // Column `columns + row` stands for leaving the row without one.
  const total = columns + rows;
  const columnOf = new Int32Array(rows).fill(-1);
  const rowOf = new Int32Array(total).fill(-1);
  const rowPotential = new Float64Array(rows);
  const columnPotential = new Float64Array(total);
  const distance = new Float64Array(total).fill(Number.POSITIVE_INFINITY);
  const cameFrom = new Int32Array(total).fill(-1);
  const done = new Uint8Array(total);
  for (let start = 0; start < rows; start++) {
    rowPotential[start] = Math.min(0, ...byRow[start]!.map(({ column, weight }) => -weight - columnPotential[column]!));
    const touched: number[] = [];
    const settled: number[] = [];
    let row = start;
    let along = 0;
    let end = -1;
    while (end < 0) {
      const reach = (column: number, cost: number): void => {
        if (done[column] === 1) return;
        const length = along + cost - rowPotential[row]! - columnPotential[column]!;
        if (length >= distance[column]!) return;
        if (distance[column] === Number.POSITIVE_INFINITY) touched.push(column);
        distance[column] = length;
        cameFrom[column] = row;
      };
      for (const { column, weight } of byRow[row]!) reach(column, -weight);
      reach(columns + row, 0);
      let nearest = -1;
      for (const column of touched) {
        if (done[column] === 0 && (nearest < 0 || distance[column]! < distance[nearest]!)) nearest = column;
      }
      along = distance[nearest]!;
      done[nearest] = 1;
      settled.push(nearest);
      if (rowOf[nearest] === -1) end = nearest;
      else row = rowOf[nearest]!;
    }
    rowPotential[start]! += along;
    for (const column of settled) {
      if (column === end) continue;
      columnPotential[column]! += distance[column]! - along;
      rowPotential[rowOf[column]!]! += along - distance[column]!;
    }
    for (let column = end; ; ) {
      const from = cameFrom[column]!;
      const next = columnOf[from]!;
      columnOf[from] = column;
      rowOf[column] = from;
      if (from === start) break;
      column = next;
    }
    for (const column of touched) {
      distance[column] = Number.POSITIVE_INFINITY;
      done[column] = 0;
    }
  }
  return columnOf.map((column) => (column < columns ? column : -1));
}
