import fc from 'fast-check';
import { createLabels } from 'segkit/core';
import { measureParticles, sizeHistogram, summarizeSizes } from 'segkit/particles';
import { describe, expect, it } from 'vitest';
import { differences, goldenArray, goldenCases, goldenNumber, near } from '../morphology/golden.js';

const sizes = fc.array(fc.double({ min: 0.1, max: 1000, noNaN: true }), { minLength: 1, maxLength: 60 });

describe('summarizeSizes', () => {
  it('2, 4, 6, 8: mean 5, sd sqrt(20 / 3), D10 2 + 0.3 * 2, D32 800 / 120, D43 5664 / 800', () => {
    const summary = summarizeSizes([8, 2, 6, 4]);
    expect(summary).toMatchObject({ count: 4, mean: 5, min: 2, max: 8, d50: 5 });
    expect(summary.standardDeviation).toBeCloseTo(Math.sqrt(20 / 3), 14);
    expect(summary.coefficientOfVariation).toBeCloseTo(Math.sqrt(20 / 3) / 5, 14);
    expect(summary.d10).toBeCloseTo(2.6, 14);
    expect(summary.d90).toBeCloseTo(7.4, 14);
    expect(summary.span).toBeCloseTo(4.8 / 5, 14);
    expect(summary.d32).toBeCloseTo(800 / 120, 14);
    expect(summary.d43).toBeCloseTo(5664 / 800, 14);
  });

  it('reads particles, by the measure asked for', () => {
    const particles = measureParticles(createLabels([1, 1, 1, 1, 0, 2], [1, 6]), {
      calibration: { pixelSize: 2, unit: 'nm' },
    });
    expect(summarizeSizes(particles).max).toBe(particles[0]!.equivalentDiameter);
    expect(summarizeSizes(particles, { measure: 'feretMax' }).max).toBe(particles[0]!.feretMax);
    expect(summarizeSizes(particles, { measure: 'axisMajor' }).min).toBe(0);
  });

  it('of none: count 0, all else NaN', () => {
    const { count, ...others } = summarizeSizes([]);
    expect(count).toBe(0);
    for (const value of Object.values(others)) expect(value).toBeNaN();
  });

  it('of one: no standard deviation', () => {
    const summary = summarizeSizes(Float64Array.of(4.2));
    expect(summary).toMatchObject({
      count: 1,
      mean: 4.2,
      d10: 4.2,
      d50: 4.2,
      d90: 4.2,
      span: 0,
      standardDeviation: Number.NaN,
    });
    expect(summary.coefficientOfVariation).toBeNaN();
  });

  it('leaves its input as it is, orders its percentiles and means, scales with the unit', () => {
    fc.assert(
      fc.property(sizes, fc.double({ min: 0.01, max: 100, noNaN: true }), (values, factor) => {
        const before = [...values];
        const one = summarizeSizes(values);
        expect(values).toEqual(before);
        const rising = [one.min, one.d10, one.d25, one.d50, one.d75, one.d90, one.max];
        rising.forEach((value, i) => {
          if (i > 0) expect(value).toBeGreaterThanOrEqual(rising[i - 1]! * (1 - 1e-12));
        });
        expect(one.d32).toBeGreaterThanOrEqual(one.mean * (1 - 1e-12));
        expect(one.d43).toBeGreaterThanOrEqual(one.d32 * (1 - 1e-12));
        const scaled = summarizeSizes(values.map((value) => value * factor));
        for (const key of ['mean', 'min', 'max', 'd10', 'd50', 'd90', 'd32', 'd43'] as const) {
          expect(near(scaled[key] / factor, one[key], 1e-9), key).toBe(true);
        }
      }),
    );
  });

  it.each(goldenCases('particles', 'particle size statistics').map((c) => [c.name, c] as const))(
    'equals NumPy: %s',
    (_, c) => {
      const values = goldenArray('particles', c.inputs.d).data;
      const summary = summarizeSizes(values);
      const pairs: Array<[string, number]> = [
        ['n', summary.count],
        ['mean', summary.mean],
        ['std_sample', summary.standardDeviation],
        ['cv', summary.coefficientOfVariation],
        ['min', summary.min],
        ['max', summary.max],
        ['D10', summary.d10],
        ['D50', summary.d50],
        ['D90', summary.d90],
        ['iqr', summary.d75 - summary.d25],
        ['span', summary.span],
        ['D32_sauter', summary.d32],
        ['D43_debrouckere', summary.d43],
      ];
      for (const [name, value] of pairs) {
        expect(differences([value], [goldenNumber(c.outputs[name])], c.tolerance_f64), name).toEqual([]);
      }
    },
  );

  it('names what is wrong', () => {
    expect(() => summarizeSizes([1, -2])).toThrow('sizes[1] must be a finite number at least 0, got -2.');
    expect(() => summarizeSizes([1, Number.NaN])).toThrow('sizes[1] must be a finite number at least 0, got NaN.');
    // @ts-expect-error: not sizes
    expect(() => summarizeSizes(5)).toThrow('sizes must be particles or an array of numbers, got 5.');
    // @ts-expect-error: not a measure
    expect(() => summarizeSizes([1], { measure: 'area' })).toThrow('measure must be one of "equivalentDiameter"');
    const one = createLabels([1], [1, 1]);
    const mixed = [...measureParticles(one), ...measureParticles(one, { calibration: { pixelSize: 1, unit: 'nm' } })];
    expect(() => summarizeSizes(mixed)).toThrow('sizes must have one unit, got px and nm.');
  });
});

describe('sizeHistogram', () => {
  it('a bin holds its lower edge, the last one its upper edge too', () => {
    const { edges, counts, below, above } = sizeHistogram([1, 2, 2, 3, 5], { bins: 2 });
    expect([...edges]).toEqual([1, 3, 5]);
    expect([...counts]).toEqual([3, 2]);
    expect([below, above]).toEqual([0, 0]);
  });

  it('takes edges, a range, or a width whose multiples are the edges', () => {
    expect([...sizeHistogram([1, 2, 9], { bins: [0, 2, 4] }).counts]).toEqual([1, 1]);
    expect(sizeHistogram([1, 2, 9], { bins: [0, 2, 4] }).above).toBe(1);
    const ranged = sizeHistogram([1, 2, 9, 11], { bins: 4, range: [2, 10] });
    expect([...ranged.edges]).toEqual([2, 4, 6, 8, 10]);
    expect([...ranged.counts, ranged.below, ranged.above]).toEqual([1, 0, 0, 1, 1, 1]);
    const wide = sizeHistogram([1, 2, 9], { binWidth: 5 });
    expect([...wide.edges]).toEqual([0, 5, 10]);
    expect([...wide.counts]).toEqual([2, 1]);
  });

  it('stays sensible where there is nothing to spread', () => {
    expect(sizeHistogram([])).toEqual({ edges: new Float64Array(0), counts: new Float64Array(0), below: 0, above: 0 });
    expect([...sizeHistogram([], { bins: 2, range: [0, 4] }).counts]).toEqual([0, 0]);
    const alike = sizeHistogram([3, 3, 3]);
    expect([...alike.edges]).toEqual([2.5, 3.5]);
    expect([...alike.counts]).toEqual([3]);
    expect([...sizeHistogram([3, 3], { binWidth: 1 }).edges]).toEqual([3, 4]);
  });

  it('counts every size once, in the bin that holds it', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 30 }), (values, bins) => {
        const { edges, counts, below, above } = sizeHistogram(values, { bins });
        expect(below + above + counts.reduce((a, b) => a + b, 0)).toBe(values.length);
        counts.forEach((count, i) => {
          const last = i === counts.length - 1;
          const inside = values.filter((v) => v >= edges[i]! && (v < edges[i + 1]! || (last && v === edges[i + 1])));
          expect(count).toBe(inside.length);
        });
      }),
    );
  });

  it.each(goldenCases('particles', 'particle size statistics').map((c) => [c.name, c] as const))(
    'equals NumPy: %s',
    (_, c) => {
      const values = goldenArray('particles', c.inputs.d).data;
      for (const [suffix, bins] of [
        ['fd', 'freedmanDiaconis'],
        ['sturges', 'sturges'],
        ['scott', 'scott'],
      ] as const) {
        if (c.outputs[`edges_${suffix}`] === undefined) continue;
        const { edges, counts } = sizeHistogram(values, { bins });
        expect(
          differences(edges, goldenArray('particles', c.outputs[`edges_${suffix}`]).data, c.tolerance_f64),
          suffix,
        ).toEqual([]);
        expect(differences(counts, goldenArray('particles', c.outputs[`counts_${suffix}`]).data), suffix).toEqual([]);
      }
      if (c.outputs.hist10_edges !== undefined) {
        const { edges, counts } = sizeHistogram(values, { bins: 10 });
        expect(differences(edges, goldenArray('particles', c.outputs.hist10_edges).data, c.tolerance_f64)).toEqual([]);
        expect(differences(counts, goldenArray('particles', c.outputs.hist10_counts).data)).toEqual([]);
      }
      if (c.outputs.logbins_edges !== undefined) {
        const bins = [...goldenArray('particles', c.outputs.logbins_edges).data];
        const { counts } = sizeHistogram(values, { bins });
        expect(differences(counts, goldenArray('particles', c.outputs.logbins_counts).data)).toEqual([]);
      }
    },
  );

  it('names what is wrong', () => {
    expect(() => sizeHistogram([1], { bins: 2, binWidth: 1 })).toThrow(
      'bins and binWidth must not both be given, got 2 and 1.',
    );
    expect(() => sizeHistogram([1], { bins: 0 })).toThrow('bins must be an integer at least 1');
    expect(() => sizeHistogram([1], { bins: [2, 1] })).toThrow('ascending edges, got [2, 1].');
    expect(() => sizeHistogram([1], { bins: [1, 2], range: [0, 1] })).toThrow(
      'range must not be given along with edges',
    );
    expect(() => sizeHistogram([1], { range: [2, 2] })).toThrow('range must be two rising numbers, got [2, 2].');
    expect(() => sizeHistogram([1, 1e9], { binWidth: 1 })).toThrow(
      'the number of bins must be an integer at most 100000',
    );
    expect(() => sizeHistogram([1], { binWidth: 0 })).toThrow('binWidth must be a finite number above 0, got 0.');
    // @ts-expect-error: not a rule
    expect(() => sizeHistogram([1], { bins: 'auto' })).toThrow('bins must be one of "freedmanDiaconis"');
  });
});
