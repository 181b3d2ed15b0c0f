import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestDistances } from '../../src/metrics/nearestDistances.js';

describe('nearest distances', () => {
  const search = (from: number[], to: number[], width: number, row: number, column: number): number[] =>
    from.flatMap((value, i) => {
      if (value === 0) return [];
      let best = Number.POSITIVE_INFINITY;
      to.forEach((other, j) => {
        if (other === 0) return;
        const y = row * (Math.floor(i / width) - Math.floor(j / width));
        const x = column * ((i % width) - (j % width));
        best = Math.min(best, y * y + x * x);
      });
      return [Math.sqrt(best)];
    });

  it('equal a search over all pixels, with pixels that are no squares', () => {
    const bits = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 42, maxLength: 42 });
    fc.assert(
      fc.property(bits, bits, fc.constantFrom(1, 0.5, 3), (from, to, row) => {
        const got = nearestDistances(Uint8Array.from(from), Uint8Array.from(to), 6, 7, { row, column: 2 });
        const wanted = search(from, to, 7, row, 2);
        expect(got.length).toBe(wanted.length);
        wanted.forEach((distance, i) => {
          expect(distance === got[i] || Math.abs(got[i]! - distance) < 1e-9).toBe(true);
        });
      }),
    );
  });
  it('do so where the nearest is far along the row, and whole rows are empty', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(799), { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(799), { maxLength: 12 }),
        fc.constantFrom(0.01, 1, 40),
        (there, here, row) => {
          const mark = (places: number[]): number[] => {
            const marks = new Array<number>(800).fill(0);
            for (const place of places) marks[place] = 1;
            return marks;
          };
          const [from, to] = [mark(here), mark(there)];
          const got = nearestDistances(Uint8Array.from(from), Uint8Array.from(to), 4, 200, { row, column: 1 });
          expect([...got].map((d) => Math.round(d * 1e9))).toEqual(
            search(from, to, 200, row, 1).map((d) => Math.round(d * 1e9)),
          );
        },
      ),
    );
  });
});
