/** How far apart two rows and two columns are. */
export interface Spacing {
  readonly row: number;
  readonly column: number;
}

/** So many columns to either side are looked at for a pixel before the envelope of its row is built. */
const NEAR = 48;

/**
 * Exact Euclidean distances of the pixels of `from` that are not 0 to the nearest of `to`, in row-major order; infinite
 * where there is none. Steps within the column first; then the columns at either side, one by one while they can be
 * nearer, or by the lower envelope of their parabolas (Felzenszwalb and Huttenlocher 2012) where that takes long.
 */
export function nearestDistances(
  from: Uint8Array,
  to: Uint8Array,
  height: number,
  width: number,
  { row, column }: Spacing,
): Float64Array {
  let count = 0;
  for (let i = 0; i < from.length; i++) if (from[i] !== 0) count++;
  const result = new Float64Array(count);
  if (count === 0) return result;
  const above = stepsDown(to, height, width);
  const none = height + 1;
  const steps = new Int32Array(width).fill(none);
  const squares = new Float64Array(width);
  const [rowSquare, columnSquare] = [row * row, column * column];
  const envelope = { squares, places: new Int32Array(width), starts: new Float64Array(width + 1), count: 0 };
  for (let y = height - 1, at = count; y >= 0; y--) {
    const start = y * width;
    let asked = false;
    for (let x = 0; x < width; x++) {
      const below = to[start + x] !== 0 ? 0 : steps[x]! >= none ? none : steps[x]! + 1;
      steps[x] = below;
      if (from[start + x] !== 0) asked = true;
    }
    if (!asked) continue;
    for (let x = 0; x < width; x++) {
      const nearer = Math.min(steps[x]!, above[start + x]!);
      squares[x] = nearer >= none ? Number.POSITIVE_INFINITY : nearer * nearer * rowSquare;
    }
    let built = false;
    for (let x = width - 1; x >= 0; x--) {
      if (from[start + x] === 0) continue;
      let square = lookAround(squares, x, columnSquare);
      if (square < 0) {
        if (!built) buildEnvelope(envelope, columnSquare);
        built = true;
        square = readEnvelope(envelope, x, columnSquare);
      }
      result[--at] = Math.sqrt(square);
    }
  }
  return result;
}

/** Steps up to the nearest pixel that is not 0, more than the height where there is none. */
function stepsDown(to: Uint8Array, height: number, width: number): Uint16Array | Int32Array {
  const none = height + 1;
  const steps = none < 65536 ? new Uint16Array(to.length) : new Int32Array(to.length);
  for (let x = 0; x < width; x++) steps[x] = to[x] !== 0 ? 0 : none;
  for (let i = width; i < to.length; i++) {
    const before = steps[i - width]!;
    steps[i] = to[i] !== 0 ? 0 : before >= none ? none : before + 1;
  }
  return steps;
}

/** The square of the distance of a pixel, or -1 where columns that were not looked at may be nearer. */
function lookAround(squares: Float64Array, x: number, columnSquare: number): number {
  let best = squares[x]!;
  const width = squares.length;
  for (let d = 1; d <= NEAR; d++) {
    const away = d * d * columnSquare;
    if (away >= best || (d > x && x + d >= width)) return best;
    if (d <= x && squares[x - d]! + away < best) best = squares[x - d]! + away;
    if (x + d < width && squares[x + d]! + away < best) best = squares[x + d]! + away;
  }
  return -1;
}

/** The parabolas of a row that are lowest somewhere, and from where on they are. */
interface Envelope {
  readonly squares: Float64Array;
  readonly places: Int32Array;
  readonly starts: Float64Array;
  count: number;
}

function buildEnvelope(envelope: Envelope, columnSquare: number): void {
  const { squares, places, starts } = envelope;
  let count = 0;
  for (let x = 0; x < squares.length; x++) {
    const square = squares[x]!;
    if (square === Number.POSITIVE_INFINITY) continue;
    let start = Number.NEGATIVE_INFINITY;
    while (count > 0) {
      const other = places[count - 1]!;
      start = ((square - squares[other]!) / columnSquare + (x * x - other * other)) / (2 * (x - other));
      if (start > starts[count - 1]!) break;
      count--;
      start = Number.NEGATIVE_INFINITY;
    }
    places[count] = x;
    starts[count++] = start;
  }
  envelope.count = count;
}

function readEnvelope({ squares, places, starts, count }: Envelope, x: number, columnSquare: number): number {
  if (count === 0) return Number.POSITIVE_INFINITY;
  let [low, high] = [0, count - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= x) low = middle;
    else high = middle - 1;
  }
  const place = places[low]!;
  return squares[place]! + columnSquare * (x - place) * (x - place);
}
