/**
 * The background by ImageJ's rolling ball: for radii above 10 the image shrinks by taking minima of blocks, a ball cut
 * off at the sides rolls below it, and the result grows again by linear interpolation between the block middles.
 */
export function imagejRollingBall(data: Float32Array, height: number, width: number, radius: number): Float32Array {
  const { shrink, trim } =
    radius <= 10
      ? { shrink: 1, trim: 24 }
      : radius <= 30
        ? { shrink: 2, trim: 24 }
        : radius <= 100
          ? { shrink: 4, trim: 32 }
          : { shrink: 8, trim: 40 };
  const smallHeight = Math.ceil(height / shrink);
  const smallWidth = Math.ceil(width / shrink);
  const small = shrink === 1 ? data : blockMinima(data, height, width, shrink, smallHeight, smallWidth);
  const rolled = roll(small, smallHeight, smallWidth, Math.max(1, radius / shrink), trim);
  return shrink === 1 ? rolled : enlarged(rolled, smallHeight, smallWidth, height, width, shrink);
}

function blockMinima(
  data: Float32Array,
  height: number,
  width: number,
  shrink: number,
  smallHeight: number,
  smallWidth: number,
): Float32Array {
  const result = new Float32Array(smallHeight * smallWidth).fill(Number.POSITIVE_INFINITY);
  for (let row = 0, at = 0; row < height; row++) {
    const to = Math.floor(row / shrink) * smallWidth;
    for (let column = 0; column < width; column++, at++) {
      const place = to + Math.floor(column / shrink);
      if (data[at]! < result[place]!) result[place] = data[at]!;
    }
  }
  return result;
}

/** The highest place of the ball below the surface, and the height of its top above each pixel that it covers. */
function roll(data: Float32Array, height: number, width: number, radius: number, trim: number): Float32Array {
  const reach = Math.round(radius - Math.trunc(Math.trunc(trim * radius) / 100));
  const side = 2 * reach + 1;
  const ball = new Float32Array(side * side);
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++, at++) {
      const square = radius * radius - (x - reach) ** 2 - (y - reach) ** 2;
      ball[at] = square > 0 ? Math.sqrt(square) : 0;
    }
  }
  const result = new Float32Array(data.length).fill(Number.NEGATIVE_INFINITY);
  for (let row = -reach; row < height + reach; row++) {
    const top = Math.max(0, row - reach);
    const bottom = Math.min(height - 1, row + reach);
    for (let column = -reach; column < width + reach; column++) {
      const left = Math.max(0, column - reach);
      const right = Math.min(width - 1, column + reach);
      let gap = Number.POSITIVE_INFINITY;
      for (let y = top; y <= bottom; y++) {
        const from = y * width;
        const over = (y - row + reach) * side - column + reach;
        for (let x = left; x <= right; x++) {
          const distance = data[from + x]! - ball[over + x]!;
          if (distance < gap) gap = distance;
        }
      }
      for (let y = top; y <= bottom; y++) {
        const from = y * width;
        const over = (y - row + reach) * side - column + reach;
        for (let x = left; x <= right; x++) {
          const value = gap + ball[over + x]!;
          if (value > result[from + x]!) result[from + x] = value;
        }
      }
    }
  }
  return result;
}

function enlarged(
  small: Float32Array,
  smallHeight: number,
  smallWidth: number,
  height: number,
  width: number,
  shrink: number,
): Float32Array {
  const rows = weightsOf(height, smallHeight, shrink);
  const columns = weightsOf(width, smallWidth, shrink);
  const result = new Float32Array(height * width);
  for (let row = 0, at = 0; row < height; row++) {
    const above = rows.places[row]! * smallWidth;
    const below = smallHeight > 1 ? above + smallWidth : above;
    const a = rows.weights[row]!;
    for (let column = 0; column < width; column++, at++) {
      const left = columns.places[column]!;
      const right = smallWidth > 1 ? left + 1 : left;
      const b = columns.weights[column]!;
      result[at] =
        a * (b * small[above + left]! + (1 - b) * small[above + right]!) +
        (1 - a) * (b * small[below + left]! + (1 - b) * small[below + right]!);
    }
  }
  return result;
}

/** For each of `length` pixels the block on its left and the weight of that; beyond the outermost middles it extrapolates. */
function weightsOf(length: number, smallLength: number, shrink: number): { places: Int32Array; weights: Float32Array } {
  const places = new Int32Array(length);
  const weights = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    const place = Math.max(0, Math.min(smallLength - 2, Math.trunc((i - shrink / 2) / shrink)));
    places[i] = place;
    weights[i] = 1 - ((i + 0.5) / shrink - (place + 0.5));
  }
  return { places, weights };
}
