/** A circle; its centre is `[row, column]` in the unit of the points. */
export interface Circle {
  readonly row: number;
  readonly column: number;
  readonly radius: number;
}

/**
 * The smallest circle around points (Welzl 1991, without its shuffle: hulls have few points). Each point outside the
 * circle so far lies on the next one.
 */
export function enclosingCircle(rows: ArrayLike<number>, columns: ArrayLike<number>, count: number): Circle {
  let circle: Circle = { row: rows[0]!, column: columns[0]!, radius: 0 };
  const outside = (k: number) => {
    const row = rows[k]! - circle.row;
    const column = columns[k]! - circle.column;
    return row * row + column * column > circle.radius * circle.radius * (1 + 1e-12);
  };
  for (let a = 1; a < count; a++) {
    if (!outside(a)) continue;
    circle = { row: rows[a]!, column: columns[a]!, radius: 0 };
    for (let b = 0; b < a; b++) {
      if (!outside(b)) continue;
      circle = across(rows, columns, a, b);
      for (let c = 0; c < b; c++) if (outside(c)) circle = through(rows, columns, a, b, c);
    }
  }
  return circle;
}

/** The circle that has two points as the ends of its diameter. */
function across(rows: ArrayLike<number>, columns: ArrayLike<number>, a: number, b: number): Circle {
  const row = (rows[a]! + rows[b]!) / 2;
  const column = (columns[a]! + columns[b]!) / 2;
  return { row, column, radius: Math.sqrt((rows[a]! - row) ** 2 + (columns[a]! - column) ** 2) };
}

/** The circle through three points; of points on one line, that across the outer two. */
function through(rows: ArrayLike<number>, columns: ArrayLike<number>, a: number, b: number, c: number): Circle {
  const y1 = rows[b]! - rows[a]!;
  const x1 = columns[b]! - columns[a]!;
  const y2 = rows[c]! - rows[a]!;
  const x2 = columns[c]! - columns[a]!;
  const twice = 2 * (y1 * x2 - y2 * x1);
  if (twice === 0) {
    return [across(rows, columns, a, b), across(rows, columns, a, c), across(rows, columns, b, c)].reduce(
      (most, one) => (one.radius > most.radius ? one : most),
    );
  }
  const s1 = y1 * y1 + x1 * x1;
  const s2 = y2 * y2 + x2 * x2;
  const row = (x2 * s1 - x1 * s2) / twice;
  const column = (y1 * s2 - y2 * s1) / twice;
  return { row: rows[a]! + row, column: columns[a]! + column, radius: Math.sqrt(row * row + column * column) };
}
