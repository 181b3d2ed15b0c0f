import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tileAxis } from '../../src/inference/tiles.js';

it('covers 10 by tiles of 6 that share 2: ramps 2/3, 1/3 over their sum 1', () => {
  const [one, two] = tileAxis(10, 6, 1 / 3, 1);
  expect([one!.start, two!.start]).toEqual([0, 4]);
  [1, 1, 1, 1, 2 / 3, 1 / 3].forEach((weight, i) => {
    expect(one!.weights[i]).toBeCloseTo(weight, 12);
    expect(two!.weights[5 - i]).toBeCloseTo(weight, 12);
  });
});

it('is one tile of weight 1 where it covers all', () => {
  expect(tileAxis(6, 6, 0.5, 2)).toEqual([{ start: 0, weights: Float64Array.from([1, 1, 1, 1, 1, 1]) }]);
});

it('starts at multiples of the step, shares at least the overlap, and gives weights that add up to 1', () => {
  const sizes = fc.record({
    step: fc.integer({ min: 1, max: 8 }),
    tile: fc.integer({ min: 1, max: 12 }),
    more: fc.integer({ min: 0, max: 40 }),
    overlap: fc.double({ min: 0, max: 0.95, noNaN: true }),
  });
  fc.assert(
    fc.property(sizes, ({ step, tile, more, overlap }) => {
      const side = tile * step;
      const length = side + more * step;
      const tiles = tileAxis(length, side, overlap, step);
      const sums = new Float64Array(length);
      tiles.forEach(({ start, weights }, i) => {
        expect(start % step).toBe(0);
        if (i > 0) {
          const shared = tiles[i - 1]!.start + side - start;
          expect(shared).toBeGreaterThanOrEqual(Math.min(side - step, side * overlap) - 1e-9);
        }
        weights.forEach((weight, at) => {
          expect(weight).toBeGreaterThan(0);
          sums[start + at]! += weight;
        });
      });
      expect(tiles[0]!.start).toBe(0);
      expect(tiles.at(-1)!.start).toBe(length - side);
      for (const sum of sums) expect(sum).toBeCloseTo(1, 12);
    }),
  );
});
