import fc from 'fast-check';
import { createLabels } from 'segkit/core';
import { label, type RegionProperty, regionProperties } from 'segkit/morphology';
import { describe, expect, it } from 'vitest';
import { discMask, grid, masks } from './grids.js';

const FERETS: readonly RegionProperty[] = [
  'feretMax',
  'feretMin',
  'feretCornerMax',
  'feretCornerMin',
  'feretDiameterMax',
  'perimeterTraced',
  'areaHullCorner',
];

describe('Feret diameters and the traced perimeter', () => {
  it('one pixel: corners sqrt(2) and 1, edge midpoints 1 and sqrt(1 / 2), perimeter 4 sqrt(2) / 2 = 2.828', () => {
    const [one] = regionProperties(label(grid('1')), { properties: FERETS });
    expect(one!.feretCornerMax).toBeCloseTo(Math.SQRT2, 14);
    expect(one!.feretCornerMin).toBe(1);
    expect(one!.feretMax).toBe(1);
    expect(one!.feretMin).toBeCloseTo(Math.SQRT1_2, 14);
    expect(one!.perimeterTraced).toBeCloseTo(2 * Math.SQRT2, 14);
    expect(one!.areaHullCorner).toBe(1);
  });

  it('2 x 2 pixels: perimeter 8 - 4 (2 - sqrt(2)) = 5.657', () => {
    const [square] = regionProperties(label(grid('1 1\n1 1')), { properties: FERETS });
    expect(square!.perimeterTraced).toBeCloseTo(8 - 4 * (2 - Math.SQRT2), 12);
  });

  it('discs and a rectangle of conventions C10', () => {
    const [ten] = regionProperties(label(discMask(25, 25, 12, 12, 10)), { properties: FERETS });
    expect(ten!.feretCornerMax).toBeCloseTo(21.401, 3);
    expect(ten!.feretCornerMin).toBeCloseTo(20.616, 3);
    expect(ten!.feretDiameterMax).toBeCloseTo(21.471, 3);
    expect(ten!.perimeterTraced).toBeCloseTo(67.01, 2);
    const [five] = regionProperties(label(discMask(25, 25, 12, 12, 5)), { properties: FERETS });
    expect(five!.feretCornerMax).toBeCloseTo(11.402, 3);
    expect(five!.feretCornerMin).toBeCloseTo(10.752, 3);
    expect(five!.perimeterTraced).toBeCloseTo(34.042, 3);
    const [box] = regionProperties(label(grid(Array(3).fill('1 1 1 1 1 1 1').join('\n'))), { properties: FERETS });
    expect(box!.feretCornerMax).toBeCloseTo(Math.sqrt(58), 12);
    expect(box!.feretCornerMin).toBe(3);
  });

  it('a hole does not change the traced perimeter, pieces of one id add up', () => {
    const perimeter = (text: string) =>
      regionProperties(label(grid(text)), { properties: ['perimeterTraced'] })[0]!.perimeterTraced;
    expect(perimeter('1 1 1\n1 0 1\n1 1 1')).toBe(perimeter('1 1 1\n1 1 1\n1 1 1'));
    const [apart] = regionProperties(createLabels([1, 0, 1], [1, 3]), { properties: ['perimeterTraced'] });
    expect(apart!.perimeterTraced).toBeCloseTo(4 * Math.SQRT2, 12);
  });

  it('follows a diagonal across corners', () => {
    // Eight edges; of the eight corners between sides of length 1 every other one is cut.
    const [diagonal] = regionProperties(label(grid('1 0\n0 1')), { properties: ['perimeterTraced'] });
    expect(diagonal!.perimeterTraced).toBeCloseTo(8 - 4 * (2 - Math.SQRT2), 12);
  });

  it('min <= max, edges <= corners, and the hull holds the region', () => {
    fc.assert(
      fc.property(masks(1), (mask) => {
        for (const row of regionProperties(label(mask), { properties: [...FERETS, 'area'] })) {
          expect(row.feretMin).toBeLessThanOrEqual(row.feretMax + 1e-12);
          expect(row.feretCornerMin).toBeLessThanOrEqual(row.feretCornerMax + 1e-12);
          expect(row.feretMax).toBeLessThanOrEqual(row.feretCornerMax + 1e-12);
          expect(row.feretMin).toBeLessThanOrEqual(row.feretCornerMin + 1e-12);
          expect(row.areaHullCorner).toBeGreaterThanOrEqual(row.area);
        }
      }),
    );
  });

  it('scales with the pixel, along each axis', () => {
    const rod = label(grid('1 1 1 1'));
    const measure = (row: number, column: number) =>
      regionProperties(rod, { properties: FERETS, spacing: { row, column } })[0]!;
    expect(measure(3, 3).feretMax).toBeCloseTo(3 * measure(1, 1).feretMax, 12);
    expect(measure(2, 1).feretCornerMax).toBeCloseTo(Math.hypot(2, 4), 12);
    expect(measure(2, 1).feretCornerMin).toBe(2);
    expect(measure(1, 2).feretCornerMax).toBeCloseTo(Math.hypot(1, 8), 12);
  });
});
