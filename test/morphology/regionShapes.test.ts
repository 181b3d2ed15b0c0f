import fc from 'fast-check';
import { createImage, createLabels, type Labels } from 'segkit/core';
import { label, type RegionProperty, regionProperties } from 'segkit/morphology';
import { describe, expect, it } from 'vitest';
import { discMask, grid, masks } from './grids.js';

const one = <P extends RegionProperty>(
  labels: Labels,
  properties: readonly P[],
  spacing: number | { row: number; column: number } = 1,
) => regionProperties(labels, { properties, spacing })[0]!;

describe('circles, rectangles and ways of regions', () => {
  const NAMES = [
    'inscribedDiameter',
    'inscribedCenter',
    'circumscribedDiameter',
    'circumscribedCenter',
    'rectangleLength',
    'rectangleWidth',
    'rectangleAngle',
    'geodesicLength',
    'compactness',
    'convexity',
    'aspectRatioEllipse',
    'aspectRatioFeret',
    'roundnessEllipse',
    'roundnessFeret',
  ] as const;

  it('one pixel: circle 1 within, sqrt(2) around, rectangle 1 x 1, way 1; ratios of its axes say nothing', () => {
    const pixel = one(label(grid('1')), NAMES);
    expect(pixel.inscribedDiameter).toBeCloseTo(1, 6);
    expect(pixel.inscribedCenter).toEqual([0, 0]);
    expect(pixel.circumscribedDiameter).toBeCloseTo(Math.SQRT2, 12);
    expect(pixel.circumscribedCenter).toEqual([0, 0]);
    expect([pixel.rectangleLength, pixel.rectangleWidth, pixel.geodesicLength]).toEqual([1, 1, 1]);
    expect(pixel.aspectRatioEllipse).toBeNaN();
    expect(pixel.roundnessEllipse).toBeNaN();
  });

  it('2 x 2 pixels: the circle within touches all sides from the corner in the middle', () => {
    const square = one(label(grid('1 1\n1 1')), NAMES);
    expect(square.inscribedDiameter).toBeCloseTo(2, 6);
    expect(square.inscribedCenter).toEqual([0.5, 0.5]);
    expect(square.circumscribedDiameter).toBeCloseTo(Math.sqrt(8), 12);
    expect(square.geodesicLength).toBeCloseTo(Math.SQRT2 + 1, 12);
    expect(square.aspectRatioEllipse).toBe(1);
  });

  it('a line of 4 pixels: rectangle 4 x 1 along the columns, way 4; its axes have no ratio', () => {
    const line = one(label(grid('1 1 1 1')), NAMES);
    expect([line.rectangleLength, line.rectangleWidth, line.geodesicLength]).toEqual([4, 1, 4]);
    expect(line.rectangleAngle).toBeCloseTo(Math.PI / 2, 12);
    expect(line.aspectRatioEllipse).toBeNaN();
    expect(line.aspectRatioFeret).toBeGreaterThan(0);
  });

  it('a hook: the way bends where the rectangle does not', () => {
    const hook = one(label(grid('1 1 1 1\n1 0 0 0\n1 1 1 1')), NAMES);
    // Along the top to the left, two diagonal steps around the corner pixel, along the bottom, plus one pixel.
    expect(hook.geodesicLength).toBeCloseTo(2 + 2 * Math.SQRT2 + 2 + 1, 12);
    expect([hook.rectangleLength, hook.rectangleWidth]).toEqual([4, 3]);
  });

  it('measures in the unit of an anisotropic pixel', () => {
    const line = one(label(grid('1 1 1 1')), NAMES, { row: 3, column: 0.5 });
    expect([line.rectangleLength, line.rectangleWidth]).toEqual([3, 2]);
    expect(line.inscribedDiameter).toBeCloseTo(2, 6);
    expect(line.circumscribedDiameter).toBeCloseTo(Math.hypot(3, 2), 12);
    expect(line.geodesicLength).toBeCloseTo(2, 12);
  });

  it('a disc of radius 20: circles, ratios and angles', () => {
    const disc = one(label(discMask(50, 50, 24, 24, 20)), NAMES);
    // The pixel at (18, 9) is outside; its corner (17.5, 8.5) is nearest.
    expect(disc.inscribedDiameter).toBeCloseTo(2 * Math.hypot(17.5, 8.5), 5);
    expect(disc.circumscribedDiameter).toBeLessThan(42);
    expect(disc.compactness).toBeCloseTo(0.975, 2);
    expect(disc.convexity).toBeCloseTo(1, 1);
    expect(disc.roundnessEllipse).toBeCloseTo(1, 2);
    expect(disc.roundnessFeret).toBeCloseTo(disc.compactness ** 2, 12);
  });

  it('Feret angles of a 7 x 3 rectangle: atan(7 / 3) along its diagonal, 0 across', () => {
    const box = one(label(grid(Array(3).fill('1 1 1 1 1 1 1').join('\n'))), [
      'feretCornerMaxAngle',
      'feretCornerMinAngle',
      'feretMaxAngle',
      'feretMinAngle',
    ] as const);
    expect(Math.abs(box.feretCornerMaxAngle)).toBeCloseTo(Math.atan2(7, 3), 12);
    expect(box.feretCornerMinAngle).toBeCloseTo(0, 12);
    expect(Math.abs(box.feretMaxAngle)).toBeGreaterThan(1);
    expect(box.feretMinAngle).toBeCloseTo(0, 12);
  });

  it('circle within <= minimum Feret <= maximum Feret <= circle around <= rectangle diagonal, turned or not', () => {
    const names = [...NAMES, 'feretCornerMin', 'feretCornerMax', 'area', 'eulerNumber'] as const;
    fc.assert(
      fc.property(masks(1), (mask) => {
        const rows = regionProperties(label(mask), { properties: names });
        const turned = regionProperties(label(mask.transpose(1, 0)), { properties: names });
        for (const row of rows) {
          expect(row.inscribedDiameter).toBeLessThanOrEqual(row.feretCornerMin + 1e-6);
          expect(row.feretCornerMin).toBeLessThanOrEqual(row.feretCornerMax + 1e-12);
          expect(row.feretCornerMax).toBeLessThanOrEqual(row.circumscribedDiameter + 1e-9);
          expect(row.circumscribedDiameter).toBeLessThanOrEqual(
            Math.hypot(row.rectangleLength, row.rectangleWidth) + 1e-9,
          );
          expect((Math.PI / 4) * row.inscribedDiameter ** 2).toBeLessThanOrEqual(row.area * 1.0000001);
        }
        const sum = (list: typeof rows, name: (typeof names)[number]) =>
          list.reduce((total, row) => total + (Number.isNaN(Number(row[name])) ? 0 : Number(row[name])), 0);
        for (const name of ['inscribedDiameter', 'circumscribedDiameter', 'rectangleLength', 'convexity'] as const) {
          expect(sum(turned, name)).toBeCloseTo(sum(rows, name), 5);
        }
      }),
    );
  });
});

describe('pictures and pixels of regions', () => {
  it('cuts out regions as scikit-image does', () => {
    const labels = label(grid('0 0 0 0\n0 1 1 1\n0 1 0 1\n0 1 1 1'));
    const intensity = createImage(
      Uint8Array.from({ length: 16 }, (_, i) => i),
      [4, 4],
    );
    const [ring] = regionProperties(labels, {
      properties: [
        'image',
        'imageFilled',
        'imageConvex',
        'imageIntensity',
        'coords',
        'coordsScaled',
        'slice',
        'areaFilled',
      ],
      intensity,
      spacing: 2,
    });
    expect([...ring!.image.data]).toEqual([1, 1, 1, 1, 0, 1, 1, 1, 1]);
    expect([...ring!.imageFilled.data]).toEqual(Array(9).fill(1));
    expect([...ring!.imageConvex.data]).toEqual(Array(9).fill(1));
    expect([...ring!.imageIntensity.data]).toEqual([5, 6, 7, 9, 0, 11, 13, 14, 15]);
    expect(ring!.coords.slice(0, 4)).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
      [2, 1],
    ]);
    expect(ring!.coordsScaled[3]).toEqual([4, 2]);
    expect(ring!.slice).toEqual({ rows: [1, 4], columns: [1, 4] });
    expect(ring!.areaFilled).toBe(36);
  });
});

describe('statistics of intensity', () => {
  const NAMES = [
    'intensityMedian',
    'intensitySkew',
    'intensityKurtosis',
    'intensityStd',
    'intensityIntegrated',
    'intensityBackground',
    'intensityCorrected',
    'intensityIntegratedCorrected',
  ] as const;
  it('of 1, 2, 3, 10: median 2.5, deviation sqrt(12.5), skew 45 / 12.5^1.5, kurtosis 348.5 / 12.5^2 - 3', () => {
    const labels = createLabels([0, 1, 1, 1, 1, 0], [1, 6]);
    const intensity = createImage(new Uint8Array([5, 1, 2, 3, 10, 7]), [1, 6]);
    const [region] = regionProperties(labels, { properties: NAMES, intensity });
    expect(region!.intensityMedian).toBe(2.5);
    expect(region!.intensityStd).toBeCloseTo(Math.sqrt(12.5), 12);
    expect(region!.intensitySkew).toBeCloseTo(45 / 12.5 ** 1.5, 12);
    expect(region!.intensityKurtosis).toBeCloseTo(348.5 / 12.5 ** 2 - 3, 12);
    expect(region!.intensityIntegrated).toBe(16);
    expect(region!.intensityBackground).toBe(6);
    expect(region!.intensityCorrected).toBe(-2);
    expect(region!.intensityIntegratedCorrected).toBe(-8);
  });
  it('of equal values has no skew or kurtosis, and without background no correction', () => {
    const [region] = regionProperties(createLabels([1, 1], [1, 2]), {
      properties: NAMES,
      intensity: createImage(new Uint8Array([4, 4]), [1, 2]),
    });
    expect(region!.intensitySkew).toBeNaN();
    expect(region!.intensityKurtosis).toBeNaN();
    expect(region!.intensityBackground).toBeNaN();
    expect(region!.intensityCorrected).toBeNaN();
  });
});
