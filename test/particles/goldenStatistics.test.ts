import { fitDistribution, nearestNeighbors, sizeDensity, spatialStatistics, summarizeSizes } from 'segkit/particles';
import { describe, expect, it } from 'vitest';
import { differences, goldenNumber, near } from '../morphology/golden.js';
import { packedArray, packedCases } from '../morphology/packed.js';

describe('statistics of sizes against NumPy and SciPy', () => {
  it.each(packedCases('particle size statistics').map((c) => [c.name, c] as const))('%s', (_, c) => {
    const sizes = Float64Array.from(packedArray(c.inputs.d).data);
    const { outputs } = c;
    const tolerance = c.tolerance_f64;
    const golden = (name: string) => goldenNumber(outputs[name]);
    const same = (name: string, value: number, loose = tolerance) => {
      if (outputs[name] === undefined) return;
      expect(near(value, golden(name), loose), `${name}: ${value} != ${outputs[name]}`).toBe(true);
    };
    const summary = summarizeSizes(sizes);
    same('mean', summary.mean);
    same('median', summary.d50);
    same('geometric_mean', summary.geometricMean);
    same('D10', summary.d10);
    same('D90', summary.d90);
    same('span', summary.span);
    same('D32_sauter', summary.d32);
    same('D43_debrouckere', summary.d43);
    if (sizes.length > 1) {
      same('std_sample', summary.standardDeviation);
      same('cv', summary.coefficientOfVariation);
      same('gsd_sample', summary.geometricStandardDeviation);
    }
    const spreads = new Set(sizes).size > 1;
    if (spreads) same('skew', summary.skew);
    const volume = summarizeSizes(sizes, { weighting: 'volume' });
    same('vol_D10_interp', volume.d10);
    same('vol_D50_interp', volume.d50);
    same('vol_D90_interp', volume.d90);
    same('D43_debrouckere', volume.mean);
    same('D32_sauter', summarizeSizes(sizes, { weighting: 'area' }).mean);
    if (spreads && sizes.length >= 3) {
      const normal = fitDistribution(sizes, 'normal', { resamples: 0 });
      same('normal_mu', normal.parameters.mean!);
      same('normal_sigma_mle', normal.parameters.standardDeviation!);
      same('normal_loglik', normal.logLikelihood);
      same('aic_normal', normal.aic);
      const lognormal = fitDistribution(sizes, 'lognormal', { resamples: 0 });
      same('lognormal_mu_closed_form', lognormal.parameters.mu!);
      same('lognormal_sigma_closed_form', lognormal.parameters.sigma!);
      // SciPy searches for these; the closed form is exact.
      same('lognormal_loglik', lognormal.logLikelihood, 1e-6);
      same('aic_lognormal', lognormal.aic, 1e-6);
      same('ks_lognormal', lognormal.ks, 1e-4);
      const weibull = fitDistribution(sizes, 'weibull', { resamples: 0 });
      same('weibull_shape', weibull.parameters.shape!, 1e-4);
      same('weibull_scale', weibull.parameters.scale!, 1e-4);
      const gamma = fitDistribution(sizes, 'gamma', { resamples: 0 });
      same('gamma_shape', gamma.parameters.shape!, 1e-4);
      same('gamma_scale', gamma.parameters.scale!, 1e-4);
      for (const rule of ['scott', 'silverman'] as const) {
        if (typeof outputs[`kde_${rule}`] !== 'string' || !String(outputs[`kde_${rule}`]).endsWith('.npy')) continue;
        const points = Float64Array.from(packedArray(outputs.kde_grid).data);
        const { density } = sizeDensity(sizes, { bandwidth: rule, points });
        expect(differences(density, packedArray(outputs[`kde_${rule}`]).data, tolerance), rule).toEqual([]);
      }
    }
  });

  it('the Kolmogorov distance of a normal fit is that to its own parameters', () => {
    const [c] = packedCases('particle size statistics');
    const sizes = packedArray(c!.inputs.d).data;
    const { ks } = fitDistribution(sizes as Float64Array, 'normal', { resamples: 0 });
    // SciPy's golden uses the sample deviation (n - 1) where the fit divides by n.
    expect(near(ks, goldenNumber(c!.outputs.ks_normal), 5e-3)).toBe(true);
  });
});

describe('places against SciPy', () => {
  const [c] = packedCases('nearest neighbour / convex hull / Ripley (no edge correction)');
  const { data, shape } = packedArray(c!.inputs.points);
  const points = Array.from({ length: shape[0]! }, (_, i) => [data[2 * i]!, data[2 * i + 1]!] as const);
  it('nearest neighbours, Clark and Evans, Ripley', () => {
    expect(differences(nearestNeighbors(points), packedArray(c!.outputs.nn_dist).data, c!.tolerance_f64)).toEqual([]);
    const r = packedArray(c!.outputs.r).data;
    const k = packedArray(c!.outputs.ripley_K).data;
    const frame = { height: 100, width: 100 };
    const plain = spatialStatistics(points, { frame, edgeCorrection: 'none' });
    expect(near(plain.clarkEvans, goldenNumber(c!.outputs.clark_evans_R), c!.tolerance_f64)).toBe(true);
    for (let i = 0; i < r.length; i++) {
      if (r[i] === 0) continue;
      const { ripleyK } = spatialStatistics(points, { frame, edgeCorrection: 'none', maxDistance: r[i]!, bins: 1 });
      expect(near(ripleyK[0]!, k[i]!, c!.tolerance_f64), `K at ${r[i]}: ${ripleyK[0]} != ${k[i]}`).toBe(true);
    }
  });
});
