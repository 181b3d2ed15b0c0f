/** Returns pixels `[pixels, channels]` as planes `[channels, pixels]`. Internal to the library. */
export function toPlanes(values: Float32Array, pixels: number, channels: number): Float32Array {
  return turned(values, pixels, channels);
}

/** Returns planes `[channels, pixels]` as pixels `[pixels, channels]`. Internal to the library. */
export function toPixels(values: Float32Array, pixels: number, channels: number): Float32Array {
  return turned(values, channels, pixels);
}

function turned(values: Float32Array, rows: number, columns: number): Float32Array {
  if (rows === 1 || columns === 1) return values;
  const result = new Float32Array(values.length);
  for (let column = 0, to = 0; column < columns; column++) {
    for (let row = 0, from = column; row < rows; row++, from += columns) result[to++] = values[from]!;
  }
  return result;
}
