/** Runs up to this length look at their neighbours one by one; longer ones build the envelope of parabolas. */
const SHORT = 64;

/**
 * Exact distances to the nearest 0. Columns first: steps up or down to a 0. Then each row's runs of foreground, for
 * themselves: the 0 at either end of a run is nearer than anything beyond it (after Meijster, Roerdink and Hesselink
 * 2000). Background costs nothing but the search for runs. Written to `result`.
 */
export function euclideanDistances(
  data: Uint8Array,
  height: number,
  width: number,
  rowSize: number,
  columnSize: number,
  result: Float32Array = new Float32Array(data.length),
): Float32Array {
  // `result` holds steps to a 0 above until the row is done; more than the height where there is none.
  const none = height + 1;
  const steps = new Int32Array(width + 2).fill(none);
  for (let row = 0; row < height; row++) {
    const start = row * width;
    for (let x = 0; x < width; x++) {
      if (data[start + x] === 0) {
        result[start + x] = 0;
        continue;
      }
      const above = row === 0 ? none : result[start + x - width]!;
      result[start + x] = above >= none ? none : above + 1;
    }
  }
  const squares = new Float64Array(width + 2);
  const rowSquare = rowSize * rowSize;
  const columnSquare = columnSize * columnSize;
  const envelope = { places: new Int32Array(width + 2), from: new Float64Array(width + 3) };
  for (let row = height - 1; row >= 0; row--) {
    const start = row * width;
    for (let x = 0; x < width; ) {
      if (data[start + x] === 0) {
        steps[x + 1] = 0;
        x++;
        continue;
      }
      const first = x;
      for (; x < width && data[start + x] !== 0; x++) {
        const below = steps[x + 1]! >= none ? none : steps[x + 1]! + 1;
        steps[x + 1] = below;
        const near = Math.min(below, result[start + x]!);
        squares[x + 1] = near >= none ? Number.POSITIVE_INFINITY : near * near * rowSquare;
      }
      squares[first] = first === 0 ? Number.POSITIVE_INFINITY : 0;
      squares[x + 1] = x === width ? Number.POSITIVE_INFINITY : 0;
      if (x - first <= SHORT) lookAround(squares, first, x, columnSquare, result, start);
      else lowerEnvelope(squares, first, x, columnSquare, result, start, envelope);
    }
  }
  return result;
}

/** The nearest of the parabolas of the columns first - 1 to end, pixel by pixel; `squares` is one column ahead. */
function lookAround(
  squares: Float64Array,
  first: number,
  end: number,
  columnSquare: number,
  result: Float32Array,
  start: number,
): void {
  for (let x = first; x < end; x++) {
    let best = squares[x + 1]!;
    const left = x - first + 1;
    const right = end - x;
    const reach = left < right ? left : right;
    let d = 1;
    for (; d <= reach; d++) {
      const away = d * d * columnSquare;
      if (away >= best) break;
      const a = squares[x + 1 - d]! + away;
      const b = squares[x + 1 + d]! + away;
      if (a < best) best = a;
      if (b < best) best = b;
    }
    // One end is reached; beyond a border the other side may still be nearer.
    const side = left < right ? 1 : -1;
    const farther = left < right ? right : left;
    for (; d <= farther; d++) {
      const away = d * d * columnSquare;
      if (away >= best) break;
      const value = squares[x + 1 + side * d]! + away;
      if (value < best) best = value;
    }
    result[start + x] = Math.sqrt(best);
  }
}

/** The same in time proportional to the length of the run (Felzenszwalb and Huttenlocher 2012). */
function lowerEnvelope(
  squares: Float64Array,
  first: number,
  end: number,
  columnSquare: number,
  result: Float32Array,
  start: number,
  { places, from }: { readonly places: Int32Array; readonly from: Float64Array },
): void {
  let count = 0;
  for (let x = first - 1; x <= end; x++) {
    const height = squares[x + 1]!;
    if (height === Number.POSITIVE_INFINITY) continue;
    let cut = Number.NEGATIVE_INFINITY;
    while (count > 0) {
      const other = places[count - 1]!;
      cut = (height - squares[other + 1]!) / (2 * columnSquare * (x - other)) + (x + other) / 2;
      if (cut > from[count - 1]!) break;
      count--;
      cut = Number.NEGATIVE_INFINITY;
    }
    places[count] = x;
    from[count++] = cut;
  }
  if (count === 0) {
    result.fill(Number.POSITIVE_INFINITY, start + first, start + end);
    return;
  }
  from[count] = Number.POSITIVE_INFINITY;
  for (let x = first, k = 0; x < end; x++) {
    while (from[k + 1]! < x) k++;
    const place = places[k]!;
    result[start + x] = Math.sqrt(squares[place + 1]! + (x - place) * (x - place) * columnSquare);
  }
}
