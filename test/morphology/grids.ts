import fc from 'fast-check';
import { createMask, type Mask } from 'segkit/core';

/** A mask written as a grid of digits. */
export function grid(text: string): Mask {
  const rows = text.trim().split('\n');
  const values = rows.map((row) => row.trim().split(/\s+/).map(Number));
  return createMask(values.flat(), [values.length, values[0]!.length]);
}

/** A mask as rows of digits, to compare with a picture. */
export function picture(mask: { readonly data: ArrayLike<number>; readonly shape: readonly number[] }): string[] {
  const [height, width] = mask.shape as [number, number];
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => mask.data[row * width + column]).join(' '),
  );
}

/** Small random masks with classes 0 to `largest`, about half of the pixels background. */
export function masks(largest: number, side = 12): fc.Arbitrary<Mask> {
  const value = fc.oneof(
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: largest }) },
  );
  return fc
    .tuple(fc.integer({ min: 1, max: side }), fc.integer({ min: 1, max: side }))
    .chain(([height, width]) =>
      fc
        .array(value, { minLength: height * width, maxLength: height * width })
        .map((data) => createMask(data, [height, width])),
    );
}

/** The mask of a disc of pixel centres within `radius` of a point. */
export function discMask(height: number, width: number, row: number, column: number, radius: number): Mask {
  const mask = createMask(undefined, [height, width]);
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) {
      if ((r - row) ** 2 + (c - column) ** 2 <= radius * radius) mask.data[r * width + c] = 1;
    }
  }
  return mask;
}
