import fc from 'fast-check';
import { createMask, Random } from 'segkit/core';
import { label } from 'segkit/morphology';
import { clusterParticles, measureParticles, nearestNeighbors, spatialStatistics } from 'segkit/particles';
import { describe, expect, it } from 'vitest';

/** Points on multiples of a pixel, whose distances are often just the reach. */
const pixelPoints = fc
  .tuple(
    fc.constantFrom(0.1, 0.3, 0.7, 7.34375),
    fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 })), {
      minLength: 2,
      maxLength: 40,
    }),
  )
  .map(([pixel, list]) => ({ pixel, points: list.map(([row, column]) => [row * pixel, column * pixel] as const) }));

function distance(a: readonly [number, number], b: readonly [number, number]): number {
  return Math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2);
}

describe('places against all pairs', () => {
  it('nearest neighbours, also where coordinates are whole pixels', () => {
    fc.assert(
      fc.property(pixelPoints, ({ points }) => {
        const expected = points.map((one, i) =>
          points.reduce((least, other, j) => (i === j ? least : Math.min(least, distance(one, other))), Infinity),
        );
        expect([...nearestNeighbors(points)]).toEqual(expected);
      }),
    );
  });
  it('numbers of neighbours within a reach, and clusters', () => {
    fc.assert(
      fc.property(pixelPoints, fc.integer({ min: 1, max: 9 }), ({ pixel, points }, steps) => {
        const reach = steps * pixel;
        const side = 31 * pixel;
        let pairs = 0;
        points.forEach((one, i) => {
          points.forEach((other, j) => {
            if (i !== j && distance(one, other) <= reach) pairs++;
          });
        });
        const { ripleyK } = spatialStatistics(points, {
          frame: { height: side, width: side },
          maxDistance: reach,
          bins: 1,
          edgeCorrection: 'none',
        });
        expect(ripleyK[0]).toBeCloseTo((pairs * side * side) / points.length ** 2, 6);
        const clusters = clusterParticles(points, { distance: reach });
        points.forEach((one, i) => {
          points.forEach((other, j) => {
            if (distance(one, other) <= reach) expect(clusters[i]).toBe(clusters[j]);
          });
        });
      }),
    );
  });
});

describe('spatialStatistics', () => {
  it('few points strewn at random in a narrow frame: Clark and Evans 1 and g = 1 on average', () => {
    const random = new Random(4);
    const frame = { height: 50, width: 200 };
    let ratio = 0;
    const g = new Float64Array(4);
    for (let k = 0; k < 600; k++) {
      const points = Array.from({ length: 50 }, () => [random.uniform(0, 50), random.uniform(0, 200)] as const);
      const { clarkEvans, pairCorrelation } = spatialStatistics(points, { frame, bins: 4 });
      ratio += clarkEvans / 600;
      pairCorrelation.forEach((value, i) => {
        g[i]! += value / 600;
      });
    }
    // Leaving out points near the border without weights gives 0.88.
    expect(Math.abs(ratio - 1)).toBeLessThan(0.03);
    // Some 2,250 pairs in the first step: 2 % standard error.
    for (const value of g) expect(Math.abs(value - 1)).toBeLessThan(0.08);
  });
  it('a square lattice of spacing 10: nobody below 10, peaks at 10 and 14.1, Clark and Evans 2', () => {
    const points = Array.from({ length: 400 }, (_, i) => [10 * Math.floor(i / 20) + 5, 10 * (i % 20) + 5] as const);
    const { pairCorrelation, clarkEvans } = spatialStatistics(points, {
      frame: { height: 200, width: 200 },
      maxDistance: 16,
      bins: 16,
    });
    for (let k = 0; k < 9; k++) expect(pairCorrelation[k]).toBe(0);
    // 4 neighbours on the ring from 9 to 10, whose area is 19 pi; the density is 1 / 100.
    expect(pairCorrelation[9]).toBeCloseTo(400 / (19 * Math.PI), 1);
    expect(pairCorrelation[14]).toBeCloseTo(400 / (29 * Math.PI), 1);
    expect(clarkEvans).toBeCloseTo(2, 12);
  });
  it('turns with the frame, and scales with the unit', () => {
    const random = new Random(8);
    const points = Array.from({ length: 60 }, () => [random.uniform(0, 40), random.uniform(0, 90)] as const);
    const one = spatialStatistics(points, { frame: { height: 40, width: 90 }, bins: 5 });
    const turned = spatialStatistics(
      points.map(([row, column]) => [column, 40 - row] as const),
      { frame: { height: 90, width: 40 }, bins: 5 },
    );
    const scaled = spatialStatistics(
      points.map(([row, column]) => [row * 4, column * 4] as const),
      { frame: { height: 160, width: 360 }, bins: 5 },
    );
    expect(turned.clarkEvans).toBeCloseTo(one.clarkEvans, 9);
    expect(scaled.clarkEvans).toBeCloseTo(one.clarkEvans, 9);
    expect(scaled.numberDensity).toBeCloseTo(one.numberDensity / 16, 12);
    one.pairCorrelation.forEach((value, i) => {
      expect(turned.pairCorrelation[i]).toBeCloseTo(value, 9);
      expect(scaled.pairCorrelation[i]).toBeCloseTo(value, 9);
      expect(scaled.distances[i]).toBeCloseTo(4 * one.distances[i]!, 9);
    });
  });
  it('is NaN where there is no pair', () => {
    const { clarkEvans, ripleyK, numberDensity } = spatialStatistics([[1, 1]], {
      frame: { height: 2, width: 2 },
      bins: 2,
    });
    expect([clarkEvans, ...ripleyK]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(numberDensity).toBe(0.25);
  });
  it('weights take the bias of cut particles off the number density', () => {
    const random = new Random(12);
    const frame = { height: 80, width: 80 };
    let [weighted, excluded] = [0, 0];
    for (let k = 0; k < 60; k++) {
      // Squares of 16 pixels, their corners strewn over a field that the frame of 80 x 80 is cut out of: 0.001 a pixel.
      const mask = createMask(undefined, [80, 80]);
      const taken: Array<readonly [number, number]> = [];
      const wanted = Math.round(0.001 * 112 * 112);
      while (taken.length < wanted) taken.push([random.integer(-16, 96), random.integer(-16, 96)]);
      const labels = label(mask);
      taken.forEach(([row, column], id) => {
        for (let r = Math.max(0, row); r < Math.min(80, row + 16); r++) {
          for (let c = Math.max(0, column); c < Math.min(80, column + 16); c++) labels.data[r * 80 + c] = id + 1;
        }
      });
      // Whole squares alone count; where one hides part of another, it is measured smaller, and no square.
      const whole = (particles: ReturnType<typeof measureParticles>) => particles.filter((p) => p.numPixels === 256);
      const kept = whole(measureParticles(labels, { border: 'weight' }));
      weighted += spatialStatistics(kept, { frame }).numberDensity / 60;
      excluded += kept.length / 6400 / 60;
    }
    // 63 x 63 of 80 x 80 places leave a square whole and off the border.
    expect(excluded / weighted).toBeCloseTo((63 * 63) / (80 * 80), 6);
  });
});
