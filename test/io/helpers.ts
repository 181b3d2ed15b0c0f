import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { createImage, FormatError, type Image } from 'segkit/core';
import { expect } from 'vitest';

const data = process.env.SEGKIT_DATA ?? '../shared/data';
const fixtures = new URL('../fixtures/io/', import.meta.url).pathname;

/** Real files are not in the repository (licences); without SEGKIT_DATA their tests are left out. */
export const noData = !existsSync(join(data, 'lecture13'));

export const real = (path: string): Uint8Array => new Uint8Array(readFileSync(join(data, path)));
export const realText = (path: string): string => readFileSync(join(data, path), 'utf8');
export const fixture = (path: string): Uint8Array => new Uint8Array(readFileSync(join(fixtures, path)));
export const fixtureText = (path: string): string => readFileSync(join(fixtures, path), 'utf8');

/** Elements that differ between two arrays of the same length. */
export function countDifferent(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let count = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) count++;
  return count;
}

/** Small images of the given sample types and channels. */
export function images(
  types: readonly ('uint8' | 'uint16' | 'float32')[],
  channels: readonly number[],
  side = 9,
): fc.Arbitrary<Image> {
  return fc
    .tuple(
      fc.constantFrom(...types),
      fc.integer({ min: 1, max: side }),
      fc.integer({ min: 1, max: side }),
      fc.constantFrom(...channels),
    )
    .chain(([type, height, width, count]): fc.Arbitrary<Image> => {
      const length = height * width * count;
      const exact = { minLength: length, maxLength: length };
      const shape = count === 1 ? [height, width] : [height, width, count];
      if (type === 'uint8') return fc.uint8Array(exact).map((samples) => createImage(Uint8Array.from(samples), shape));
      if (type === 'uint16')
        return fc.uint16Array(exact).map((samples) => createImage(Uint16Array.from(samples), shape));
      return fc
        .float32Array({ ...exact, noNaN: true })
        .map((samples) => createImage(Float32Array.from(samples), shape));
    });
}

/** Expects the same type, shape and samples, bit for bit. */
export function expectSame(actual: Image, expected: Image): void {
  expect(actual.shape).toEqual(expected.shape);
  expect(actual.data.constructor).toBe(expected.data.constructor);
  const bytes = ({ data: { buffer, byteOffset, byteLength } }: Image) => Buffer.from(buffer, byteOffset, byteLength);
  expect(bytes(actual).equals(bytes(expected))).toBe(true);
}

/** Expects that a file cut at any byte is refused in one line. */
export async function expectCutsRefused(
  bytes: Uint8Array,
  decode: (bytes: Uint8Array) => unknown,
  lengths: Iterable<number> = bytes.keys(),
): Promise<void> {
  for (const length of lengths) {
    const error = await Promise.resolve()
      .then(() => decode(bytes.slice(0, length)))
      .then(
        () => `decoded with ${length} of ${bytes.length} bytes`,
        (reason: unknown) => reason,
      );
    expect(error, String(error)).toBeInstanceOf(FormatError);
    expect((error as Error).message).toMatch(/^[^\n]{10,}$/);
  }
}
