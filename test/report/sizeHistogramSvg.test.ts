import fc from 'fast-check';
import { sizeHistogramSvg } from 'segkit/report';
import { describe, expect, it } from 'vitest';
import { expectSelfContained, textsOf } from './svg.js';

const sizes = [3.1, 4.2, 4.4, 5, 6.3, 4.9, 5.2, 4.1];

/** Heights of the bars in pixels, from the paths of their colour. */
function barHeights(svg: string): number[] {
  return [...svg.matchAll(/<path d="M\S+ \S+l\S+ 0l0 (\S+)l\S+ 0Z" fill="#8ec1e6" stroke/g)].map((match) =>
    Number(match[1]),
  );
}

describe('sizeHistogramSvg', () => {
  it('draws bars as high as their counts: 1, 3 and 2 of 0..4, 1..2 and 2..4', () => {
    const heights = barHeights(sizeHistogramSvg({ edges: [0, 1, 2, 4], counts: [1, 3, 2] }));
    expect(heights).toHaveLength(3);
    expect(heights[1]! / heights[0]!).toBeCloseTo(3, 1);
    expect(heights[2]! / heights[0]!).toBeCloseTo(2, 1);
  });

  it('counts a list in round bins: 3.1..6.3 asked for 3 bins is 1 wide, 3..7, counts 1, 4, 2, 1', () => {
    const heights = barHeights(sizeHistogramSvg(sizes, { bins: 3 }));
    expect(heights.map((height) => Math.round(height / heights[0]!))).toEqual([1, 4, 2, 1]);
  });

  it('is a self-contained SVG with titles, units and legend', () => {
    const svg = sizeHistogramSvg(sizes, {
      unit: 'um',
      title: 'Sizes & <more>',
      markers: { D50: 4.65 },
      comparison: [4, 5, 6],
      logNormal: 'fit',
    });
    expectSelfContained(svg);
    const texts = textsOf(svg);
    for (const text of [
      'Equivalent diameter (µm)',
      'Particles in bin',
      'D50 4.65 µm',
      'measured (n = 8)',
      'truth (n = 3)',
      'log-normal',
    ]) {
      expect(texts).toContain(text);
    }
    expect(svg).toContain('Sizes &amp; &lt;more&gt;');
    expect(svg).toContain('Histogram of Equivalent diameter of 8 particles');
  });

  it('is the same text every time, and has ids of its own', () => {
    const one = sizeHistogramSvg(sizes);
    sizeHistogramSvg([1, 2, 3]);
    expect(sizeHistogramSvg(sizes)).toBe(one);
    const idsOf = (svg: string) => [...svg.matchAll(/id="([^"]+)"/g)].map((match) => match[1]!);
    const line = { comparison: [4] };
    const other = idsOf(sizeHistogramSvg([4, 5], line));
    expect(other.length).toBeGreaterThan(0);
    expect(idsOf(sizeHistogramSvg(sizes, line)).filter((id) => other.includes(id))).toEqual([]);
  });

  it('stacks labels that would lie over another', () => {
    const svg = sizeHistogramSvg(sizes, { markers: { D50: 4.65, mean: 4.66 } });
    const heights = [...svg.matchAll(/transform="translate\(\S+ (\S+)\)"[^>]*>(?:D50|mean) /g)].map((match) =>
      Number(match[1]),
    );
    expect(Math.abs(heights[0]! - heights[1]!)).toBe(16);
  });

  it('copes with none, one and equal sizes, and with a log-normal over uneven bins', () => {
    expect(textsOf(sizeHistogramSvg([]))).toContain('no particles');
    for (const list of [[4], [5, 5, 5], [0, 0]]) expectSelfContained(sizeHistogramSvg(list));
    const curve = { median: 2, geometricStandardDeviation: 1.4 };
    expectSelfContained(sizeHistogramSvg({ edges: [0, 1, 10], counts: [3, 4] }, { logNormal: curve }));
    expectSelfContained(sizeHistogramSvg([5, 5], { logNormal: 'fit' }));
  });

  it('takes any list of sizes and puts each in a bin', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 }), (list) => {
        expect(textsOf(sizeHistogramSvg(list))).toContain(`measured (n = ${list.length})`);
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    ['the smallest number', [5e-324]],
    ['0 and the smallest number', [0, 5e-324]],
    ['neighbours', [1e6, 1e6 + 2 ** -33]],
    ['neighbours of a round edge', [0.6, 0.6 - 2 ** -53, 0.6 + 2 ** -53, 5]],
    ['a huge number', [1e300, 1]],
  ])('puts %s in a bin', (_, list) => {
    for (const options of [{}, { bins: 1 }, { bins: 500 }]) {
      expect(textsOf(sizeHistogramSvg(list, options))).toContain(`measured (n = ${list.length})`);
    }
  });

  it('says what is wrong', () => {
    expect(() => sizeHistogramSvg([1, -2])).toThrow('sizes[1] must be a finite number at least 0, got -2.');
    expect(() => sizeHistogramSvg([1, Number.NaN])).toThrow('sizes[1]');
    expect(() => sizeHistogramSvg('5' as never)).toThrow(
      'sizes must be a list of sizes or { edges, counts }, got "5".',
    );
    expect(() => sizeHistogramSvg({ edges: [0, 1], counts: [1, 2] })).toThrow('sizes.edges must have one entry more');
    expect(() => sizeHistogramSvg({ edges: [0, 0, 1], counts: [1, 2] })).toThrow(
      'sizes.edges[1] must be a finite number above 0',
    );
    expect(() => sizeHistogramSvg({ edges: [0, 1], counts: [2] }, { comparison: [4] })).toThrow(
      'comparison must lie within the edges',
    );
    expect(() => sizeHistogramSvg({ edges: [0, 1], counts: [2] }, { logNormal: 'fit' })).toThrow(
      'logNormal "fit" must have a list',
    );
    expect(() => sizeHistogramSvg([0, 1], { logNormal: 'fit' })).toThrow(
      'log-normal fit must be a finite number above 0',
    );
    expect(() => sizeHistogramSvg([1], { width: 10 })).toThrow('width must be an integer at least 200');
    expect(() => sizeHistogramSvg([1], { unit: 'feet' as never })).toThrow('unit must be one of');
    expect(() => sizeHistogramSvg([1], { colour: 'red' } as never)).toThrow('sizeHistogramSvg has no option "colour"');
  });
});
