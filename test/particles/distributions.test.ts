import { createLabels, createMask, createProbabilityMap, Random } from 'segkit/core';
import { label } from 'segkit/morphology';
import {
  boundaryUncertainty,
  fitDistribution,
  measureParticles,
  particlesNeeded,
  particlesToCsv,
  particlesToJson,
  probabilityUncertainty,
  sizeHistogram,
  summarizeSizes,
} from 'segkit/particles';
import { describe, expect, it } from 'vitest';
import { discMask } from '../morphology/grids.js';

function lognormals(seed: number, count: number, mu: number, sigma: number): number[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => Math.exp(random.normal(mu, sigma)));
}

describe('fitDistribution', () => {
  it('recovers a log-normal within three standard errors, which fall as 1 / sqrt(n)', () => {
    const fit = fitDistribution(lognormals(3, 1000, 2, 0.3), 'lognormal', { resamples: 100 });
    expect(Math.abs(fit.parameters.mu! - 2)).toBeLessThan(3 * fit.standardErrors.mu!);
    expect(Math.abs(fit.parameters.sigma! - 0.3)).toBeLessThan(3 * fit.standardErrors.sigma!);
    // sigma / sqrt(n) and sigma / sqrt(2 n).
    expect(fit.standardErrors.mu).toBeCloseTo(fit.parameters.sigma! / Math.sqrt(1000), 5);
    expect(fit.standardErrors.sigma).toBeCloseTo(fit.parameters.sigma! / Math.sqrt(2000), 5);
    expect(fit.pValue).toBeGreaterThan(0.05);
    expect(fit.cdf(fit.quantile(0.3))).toBeCloseTo(0.3, 9);
  });
  it('refuses by the test what the sizes are not, and prefers by AIC what they are', () => {
    const sizes = [...lognormals(1, 200, 1, 0.1), ...lognormals(2, 200, 2.5, 0.1)];
    const single = fitDistribution(sizes, 'lognormal', { resamples: 50 });
    const double = fitDistribution(sizes, 'lognormalMixture', { resamples: 50 });
    expect(single.pValue).toBeLessThan(0.05);
    expect(double.pValue).toBeGreaterThan(0.05);
    expect(double.bic).toBeLessThan(single.bic);
    expect(double.parameters.mu1).toBeCloseTo(1, 1);
    expect(double.parameters.mu2).toBeCloseTo(2.5, 1);
    expect(double.parameters.share1).toBeCloseTo(0.5, 6);
    // sqrt(0.5 * 0.5 / 400) where the peaks lie apart.
    expect(double.standardErrors.share1).toBeCloseTo(0.025, 4);
    expect(double.standardErrors.share2).toBeCloseTo(0.025, 4);
  });
  it('Rosin-Rammler recovers the law of volume that sizes were drawn from', () => {
    // Shares of number are shares of volume over the cube: each of 400 equal shares of volume counts 1 / d^3 times.
    const shape = 4;
    const scale = 10;
    const sizes = Array.from({ length: 400 }, (_, i) => scale * (-Math.log(1 - (i + 0.5) / 400)) ** (1 / shape));
    const least = Math.min(...sizes);
    const drawn = sizes.flatMap((d) => Array(Math.max(1, Math.round(200 * (least / d) ** 3))).fill(d) as number[]);
    const fit = fitDistribution(
      drawn.filter((d) => d > 4),
      'rosinRammler',
      { resamples: 0 },
    );
    expect(fit.parameters.scale).toBeGreaterThan(8);
    expect(fit.parameters.scale).toBeLessThan(12);
    expect(fit.cdf(fit.parameters.scale!)).toBeCloseTo(1 - Math.exp(-1), 12);
  });
  it('gives the same p-value for the same seed and names what is wrong', () => {
    const sizes = lognormals(5, 60, 1, 0.4);
    expect(fitDistribution(sizes, 'gamma', { seed: 4 }).pValue).toBe(
      fitDistribution(sizes, 'gamma', { seed: 4 }).pValue,
    );
    expect(() => fitDistribution([1, 2], 'normal')).toThrow('sizes must be at least 3 to fit normal, got 2.');
    expect(() => fitDistribution([2, 2, 2], 'normal')).toThrow('sizes must differ, got 2 only.');
    expect(() => fitDistribution([0, 1, 2], 'weibull')).toThrow('sizes must be above 0 to fit weibull, got 0.');
  });
});

describe('fitDistribution in any unit', () => {
  const kinds = ['normal', 'lognormal', 'weibull', 'gamma', 'rosinRammler', 'lognormalMixture'] as const;
  it.each(kinds)('%s: sizes in m say what sizes in nm say', (kind) => {
    const sizes = lognormals(4, 60, 2, 0.3);
    const nm = fitDistribution(sizes, kind, { resamples: 20 });
    const m = fitDistribution(
      sizes.map((size) => size * 1e-9),
      kind,
      { resamples: 20 },
    );
    expect(m.ks).toBeCloseTo(nm.ks, 9);
    expect(m.pValue).toBe(nm.pValue);
    for (const [name, value] of Object.entries(nm.parameters)) {
      const scale = /^(mean|standardDeviation|scale)$/.test(name) ? 1e-9 : 1;
      const shift = name.startsWith('mu') ? Math.log(1e-9) : 0;
      expect((m.parameters[name]! - shift) / scale / value, name).toBeCloseTo(1, 6);
      expect(m.standardErrors[name]! / scale / nm.standardErrors[name]!, name).toBeCloseTo(1, 4);
    }
    expect(m.quantile(0.3) / nm.quantile(0.3)).toBeCloseTo(1e-9, 15);
  });
  it.each(kinds)('%s: the ends of its quantiles, and no share beyond them', (kind) => {
    const fit = fitDistribution(lognormals(4, 60, 2, 0.3), kind, { resamples: 0 });
    expect(fit.quantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(fit.quantile(0)).toBeLessThan(1e-20);
    expect(() => fit.quantile(1.5)).toThrow('share must be a finite number at least 0 and at most 1, got 1.5.');
  });
  it('says so where sizes hardly spread, and takes what spreads a little', () => {
    expect(() => fitDistribution([1, 1 + 1e-9, 1 + 2e-9], 'gamma')).toThrow(
      'sizes must spread by a ten-thousandth at least, got 1 to 1.000000002.',
    );
    const narrow = lognormals(6, 50, 2, 1e-3);
    const gamma = fitDistribution(narrow, 'gamma', { resamples: 10 });
    // Nearly normal: shape 1 / cv^2, known to sqrt(2 / n) of itself.
    const { coefficientOfVariation } = summarizeSizes(narrow);
    expect(gamma.parameters.shape! * coefficientOfVariation ** 2 * (49 / 50)).toBeCloseTo(1, 3);
    expect(gamma.standardErrors.shape! / gamma.parameters.shape!).toBeCloseTo(Math.sqrt(2 / 50), 3);
    const normal = fitDistribution(narrow, 'normal', { resamples: 0 });
    expect(gamma.logLikelihood).toBeCloseTo(normal.logLikelihood, 1);
    expect(gamma.cdf(narrow[0]!)).toBeCloseTo(normal.cdf(narrow[0]!), 3);
  });
  it('Rosin-Rammler: standard errors are the spread of fits of new samples', () => {
    // Its number density with shape 6 and scale 10: (d / 10)^6 is distributed as gamma of shape 1 / 2, half a squared normal.
    const random = new Random(31);
    const fits = Array.from({ length: 60 }, () =>
      fitDistribution(
        Array.from({ length: 400 }, () => 10 * (random.normal(0, 1) ** 2 / 2) ** (1 / 6)),
        'rosinRammler',
        { resamples: 0 },
      ),
    );
    for (const [name, truth] of [
      ['shape', 6],
      ['scale', 10],
    ] as const) {
      const found = summarizeSizes(fits.map(({ parameters }) => parameters[name]!));
      const told = summarizeSizes(fits.map(({ standardErrors }) => standardErrors[name]!)).mean;
      expect(Math.abs(found.mean / truth - 1), name).toBeLessThan(0.03);
      expect(Math.abs(told / found.standardDeviation - 1), name).toBeLessThan(0.25);
    }
  });
  it('weights of particles count by their effective number, whatever their sum', () => {
    const particles = measureParticles(label(discMask(40, 40, 19.5, 19.5, 10)));
    const of = (factor: number) =>
      lognormals(5, 40, 1, 0.4).map((equivalentDiameter, i) => ({
        ...particles[0]!,
        equivalentDiameter,
        weight: factor * (1 + (i % 3)),
      }));
    const one = fitDistribution(of(1), 'lognormal', { resamples: 20 });
    const ten = fitDistribution(of(10), 'lognormal', { resamples: 20 });
    expect(ten.aic).toBeCloseTo(one.aic, 9);
    expect(ten.standardErrors.mu).toBeCloseTo(one.standardErrors.mu!, 9);
    expect(ten.pValue).toBe(one.pValue);
    expect(() => fitDistribution(of(-1), 'lognormal')).toThrow(
      'sizes[0].weight must be a finite number above 0, got -1.',
    );
  });
  it('a mixture finds a narrow peak beside a broad one, and parts about one mean', () => {
    const beside = [...lognormals(1, 30, 0.5, 0.05), ...lognormals(2, 270, 1.5, 0.4)];
    const { parameters } = fitDistribution(beside, 'lognormalMixture', { resamples: 0 });
    expect(parameters.mu1).toBeCloseTo(0.5, 1);
    expect(parameters.sigma1).toBeLessThan(0.1);
    const nested = [...lognormals(3, 200, 1, 0.05), ...lognormals(4, 200, 1, 0.5)];
    const { parameters: two } = fitDistribution(nested, 'lognormalMixture', { resamples: 0 });
    const narrow = Math.min(two.sigma1!, two.sigma2!);
    const broad = Math.max(two.sigma1!, two.sigma2!);
    expect(narrow).toBeLessThan(0.08);
    expect(broad).toBeGreaterThan(0.4);
  });
  it('has components for mixtures alone', () => {
    expect(() => fitDistribution([1, 2, 3], 'normal', { components: 3 })).toThrow(
      'components must be given for "lognormalMixture" alone, got 3 for "normal".',
    );
  });
});

describe('confidence and stopping', () => {
  it('intervals hold the truth about as often as they say: D50, D90, D[4,3] of 40 log-normal sizes', () => {
    const sigma = 0.3;
    const truth = {
      mean: Math.exp(2 + sigma ** 2 / 2),
      d50: Math.exp(2),
      d90: Math.exp(2 + 1.2815515655 * sigma),
      d43: Math.exp(2 + 3.5 * sigma ** 2),
    };
    const held = { mean: 0, d50: 0, d90: 0, d43: 0 };
    for (let k = 0; k < 100; k++) {
      const { confidence } = summarizeSizes(lognormals(100 + k, 40, 2, sigma), {
        confidence: { resamples: 200, seed: k },
      });
      for (const name of Object.keys(truth) as Array<keyof typeof truth>) {
        const [low, high] = confidence![name];
        if (low <= truth[name] && truth[name] <= high) held[name]++;
      }
    }
    // 95 of 100 are promised; plain percentiles of the draws hold D[4,3] 70 times.
    for (const [name, times] of Object.entries(held)) expect(times, name).toBeGreaterThanOrEqual(84);
  });
  it('gives one particle no interval, equal ones none that is wide, and the same bytes for the same seed', () => {
    expect(summarizeSizes([5], { confidence: { resamples: 20 } }).confidence!.mean).toEqual([Number.NaN, Number.NaN]);
    const { confidence } = summarizeSizes([5, 5, 5], { confidence: { resamples: 20 } });
    expect(confidence!.mean).toEqual([5, 5]);
    expect(confidence!.d43).toEqual([5, 5]);
    expect(confidence!.d90).toEqual([5, 5]);
    const sizes = lognormals(3, 50, 1, 0.3);
    const once = (seed: number) => summarizeSizes(sizes, { confidence: { resamples: 50, seed } }).confidence;
    expect(once(7)).toEqual(once(7));
    expect(once(7)).not.toEqual(once(8));
  });
  it('the bootstrap interval of the mean is that of the central limit: 1.96 sd / sqrt(n)', () => {
    const sizes = lognormals(7, 400, 2, 0.3);
    const summary = summarizeSizes(sizes, { confidence: { resamples: 600, seed: 2 } });
    const [low, high] = summary.confidence!.mean;
    const half = (1.96 * summary.standardDeviation) / Math.sqrt(400);
    expect((high - low) / 2 / half).toBeGreaterThan(0.85);
    expect((high - low) / 2 / half).toBeLessThan(1.15);
    expect(summary.mode).toBeGreaterThan(summary.d10);
    expect(summary.mode).toBeLessThan(summary.mean);
    for (const [name, [from, to]] of Object.entries(summary.confidence!)) expect(from, name).toBeLessThanOrEqual(to);
  });
  it('four times the particles for half the width', () => {
    const sizes = lognormals(8, 200, 2, 0.3);
    const one = particlesNeeded(sizes, { precision: 0.02 });
    const half = particlesNeeded(sizes, { precision: 0.01 });
    expect(half.needed / one.needed).toBeCloseTo(4, 1);
    expect(one.warning).toMatch(
      /^mean is known to .* % \(95 % confidence\) from 200 particles; 2.0 % takes about \d+, \d+ more\.$/,
    );
    expect(particlesNeeded(sizes, { precision: 0.5 })).toMatchObject({ missing: 0 });
    expect(particlesNeeded([1, 2, 3]).warning).toContain('3 particles are too few');
  });
});

describe('uncertainty of outlines', () => {
  it('half a pixel moves a disc of diameter 20 by one pixel to either side', () => {
    const particles = measureParticles(label(discMask(40, 40, 19.5, 19.5, 10)));
    const { mean, d50 } = boundaryUncertainty(particles);
    expect(mean[2] - mean[1]).toBeCloseTo(1, 0);
    expect(mean[1] - mean[0]).toBeCloseTo(1, 0);
    expect(d50).toEqual(mean);
    expect(boundaryUncertainty(particles, { shift: 0 }).mean).toEqual([mean[1], mean[1], mean[1]]);
  });
  it('a disc grows and shrinks by twice the shift; what is thinner than the shift is gone', () => {
    const [particle] = measureParticles(label(discMask(40, 40, 19.5, 19.5, 10)));
    const disc = { ...particle!, area: 100 * Math.PI, numPixels: 100, perimeter: 20 * Math.PI, equivalentDiameter: 20 };
    const pixel = Math.sqrt(Math.PI);
    for (const shift of [0, 0.25, 1, 3]) {
      const { mean } = boundaryUncertainty([disc], { shift });
      expect(mean[0]).toBeCloseTo(20 - 2 * shift * pixel, 9);
      expect(mean[2]).toBeCloseTo(20 + 2 * shift * pixel, 9);
    }
    expect(boundaryUncertainty([disc], { shift: 100 }).mean[0]).toBe(0);
    const one = measureParticles(label(discMask(5, 5, 2, 2, 0.5)), { profile: 'skimage' });
    const { d50 } = boundaryUncertainty(one, { shift: 0.25 });
    expect(d50[0]).toBeCloseTo(2 / Math.sqrt(Math.PI) - 0.5, 9);
    expect(d50[2]).toBeCloseTo(2 / Math.sqrt(Math.PI) + 0.5, 9);
  });
  it('a soft edge is uncertain, a sharp one is not', () => {
    const ramp = (width: number) =>
      createProbabilityMap(
        Float32Array.from({ length: 1600 }, (_, i) => {
          const distance = Math.hypot(Math.floor(i / 40) - 19.5, (i % 40) - 19.5);
          return Math.min(1, Math.max(0, 0.5 + (10 - distance) / width));
        }),
        [40, 40],
      );
    const soft = probabilityUncertainty(ramp(8));
    const sharp = probabilityUncertainty(ramp(0.5));
    expect(soft.d50[2] - soft.d50[0]).toBeGreaterThan(3);
    expect(sharp.d50[2] - sharp.d50[0]).toBeLessThan(1);
    expect(() => probabilityUncertainty(ramp(1), { threshold: 0.2, margin: 0.3 })).toThrow('margin must be');
  });
});

describe('the border', () => {
  const squares = (side: number, height = 60, width = 80) => {
    const mask = createMask(undefined, [height, width]);
    for (let row = 5; row < 5 + side; row++) mask.data.fill(1, row * width + 5, row * width + 5 + side);
    return label(mask);
  };
  it('weights a particle by the inverse share of places where it lies within: (60 * 80) / ((59 - 4) (79 - 4))', () => {
    const [particle] = measureParticles(squares(4), { border: 'weight' });
    expect(particle!.weight).toBeCloseTo((60 * 80) / (55 * 75), 12);
    expect(measureParticles(squares(4), { border: 'exclude' })[0]!.weight).toBeUndefined();
    expect(particlesToCsv([particle!]).split('\r\n')[0]).toContain(',weight');
  });
  it('gives back the numbers that were strewn: large squares are cut more often', () => {
    const random = new Random(11);
    let small = 0;
    let large = 0;
    for (let k = 0; k < 4000; k++) {
      // One square a frame, its corner anywhere from wholly before to wholly behind the frame.
      const side = k % 2 === 0 ? 2 : 12;
      const row = random.integer(-20, 40);
      const column = random.integer(-20, 40);
      const labels = createLabels(undefined, [40, 40]);
      let any = false;
      for (let r = Math.max(0, row); r < Math.min(40, row + side); r++) {
        for (let c = Math.max(0, column); c < Math.min(40, column + side); c++) {
          labels.data[r * 40 + c] = 1;
          any = true;
        }
      }
      if (!any) continue;
      for (const { weight } of measureParticles(labels, { border: 'weight' })) {
        if (side === 2) small += weight!;
        else large += weight!;
      }
    }
    expect(large / small).toBeGreaterThan(0.9);
    expect(large / small).toBeLessThan(1.1);
  });
  it('histograms count weights, or shares of area and volume', () => {
    const [one] = measureParticles(squares(4));
    const three = [1, 2, 3].map((equivalentDiameter) => ({
      ...one!,
      equivalentDiameter,
      weight: 4 - equivalentDiameter,
    }));
    expect([...sizeHistogram(three, { bins: [1, 2, 3] }).counts]).toEqual([3, 3]);
    const volume = sizeHistogram([1, 2, 3, 4], { bins: [1.5, 2.5, 3.5], weighting: 'volume' });
    expect([...volume.counts]).toEqual([8 / 100, 27 / 100]);
    expect([volume.below, volume.above]).toEqual([1 / 100, 64 / 100]);
    expect([...sizeHistogram([1, 2, 3], { bins: [0, 2, 3], weighting: 'area' }).counts]).toEqual([1 / 14, 13 / 14]);
  });
  it('statistics count weights', () => {
    const two = measureParticles(
      label(createMask([0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0], [4, 5])),
    );
    const weighted = two.map((particle, i) => ({ ...particle, weight: i === 0 ? 3 : 1 }));
    const { mean } = summarizeSizes(weighted);
    expect(mean).toBeCloseTo((3 * two[0]!.equivalentDiameter + two[1]!.equivalentDiameter) / 4, 12);
  });
  it('JSON has the columns of the CSV', () => {
    const particles = measureParticles(squares(4), { calibration: { pixelSize: 2, unit: 'nm' }, profile: 'skimage' });
    const json = JSON.parse(particlesToJson(particles)) as { unit: string; columns: string[]; rows: unknown[][] };
    expect(json.columns.join(',')).toBe(particlesToCsv(particles).split('\r\n')[0]);
    expect(json.unit).toBe('nm');
    expect(json.rows[0]![json.columns.indexOf('area_nm2')]).toBe(64);
    // A square has no long axis.
    expect(json.rows[0]![json.columns.indexOf('orientation_rad')]).toBeNull();
  });
});
