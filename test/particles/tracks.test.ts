import { Random } from 'segkit/core';
import {
  clusterParticles,
  estimateDrift,
  type Particle,
  sizeCurves,
  spatialStatistics,
  summarizeCoarsening,
  trackParticles,
} from 'segkit/particles';
import { describe, expect, it } from 'vitest';

/** A round particle at a place; `label` carries the truth. */
function particle(truth: number, row: number, column: number, diameter: number): Particle {
  const area = (Math.PI / 4) * diameter * diameter;
  return {
    label: truth,
    unit: 'nm',
    numPixels: Math.round(area),
    area,
    equivalentDiameter: diameter,
    perimeter: Math.PI * diameter,
    circularity: 1,
    axisMajor: diameter,
    axisMinor: diameter,
    eccentricity: 0,
    orientation: Number.NaN,
    feretMax: diameter,
    feretMin: diameter,
    solidity: 1,
    centroid: [row, column],
    centroidPhysical: [row, column],
    bbox: [0, 0, 1, 1],
    touchesBorder: false,
  };
}

/**
 * A film of particles on a jittered grid `spacing` apart that walk by up to `move` a frame, drift together, come and go.
 */
function film(seed: number, move: number, drift: readonly [number, number] = [0, 0]): Particle[][] {
  const random = new Random(seed);
  const spacing = 20;
  const bodies = Array.from({ length: 144 }, (_, i) => ({
    row: spacing * Math.floor(i / 12) + random.uniform(-2, 2),
    column: spacing * (i % 12) + random.uniform(-2, 2),
    diameter: random.uniform(6, 10),
    from: random.boolean(0.1) ? random.integer(1, 5) : 0,
    until: random.boolean(0.1) ? random.integer(5, 9) : 10,
  }));
  return Array.from({ length: 10 }, (_, frame) => {
    const list: Particle[] = [];
    bodies.forEach((body, truth) => {
      // Around its home, so that particles stay apart: steps reach `move` at most.
      const angle = random.uniform(0, 2 * Math.PI);
      const radius = (move / 2) * Math.sqrt(random.uniform());
      if (frame < body.from || frame >= body.until) return;
      list.push(
        particle(
          truth,
          body.row + radius * Math.cos(angle) + frame * drift[0],
          body.column + radius * Math.sin(angle) + frame * drift[1],
          body.diameter * random.uniform(0.97, 1.03),
        ),
      );
    });
    return random.shuffle(list);
  });
}

function rightLinks(frames: Particle[][], maxDistance: number): number {
  const { tracks } = trackParticles(frames, { maxDistance });
  let right = 0;
  let found = 0;
  for (const track of tracks) {
    for (let k = 1; k < track.particles.length; k++) {
      found++;
      if (track.particles[k]!.label === track.particles[k - 1]!.label) right++;
    }
  }
  let possible = 0;
  for (let f = 1; f < frames.length; f++) {
    const before = new Set(frames[f - 1]!.map(({ label }) => label));
    possible += frames[f]!.filter(({ label }) => before.has(label)).length;
  }
  return right / Math.max(found, possible);
}

describe('trackParticles on simulated films', () => {
  it('links at least 99 % rightly where particles move less than half their spacing', () => {
    for (const seed of [1, 2, 3]) expect(rightLinks(film(seed, 9), 10), `seed ${seed}`).toBeGreaterThanOrEqual(0.99);
  });
  it('also with a drift of a quarter of the spacing a frame', () => {
    for (const seed of [4, 5])
      expect(rightLinks(film(seed, 6, [5, -4]), 10), `seed ${seed}`).toBeGreaterThanOrEqual(0.99);
  });
  it('finds the drift within a pixel', () => {
    const frames = film(6, 3, [5, -4]);
    const [row, column] = estimateDrift(frames[0]!, frames[1]!, { maxDistance: 9 });
    expect(Math.abs(row - 5)).toBeLessThan(1);
    expect(Math.abs(column + 4)).toBeLessThan(1);
  });
  it('is the cheapest of all ways to pair: against trying all of five by five', () => {
    const random = new Random(9);
    for (let round = 0; round < 30; round++) {
      const make = () =>
        Array.from({ length: 5 }, (_, i) => particle(i, random.uniform(0, 10), random.uniform(0, 10), 4));
      const [a, b] = [make(), make()];
      const reach = 6;
      const { tracks } = trackParticles([a, b], { maxDistance: reach, correctDrift: false, sizeWeight: 0 });
      const price = (i: number, j: number) =>
        ((a[i]!.centroid[0] - b[j]!.centroid[0]) ** 2 + (a[i]!.centroid[1] - b[j]!.centroid[1]) ** 2) / reach ** 2;
      const total = (pairs: ReadonlyArray<readonly [number, number]>) =>
        pairs.reduce((sum, [i, j]) => sum + price(i, j), 0) + 5 - pairs.length;
      const found = tracks
        .filter((t) => t.start === 0 && t.particles.length === 2)
        .map((t) => [t.indices[0]!, t.indices[1]!] as const);
      let best = Number.POSITIVE_INFINITY;
      const search = (i: number, used: Set<number>, pairs: Array<[number, number]>) => {
        if (i === 5) {
          best = Math.min(best, total(pairs));
          return;
        }
        search(i + 1, used, pairs);
        for (let j = 0; j < 5; j++) {
          if (!used.has(j) && price(i, j) <= 1) search(i + 1, new Set([...used, j]), [...pairs, [i, j]]);
        }
      };
      search(0, new Set(), []);
      expect(total(found)).toBeCloseTo(best, 9);
    }
  });
  it('tells merging from vanishing, and splitting from appearing', () => {
    const union = Math.sqrt(2) * 8;
    const apart = [particle(1, 10, 10, 8), particle(2, 10, 18, 8), particle(3, 50, 50, 8)];
    const merged = [particle(1, 10, 14, union)];
    const { tracks } = trackParticles([apart, merged], { maxDistance: 6, correctDrift: false });
    const [kept, gone, vanished] = [...tracks].sort((a, b) => b.particles.length - a.particles.length || a.id - b.id);
    expect(kept!.particles.length).toBe(2);
    expect(gone!.mergedInto).toBe(kept!.id);
    expect(vanished!.mergedInto).toBeUndefined();
    const back = trackParticles([merged, apart], { maxDistance: 6, correctDrift: false }).tracks;
    const source = back.find((track) => track.particles.length === 2)!;
    expect(back.filter((track) => track.splitFrom === source.id)).toHaveLength(1);
  });
});

describe('trackParticles on particles that wander', () => {
  /** Particles at random places, never nearer than 20 to one another, that step up to `move` on their own; some go, others come. */
  function wandering(seed: number, move: number, turnover: number): Particle[][] {
    const random = new Random(seed);
    const spacing = 20;
    const side = 440;
    let live: Array<{ truth: number; row: number; column: number; diameter: number }> = [];
    let truth = 0;
    const free = (row: number, column: number, me?: object) =>
      live.every((other) => other === me || (other.row - row) ** 2 + (other.column - column) ** 2 >= spacing ** 2);
    const strew = (count: number) => {
      for (let attempt = 0; attempt < 3000 && live.length < count; attempt++) {
        const [row, column] = [random.uniform(0, side), random.uniform(0, side)];
        if (free(row, column)) live.push({ truth: truth++, row, column, diameter: random.uniform(5, 10) });
      }
    };
    strew(200);
    return Array.from({ length: 12 }, () => {
      const list = live.map((p) => particle(p.truth, p.row, p.column, p.diameter * random.uniform(0.97, 1.03)));
      live = live.filter(() => !random.boolean(turnover));
      for (const body of live) {
        for (let attempt = 0; attempt < 20; attempt++) {
          const angle = random.uniform(0, 2 * Math.PI);
          const step = move * Math.sqrt(random.uniform());
          const [row, column] = [body.row + step * Math.sin(angle), body.column + step * Math.cos(angle)];
          if (!free(row, column, body)) continue;
          body.row = row;
          body.column = column;
          break;
        }
      }
      strew(190);
      return random.shuffle(list);
    });
  }
  it.each([1, 2, 3, 4])(
    'links 99 % rightly at steps up to 0.49 of the spacing, whatever reach is allowed: film %i',
    (seed) => {
      const frames = wandering(seed, 9.8, 0.01);
      for (const maxDistance of [10, 15, 20]) {
        expect(rightLinks(frames, maxDistance), `within ${maxDistance}`).toBeGreaterThanOrEqual(0.99);
      }
    },
  );
  it('estimates no drift where particles wander each on its own, nor merging where some vanish', () => {
    const { drift, tracks } = trackParticles(wandering(7, 9, 0.02), { maxDistance: 10 });
    // A median of 200 steps of 6 on average is known to 0.5.
    for (const [row, column] of drift) expect(Math.max(Math.abs(row), Math.abs(column))).toBeLessThan(2);
    expect(tracks.filter(({ mergedInto, splitFrom }) => mergedInto !== undefined || splitFrom !== undefined)).toEqual(
      [],
    );
  });
  it('a common step is found exactly where nothing else moves, however large the reach', () => {
    const [first] = wandering(9, 0, 0);
    const next = first!.map((p) => particle(p.label, p.centroid[0] + 7.25, p.centroid[1] - 3.5, p.equivalentDiameter));
    for (const maxDistance of [8, 20, 50]) {
      const [row, column] = estimateDrift(first!, next, { maxDistance });
      expect(row).toBeCloseTo(7.25, 9);
      expect(column).toBeCloseTo(-3.5, 9);
    }
  });
  it('gives curves of sizes with their slopes, and refuses mixed units', () => {
    const frames = [0, 1, 2].map((t) => [particle(1, 5, 5, 4 + 0.5 * t), particle(2, 40, 40, 9)]);
    const tracked = trackParticles(frames, { maxDistance: 5 });
    const curves = sizeCurves(tracked, { times: [0, 10, 20] });
    expect([...curves[0]!.sizes]).toEqual([4, 4.5, 5]);
    expect([...curves[0]!.times]).toEqual([0, 10, 20]);
    expect(curves[0]!.rate).toBeCloseTo(0.05, 12);
    expect(curves[1]!.rate).toBeCloseTo(0, 12);
    expect(sizeCurves(trackParticles([frames[0]!, []], { maxDistance: 5 }))[0]!.rate).toBeNaN();
    expect(sizeCurves(tracked, { minLength: 4 })).toEqual([]);
    expect(() => sizeCurves(tracked, { times: [0] })).toThrow('times must be one a frame, more than 1, got 1.');
    const other = [{ ...particle(1, 5, 5, 4), unit: 'px' as const }];
    expect(() => trackParticles([frames[0]!, other], { maxDistance: 5 })).toThrow(
      'frames must have one unit, got nm and px in frames[1].',
    );
    expect(() => summarizeCoarsening([frames[0]!, other])).toThrow('frames must have one unit, got nm and px');
  });
  it('a small particle that vanishes beside a large one has not merged', () => {
    const small = particle(1, 10, 16, 2);
    const large = particle(2, 10, 10, 10);
    const { tracks } = trackParticles([[small, large], [large]], { maxDistance: 5 });
    expect(tracks.find(({ particles }) => particles.length === 1)!.mergedInto).toBeUndefined();
  });
});

describe('summarizeCoarsening', () => {
  it('finds the rate of radii that follow r^3 = 27 + 5 t', () => {
    const times = [0, 2, 4, 6];
    const frames = times.map((t) => [particle(0, 0, 0, 2 * Math.cbrt(27 + 5 * t))]);
    const fit = summarizeCoarsening(frames, { times });
    expect(fit.rate).toBeCloseTo(5, 10);
    expect(fit.intercept).toBeCloseTo(27, 10);
    expect(fit.rSquared).toBeCloseTo(1, 12);
    expect(fit.rateError).toBeLessThan(1e-6);
    expect(() => summarizeCoarsening(frames, { times: [1, 2] })).toThrow('times must be one a frame, 4, got 2.');
  });
});

describe('spatialStatistics', () => {
  const random = new Random(21);
  const strewn = Array.from({ length: 1500 }, () => [random.uniform(0, 100), random.uniform(0, 100)] as const);
  it('of points strewn at random: K = pi r^2, g = 1, Clark and Evans 1, thanks to the edge correction', () => {
    const { ripleyK, distances, pairCorrelation, clarkEvans } = spatialStatistics(strewn, {
      frame: { height: 100, width: 100 },
      bins: 10,
    });
    distances.forEach((r, i) => {
      expect(Math.abs(ripleyK[i]! / (Math.PI * r * r) - 1), `r = ${r}`).toBeLessThan(0.08);
      expect(Math.abs(pairCorrelation[i]! - 1), `r = ${r}`).toBeLessThan(0.1);
    });
    expect(Math.abs(clarkEvans - 1)).toBeLessThan(0.06);
    const plain = spatialStatistics(strewn, { frame: { height: 100, width: 100 }, bins: 10, edgeCorrection: 'none' });
    expect(plain.ripleyK[9]!).toBeLessThan(0.9 * ripleyK[9]!);
  });
  it('covers areas of particles, and clusters chains', () => {
    const pair = [particle(1, 1, 1, 2), particle(2, 1, 3, 2)];
    expect(spatialStatistics(pair, { frame: { height: 10, width: 10 } }).areaFraction).toBeCloseTo(
      (2 * Math.PI) / 100,
      12,
    );
    expect([
      ...clusterParticles(
        [
          [0, 0],
          [0, 1],
          [0, 2],
          [9, 9],
        ],
        { distance: 1 },
      ),
    ]).toEqual([1, 1, 1, 2]);
    expect(() => spatialStatistics([[11, 0]], { frame: { height: 10, width: 10 } })).toThrow(
      'positions must lie in the frame',
    );
  });
});
