import fc from 'fast-check';
import { createLabels, type Labels, Random } from 'segkit/core';
import { regionProperties } from 'segkit/morphology';
import { describe, expect, it } from 'vitest';
import { rowRuns } from '../../src/morphology/rowRuns.js';
import { withoutKernels } from '../../src/morphology/wasmModules.js';

/** Values in stretches of up to `longest` pixels, half of them 0. */
function stretches(size: number, longest: number, largest: number, seed: number): Uint8Array {
  const random = new Random(seed);
  const data = new Uint8Array(size);
  for (let at = 0; at < size; ) {
    const end = at + random.integer(1, longest + 1);
    data.fill(random.boolean() ? 0 : random.integer(1, largest + 1), at, end);
    at = end;
  }
  return data;
}

/** Runs as [start, end] pairs, row by row, as the definition has them. */
function obviousRuns(data: ArrayLike<number>, height: number, width: number, background: boolean): number[][] {
  const runs: number[][] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; ) {
      const start = row * width + column;
      const value = data[start]!;
      while (column < width && data[row * width + column] === value) column++;
      if ((value === 0) === background) runs.push([start, row * width + column]);
    }
  }
  return runs;
}

/** Whether all is equal; a matcher takes seconds for long arrays. */
function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.prototype.every.call(a, (value, i) => value === b[i]);
}

/** The perimeter of one region as Benkrid and Crookes define it, pixel by pixel. */
function obviousPerimeter({ data, shape }: Labels, id: number): number {
  const [height, width] = shape as [number, number];
  const has = (row: number, column: number) =>
    row >= 0 && row < height && column >= 0 && column < width && data[row * width + column] === id;
  const edges = [
    [-1, 0],
    [1, 0],
    [0, -1],
    [0, 1],
  ] as const;
  const corners = [
    [-1, -1],
    [-1, 1],
    [1, -1],
    [1, 1],
  ] as const;
  const border = (row: number, column: number) => has(row, column) && edges.some(([y, x]) => !has(row + y, column + x));
  let length = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (!border(row, column)) continue;
      const code =
        1 +
        2 * edges.filter(([y, x]) => border(row + y, column + x)).length +
        10 * corners.filter(([y, x]) => border(row + y, column + x)).length;
      if ([5, 7, 15, 17, 25, 27].includes(code)) length += 1;
      else if ([21, 33].includes(code)) length += Math.SQRT2;
      else if ([13, 23].includes(code)) length += (1 + Math.SQRT2) / 2;
    }
  }
  return length;
}

describe('runs of pixels', () => {
  // Sides below, at and above 64 pixels, which the kernels look at together, and images of several bands.
  for (const [height, width] of [
    [1, 20000],
    [16500, 1],
    [300, 63],
    [280, 64],
    [260, 65],
    [130, 127],
    [300, 513],
  ] as const) {
    it(`are those of the definition, by kernels and by loops: ${height} x ${width}`, () => {
      for (const [longest, largest] of [
        [3, 1],
        [90, 1],
        [5, 3],
        [200, 255],
      ] as const) {
        const bytes = stretches(height * width, longest, largest, longest);
        const words = Int32Array.from(bytes, (value) => (value === 0 ? 0 : value * 16777259));
        const cases = [
          [bytes, false],
          [bytes, true],
          [words, false],
          [words, true],
        ] as const;
        for (const [data, background] of cases) {
          const { count, starts, ends, rowStarts } = rowRuns(data, height, width, background);
          const expected = obviousRuns(data, height, width, background);
          expect(count).toBe(expected.length);
          expect(expected.every(([start, end], run) => starts[run] === start && ends[run] === end)).toBe(true);
          const firsts = Array.from({ length: height + 1 }, () => 0);
          for (const [start] of expected) firsts[Math.floor(start! / width) + 1]!++;
          for (let row = 0; row < height; row++) firsts[row + 1]! += firsts[row]!;
          expect(same(rowStarts.subarray(0, height + 1), firsts)).toBe(true);
          const plain = withoutKernels(() => rowRuns(data, height, width, background));
          expect(plain.count).toBe(count);
          expect(same(plain.starts.subarray(0, count), starts.subarray(0, count))).toBe(true);
          expect(same(plain.ends.subarray(0, count), ends.subarray(0, count))).toBe(true);
          expect(same(plain.rowStarts.subarray(0, height + 1), rowStarts.subarray(0, height + 1))).toBe(true);
        }
      }
    });
  }

  it('an image of one value, and one whose every pixel differs from the next', () => {
    for (const value of [0, 1, 255]) {
      const flat = new Uint8Array(200 * 200).fill(value);
      expect(rowRuns(flat, 200, 200).count).toBe(value === 0 ? 0 : 200);
      expect(rowRuns(flat, 200, 200, true).count).toBe(value === 0 ? 200 : 0);
    }
    const striped = Uint8Array.from({ length: 500 * 333 }, (_, i) => 1 + (i % 2));
    expect(rowRuns(striped, 500, 333).count).toBe(500 * 333);
  });
});

describe('what is measured run by run', () => {
  it('the perimeter is that of the definition: regions that touch, in pieces, with runs of any length', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 130 }),
        fc.constantFrom(4, 40, 120),
        fc.nat(),
        (height, width, longest, seed) => {
          const data = stretches(height * width, longest, 3, seed);
          const labels = createLabels(Int32Array.from(data), [height, width]);
          for (const { label, perimeter } of regionProperties(labels, { properties: ['perimeter'] })) {
            expect(perimeter).toBeCloseTo(obviousPerimeter(labels, label), 9);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('a region is the same beside others: measured alone, whatever the ids, nothing changes', () => {
    const properties = [
      'area',
      'bbox',
      'perimeter',
      'perimeterCrofton',
      'perimeterTraced',
      'eulerNumber',
      'momentsCentral',
    ] as const;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 40 }), fc.nat(), (height, width, seed) => {
        const data = Int32Array.from(stretches(height * width, 9, 4, seed), (value) => value * value * 1000);
        const all = regionProperties(createLabels(data, [height, width]), { properties });
        for (const region of all) {
          const alone = createLabels(
            data.map((id) => (id === region.label ? 1 : 0)),
            [height, width],
          );
          expect({ ...regionProperties(alone, { properties })[0]!, label: region.label }).toEqual(region);
        }
      }),
      { numRuns: 200 },
    );
  });
});
