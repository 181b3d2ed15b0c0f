import fc from 'fast-check';
import { createImage, createLabels, type Labels } from 'segkit/core';
import { label, type RegionProperty, regionProperties } from 'segkit/morphology';
import { describe, expect, it } from 'vitest';
import { near } from './golden.js';
import { discMask, grid, masks } from './grids.js';

const SHAPE: readonly RegionProperty[] = [
  'area',
  'areaBbox',
  'areaConvex',
  'axisMajorLength',
  'axisMinorLength',
  'circularity',
  'eccentricity',
  'equivalentDiameterArea',
  'eulerNumber',
  'extent',
  'feretDiameterMax',
  'perimeter',
  'perimeterCrofton',
  'solidity',
  'touchesBorder',
];

/** The shape numbers of all regions, sorted so that the order of ids plays no part. */
function shapes(labels: Labels): number[][] {
  return regionProperties(labels, { properties: SHAPE })
    .map((row) => SHAPE.map((property) => Number(row[property])))
    .sort((a, b) => a.reduce((order, value, i) => order || value - b[i]!, 0));
}

function expectAlike(actual: number[][], expected: number[][]): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((row, i) => {
    row.forEach((value, j) => {
      expect(near(value, expected[i]![j]!, 1e-10), `${SHAPE[j]}: ${value}, ${expected[i]![j]}`).toBe(true);
    });
  });
}

describe('regionProperties by hand', () => {
  it('3 x 7 rectangle: area 21, variances (7^2 - 1) / 12 = 4 and (3^2 - 1) / 12 = 2 / 3', () => {
    const labels = createLabels(undefined, [5, 10]);
    for (let row = 1; row < 4; row++) for (let column = 2; column < 9; column++) labels.set(row, column, 5);
    const [region, ...others] = regionProperties(labels, { properties: SHAPE });
    expect(others).toEqual([]);
    expect(region!.label).toBe(5);
    expect(region!.area).toBe(21);
    expect(region!.axisMajorLength).toBe(8);
    expect(region!.axisMinorLength).toBeCloseTo(4 * Math.sqrt(2 / 3), 14);
    expect(region!.eccentricity).toBeCloseTo(Math.sqrt(1 - 1 / 6), 14);
    expect(region!.equivalentDiameterArea).toBeCloseTo(Math.sqrt(84 / Math.PI), 14);
    expect(region!.perimeter).toBe(16); // a line through border centres: 2 * (6 + 2)
    expect(region!.extent).toBe(1);
    expect(region!.solidity).toBe(1);
    expect(region!.feretDiameterMax).toBeCloseTo(7.28, 2); // conventions, C10
    expect(region!.eulerNumber).toBe(1);
    expect(region!.touchesBorder).toBe(false);
  });

  it('a diagonal from top left to bottom right has orientation pi / 4, its mirror image -pi / 4', () => {
    const labels = label(grid('1 0 0\n0 1 0\n0 0 1'));
    expect(regionProperties(labels)[0]!.orientation).toBe(Math.PI / 4);
    expect(regionProperties(labels.step(1, -1))[0]!.orientation).toBe(-Math.PI / 4);
  });

  it('a column has orientation 0, a row pi / 2', () => {
    expect(regionProperties(label(grid('1\n1\n1')))[0]!.orientation).toBe(0);
    expect(regionProperties(label(grid('1 1 1')))[0]!.orientation).toBe(Math.PI / 2);
  });

  it('a ring has Euler number 0, two crossing diagonals without a hole 1', () => {
    const properties = ['eulerNumber'] as const;
    expect(regionProperties(label(grid('1 1 1\n1 0 1\n1 1 1')), { properties })[0]!.eulerNumber).toBe(0);
    expect(regionProperties(label(grid('1 0 1\n0 1 0\n1 0 1')), { properties })[0]!.eulerNumber).toBe(1);
  });

  it('intensities 1, 2, 6: mean 3, population variance (4 + 1 + 9) / 3, weighted column (0 + 2 + 12) / 9', () => {
    const [region] = regionProperties(createLabels([1, 1, 1], [1, 3]), {
      intensity: createImage(new Float32Array([1, 2, 6]), [1, 3]),
      properties: ['intensityMin', 'intensityMax', 'intensityMean', 'intensityStd', 'centroidWeighted'],
    });
    expect(region).toEqual({
      label: 1,
      intensityMin: 1,
      intensityMax: 6,
      intensityMean: 3,
      intensityStd: Math.sqrt(14 / 3),
      centroidWeighted: [0, 14 / 9],
    });
  });

  it('the weighted centroid is NaN where the intensities sum to 0', () => {
    const [region] = regionProperties(createLabels([1, 1], [1, 2]), {
      intensity: createImage(new Uint8Array(2), [1, 2]),
      properties: ['centroidWeighted'],
    });
    expect(region!.centroidWeighted).toEqual([Number.NaN, Number.NaN]);
  });

  it('discs score the circularities of conventions C10 with the Crofton perimeter', () => {
    for (const [radius, area, perimeter, circularity] of [
      [2.5, 21, 15.63, 1.08],
      [5, 81, 33.94, 0.884],
      [10, 317, 65.2, 0.937],
      [20, 1257, 127.71, 0.968],
      [50, 7845, 315.26, 0.992],
    ] as const) {
      const [disc] = regionProperties(label(discMask(110, 110, 55, 55, radius)));
      expect(disc!.area).toBe(area);
      expect(disc!.perimeterCrofton).toBeCloseTo(perimeter, 2);
      expect(disc!.circularity).toBeCloseTo(circularity, 3);
    }
  });
});

describe('tiny regions', () => {
  const measure = (text: string) =>
    regionProperties(label(grid(text)), { properties: [...SHAPE, 'orientation', 'momentsHu'] })[0]!;
  it('one pixel', () => {
    const { momentsHu, ...one } = measure('1');
    expect(one).toMatchObject({ area: 1, areaConvex: 1, axisMajorLength: 0, axisMinorLength: 0, eccentricity: 0 });
    expect(one).toMatchObject({ perimeter: 0, solidity: 1, extent: 1, eulerNumber: 1, feretDiameterMax: 1 });
    expect(one.orientation).toBe(-Math.PI / 4);
    expect(one.perimeterCrofton).toBeCloseTo((Math.PI / 4) * (2 + Math.SQRT2), 14);
    expect(one.circularity).toBeCloseTo((4 * Math.PI) / ((Math.PI / 4) * (2 + Math.SQRT2)) ** 2, 14);
    expect(momentsHu).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });
  it('two pixels: a line has a long axis of 4 sqrt(1 / 4) = 2 and no short one', () => {
    expect(measure('1 1')).toMatchObject({ axisMajorLength: 2, axisMinorLength: 0, eccentricity: 1, solidity: 1 });
  });
  it('2 x 2 pixels: perimeter 4, axes 4 sqrt(1 / 4)', () => {
    expect(measure('1 1\n1 1')).toMatchObject({
      perimeter: 4,
      axisMajorLength: 2,
      axisMinorLength: 2,
      eccentricity: 0,
    });
  });
  it('no measure of any region is infinite or NaN', () => {
    fc.assert(
      fc.property(masks(2), (mask) => {
        for (const row of regionProperties(label(mask), { properties: [...SHAPE, 'orientation', 'momentsHu'] })) {
          for (const value of Object.values(row).flat()) expect(Number.isFinite(Number(value))).toBe(true);
        }
      }),
    );
  });
});

describe('regionProperties in general', () => {
  it('gives no rows where there is no region', () => {
    expect(regionProperties(createLabels(undefined, [3, 3]))).toEqual([]);
  });

  it('gives the default columns, and those of intensity where an image is given', () => {
    const labels = createLabels([3], [1, 1]);
    const defaults = [
      'label',
      'area',
      'bbox',
      'centroid',
      'equivalentDiameterArea',
      'perimeter',
      'perimeterCrofton',
      'circularity',
      'axisMajorLength',
      'axisMinorLength',
      'eccentricity',
      'orientation',
      'touchesBorder',
    ];
    expect(Object.keys(regionProperties(labels)[0]!)).toEqual(defaults);
    const [bright] = regionProperties(labels, { intensity: createImage(new Uint8Array([9]), [1, 1, 1]) });
    expect(Object.keys(bright!)).toEqual([...defaults, 'intensityMean', 'intensityMin', 'intensityMax']);
    expect(bright!.intensityMean).toBe(9);
  });

  it('measures sparse and huge ids as dense ones', () => {
    const dense = label(grid('1 0 1 1\n1 0 0 1\n0 0 0 1'));
    const sparse = createLabels(
      dense.data.map((id) => [0, 40, 2_000_000_000][id]!),
      dense.shape,
    );
    const expected = regionProperties(dense, { properties: SHAPE });
    const actual = regionProperties(sparse, { properties: SHAPE });
    expect(actual.map((row) => row.label)).toEqual([40, 2_000_000_000]);
    expect(actual.map((row) => ({ ...row, label: 0 }))).toEqual(expected.map((row) => ({ ...row, label: 0 })));
  });

  it('measures pieces of one id together', () => {
    const labels = createLabels([1, 0, 0, 0, 1], [1, 5]);
    const [region] = regionProperties(labels, { properties: ['area', 'centroid', 'areaConvex', 'eulerNumber'] });
    expect(region).toEqual({ label: 1, area: 2, centroid: [0, 2], areaConvex: 5, eulerNumber: 2 });
  });

  it('does not change with flips and turns', () => {
    fc.assert(
      fc.property(masks(1), (mask) => {
        const expected = shapes(label(mask));
        expectAlike(shapes(label(mask.step(-1, 1))), expected);
        expectAlike(shapes(label(mask.step(1, -1))), expected);
        expectAlike(shapes(label(mask.transpose(1, 0))), expected);
      }),
    );
  });

  it('does not change where an object lies', () => {
    const disc = discMask(30, 30, 12.3, 13.7, 6.2);
    const far = createLabels(undefined, [2000, 1900]);
    disc.data.forEach((value, at) => {
      if (value === 1) far.set(1950 + Math.floor(at / 30), 1860 + (at % 30), 1);
    });
    const [here] = regionProperties(label(disc), { properties: ['momentsCentral', 'eccentricity', 'orientation'] });
    const [there] = regionProperties(far, { properties: ['momentsCentral', 'eccentricity', 'orientation'] });
    expect(there).toEqual(here);
  });

  it('areas sum to the foreground, and centroids lie in their boxes', () => {
    fc.assert(
      fc.property(masks(3), (mask) => {
        const rows = regionProperties(label(mask), { properties: ['area', 'bbox', 'centroid', 'numPixels'] });
        expect(rows.reduce((sum, row) => sum + row.area, 0)).toBe(mask.data.filter((value) => value !== 0).length);
        for (const { bbox, centroid } of rows) {
          for (const axis of [0, 1] as const) {
            expect(centroid[axis]).toBeGreaterThanOrEqual(bbox[axis]);
            expect(centroid[axis]).toBeLessThanOrEqual(bbox[axis + 2]! - 1);
          }
        }
      }),
    );
  });

  it('solidity and extent lie in 0..1, eccentricity too, the long axis is the longer', () => {
    fc.assert(
      fc.property(masks(2), (mask) => {
        for (const row of regionProperties(label(mask), { properties: SHAPE })) {
          for (const share of [row.solidity, row.extent, row.eccentricity]) {
            expect(share).toBeGreaterThanOrEqual(0);
            expect(share).toBeLessThanOrEqual(1);
          }
          expect(row.axisMajorLength).toBeGreaterThanOrEqual(row.axisMinorLength);
        }
      }),
    );
  });
});

describe('spacing', () => {
  const labels = label(discMask(40, 40, 19.2, 20.6, 11.3));
  it('scales lengths by s and areas by s^2, leaves ratios alone', () => {
    const [one] = regionProperties(labels, { properties: SHAPE });
    const [half] = regionProperties(labels, { properties: SHAPE, spacing: 0.5 });
    for (const name of ['area', 'areaBbox', 'areaConvex'] as const) expect(half![name]).toBe(one![name] / 4);
    for (const name of ['perimeter', 'perimeterCrofton', 'axisMajorLength', 'feretDiameterMax'] as const) {
      expect(half![name]).toBeCloseTo(one![name] / 2, 10);
    }
    for (const name of ['circularity', 'eccentricity', 'solidity', 'extent'] as const) {
      expect(half![name]).toBeCloseTo(one![name], 12);
    }
  });

  it('sees an ellipse squeezed in the rows as the disc that it is: rows 2, columns 1', () => {
    const squeezed = createLabels(undefined, [60, 120]);
    for (let row = 0; row < 60; row++) {
      for (let column = 0; column < 120; column++) {
        if (((row - 30) * 2) ** 2 + (column - 60) ** 2 <= 2500) squeezed.set(row, column, 1);
      }
    }
    const [disc] = regionProperties(squeezed, {
      spacing: { row: 2, column: 1 },
      properties: [
        'area',
        'perimeterCrofton',
        'circularity',
        'centroid',
        'eccentricity',
        'axisMajorLength',
        'feretDiameterMax',
      ],
    });
    expect(Math.abs(disc!.area / (Math.PI * 2500) - 1)).toBeLessThan(0.005);
    expect(Math.abs(disc!.perimeterCrofton / (Math.PI * 100) - 1)).toBeLessThan(0.02);
    expect(Math.abs(disc!.axisMajorLength / 100 - 1)).toBeLessThan(0.01);
    // 51 rows of 2 make a height of 102, and the flat top adds to the diagonal.
    expect(disc!.feretDiameterMax).toBeGreaterThan(102);
    expect(disc!.feretDiameterMax).toBeLessThan(103.5);
    expect(disc!.eccentricity).toBeLessThan(0.1);
    expect(disc!.centroid).toEqual([60, 60]);
  });

  it('is refused where it is not positive, or unequal for perimeter', () => {
    expect(() => regionProperties(labels, { spacing: 0 })).toThrow('spacing must be a finite number above 0, got 0.');
    expect(() => regionProperties(labels, { spacing: { row: 1, column: Number.NaN } })).toThrow(
      'spacing.column must be',
    );
    expect(() => regionProperties(labels, { spacing: { row: 1, column: 2 }, properties: ['perimeter'] })).toThrow(
      'spacing must be the same for rows and columns to measure perimeter, got 1 and 2; perimeterCrofton has no such bound.',
    );
  });
});

describe('errors', () => {
  const labels = createLabels([1, 0], [1, 2]);
  it('names what is wrong', () => {
    // @ts-expect-error: an unknown property
    expect(() => regionProperties(labels, { properties: ['aera'] })).toThrow('properties must be one of "label"');
    // @ts-expect-error: not an array
    expect(() => regionProperties(labels, { properties: 'area' })).toThrow(
      'properties must be an array of names, got "area".',
    );
    // @ts-expect-error: an unknown option
    expect(() => regionProperties(labels, { image: 1 })).toThrow('regionProperties has no option "image"');
    expect(() => regionProperties(labels, { properties: ['intensityMean'] })).toThrow(
      'intensity must be given to measure intensityMean, got undefined.',
    );
    expect(() => regionProperties(labels, { intensity: createImage(new Uint8Array(4), [2, 2]) })).toThrow(
      'intensity must have the height and width of labels, 1 x 2, got 2 x 2.',
    );
    expect(() => regionProperties(labels, { intensity: createImage(new Uint8Array(6), [1, 2, 3]) })).toThrow(
      'intensity must have one channel, got 3; see toGrey.',
    );
    expect(() => regionProperties(createLabels([0, -1], [1, 2]))).toThrow('got -1 at [row, column] [0, 1].');
  });
  it('refuses an intensity that is not finite within a region, not outside', () => {
    const image = createImage(new Float32Array([1, Number.NaN]), [1, 2]);
    expect(regionProperties(labels, { intensity: image })[0]!.intensityMean).toBe(1);
    image.data.reverse();
    expect(() => regionProperties(labels, { intensity: image })).toThrow(
      'intensity must be finite within regions, got NaN at [row, column] [0, 0].',
    );
  });
});
