import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { type Calibration, createImage, createLabels, createMask } from 'segkit/core';
import { label } from 'segkit/morphology';
import { measureParticles } from 'segkit/particles';
import { describe, expect, it } from 'vitest';
import { goldenArray, goldenCases, near } from '../morphology/golden.js';
import { discMask, grid, masks } from '../morphology/grids.js';

const nm: Calibration = { pixelSize: 0.5, unit: 'nm' };

describe('measureParticles', () => {
  it('2 x 3 pixels of 0.5 nm: area 6 / 4 = 1.5 nm2, diameter sqrt(4 * 1.5 / pi), centroid (0.5, 1) px', () => {
    const [particle] = measureParticles(label(grid('1 1 1\n1 1 1')), { calibration: nm });
    expect(particle).toMatchObject({
      label: 1,
      unit: 'nm',
      numPixels: 6,
      area: 1.5,
      equivalentDiameter: Math.sqrt(6 / Math.PI),
      centroid: [0.5, 1],
      centroidPhysical: [0.25, 0.5],
      bbox: [0, 0, 2, 3],
      touchesBorder: true,
      orientation: Math.PI / 2,
      solidity: 1,
    });
    expect(particle!.axisMajor).toBeCloseTo(4 * Math.sqrt(8 / 12) * 0.5, 12);
    expect(particle!.axisMinor).toBeCloseTo(4 * Math.sqrt(3 / 12) * 0.5, 12);
    expect(particle).not.toHaveProperty('meanIntensity');
  });

  it('measures in pixels where there is no calibration', () => {
    const [particle] = measureParticles(label(grid('1 1')));
    expect(particle).toMatchObject({ unit: 'px', area: 2, centroid: [0, 0.5], centroidPhysical: [0, 0.5] });
  });

  it('takes unequal pixels: rows of 2 um, columns of 1 um make an ellipse of pixels a disc', () => {
    const labels = createLabels(undefined, [60, 110]);
    for (let row = 0; row < 60; row++) {
      for (let column = 0; column < 110; column++) {
        if (((row - 30.2) * 2) ** 2 + (column - 54.7) ** 2 <= 1600) labels.set(row, column, 1);
      }
    }
    const [disc] = measureParticles(labels, { calibration: { pixelSize: { row: 2, column: 1 }, unit: 'um' } });
    expect(Math.abs(disc!.equivalentDiameter / 80 - 1)).toBeLessThan(0.005);
    expect(Math.abs(disc!.axisMinor / disc!.axisMajor - 1)).toBeLessThan(0.01);
    expect(Math.abs(disc!.circularity - 1)).toBeLessThan(0.04);
    expect(disc!.centroid[0]).toBeCloseTo(30.2, 0);
    expect(disc!.centroidPhysical[0]).toBeCloseTo(2 * disc!.centroid[0], 12);
  });

  it('leaves out particles at the border on request', () => {
    const labels = label(grid('1 0 0 0\n0 0 1 0\n0 0 0 0'));
    expect(measureParticles(labels).map((p) => p.touchesBorder)).toEqual([true, false]);
    expect(measureParticles(labels, { excludeBorder: true }).map((p) => p.label)).toEqual([2]);
    expect(measureParticles(labels, { excludeBorder: false })).toHaveLength(2);
  });

  it('gives the mean intensity where there is an image', () => {
    const intensity = createImage(new Uint16Array([100, 300, 7]), [1, 3]);
    expect(measureParticles(createLabels([4, 4, 0], [1, 3]), { intensity })[0]!.meanIntensity).toBe(200);
  });

  it('gives no rows where there is no particle', () => {
    expect(measureParticles(createLabels(undefined, [4, 4]), { calibration: nm, excludeBorder: true })).toEqual([]);
  });

  it('one pixel: stated values with every profile', () => {
    const one = createLabels([1], [1, 1]);
    expect(measureParticles(one)[0]).toMatchObject({
      axisMajor: 0,
      eccentricity: 0,
      orientation: Number.NaN,
      feretMax: 1,
    });
    expect(measureParticles(one)[0]!.circularity).toBeCloseTo(1.7476, 4);
    expect(measureParticles(one, { profile: 'skimage' })[0]).toMatchObject({ perimeter: 0, circularity: Number.NaN });
    const [imagej] = measureParticles(one, { profile: 'imagej' });
    expect(imagej!.perimeter).toBeCloseTo(2.828, 3);
    expect(imagej!.circularity).toBe(1);
    expect(imagej!.axisMajor).toBeCloseTo(2 / Math.sqrt(Math.PI), 12);
  });

  it('a few pixels, a ring: the perimeters and circularities that docs/morphology.md states', () => {
    const page = readFileSync('docs/morphology.md', 'utf8');
    const shapes: Record<string, string> = {
      '1': '1',
      '2 in a row': '1 1',
      '2 across a corner': '1 0\n0 1',
      '3 in a row': '1 1 1',
      '3 around a corner': '1 0\n1 1',
      '4, 2 x 2': '1 1\n1 1',
      '4 in a row': '1 1 1 1',
      '8, a ring of 3 x 3': '1 1 1\n1 0 1\n1 1 1',
    };
    const text = (value: number) =>
      Number.isNaN(value) ? '`NaN`' : Number.isInteger(value) ? String(value) : value.toFixed(3);
    for (const [name, rows] of Object.entries(shapes)) {
      const [own, iso, skimage, imagej] = (['segkit', 'iso', 'skimage', 'imagej'] as const).map(
        (profile) => measureParticles(label(grid(rows)), { profile })[0]!,
      );
      expect([iso!.perimeter, iso!.circularity]).toEqual([own!.perimeter, own!.circularity]);
      const cells = (['perimeter', 'circularity'] as const).flatMap((measure) =>
        [own!, skimage!, imagej!].map((particle) => text(particle[measure])),
      );
      expect(page).toContain(`| ${name} | ${cells.join(' | ')} |`);
    }
  });
  it('a large disc: circularity 0.99 with segkit, about 0.90 with the others', () => {
    const labels = label(discMask(110, 110, 55, 55, 50));
    expect(measureParticles(labels)[0]!.circularity).toBeCloseTo(0.992, 3);
    expect(measureParticles(labels, { profile: 'skimage' })[0]!.circularity).toBeCloseTo(0.907, 3);
    expect(measureParticles(labels, { profile: 'imagej' })[0]!.circularity).toBeCloseTo(0.901, 3);
  });

  it('scales lengths with the pixel, areas with its square, and no ratio', () => {
    fc.assert(
      fc.property(
        masks(1),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.constantFrom('segkit' as const, 'skimage' as const, 'imagej' as const),
        (mask, pixelSize, profile) => {
          const labels = label(mask);
          const plain = measureParticles(labels, { profile });
          const scaled = measureParticles(labels, { profile, calibration: { pixelSize, unit: 'nm' } });
          plain.forEach((particle, i) => {
            const other = scaled[i]!;
            expect(near(other.area, particle.area * pixelSize ** 2, 1e-12)).toBe(true);
            for (const key of [
              'equivalentDiameter',
              'perimeter',
              'axisMajor',
              'axisMinor',
              'feretMax',
              'feretMin',
            ] as const) {
              // Differences of nearly equal variances lose half of the digits under the root.
              expect(near(other[key], particle[key] * pixelSize, 1e-6), key).toBe(true);
            }
            for (const key of ['circularity', 'solidity', 'eccentricity'] as const) {
              expect(near(other[key], particle[key], 1e-6), key).toBe(true);
            }
            expect(other.numPixels).toBe(particle.numPixels);
            expect(near(other.centroid[0], particle.centroid[0], 1e-12)).toBe(true);
          });
        },
      ),
    );
  });

  it('names what is wrong', () => {
    const labels = createLabels([1], [1, 1]);
    // @ts-expect-error: no profile
    expect(() => measureParticles(labels, { profile: 'nist' })).toThrow(
      'profile must be one of "segkit", "imagej", "skimage", "iso", got "nist".',
    );
    expect(() => measureParticles(labels, { calibration: { pixelSize: 0, unit: 'nm' } })).toThrow(
      'calibration.pixelSize must be a finite number above 0, got 0.',
    );
    // @ts-expect-error: not a unit
    expect(() => measureParticles(labels, { calibration: { pixelSize: 1, unit: 'inch' } })).toThrow(
      'calibration.unit must be',
    );
    // @ts-expect-error: not a calibration
    expect(() => measureParticles(labels, { calibration: 0.5 })).toThrow('calibration must be an object');
    // @ts-expect-error: not a boolean
    expect(() => measureParticles(labels, { excludeBorder: 'yes' })).toThrow(
      'excludeBorder must be true or false, got "yes".',
    );
    // @ts-expect-error: an unknown option
    expect(() => measureParticles(labels, { pixelSize: 1 })).toThrow('measureParticles has no option "pixelSize"');
    const calibration: Calibration = { pixelSize: { row: 1, column: 2 }, unit: 'nm' };
    expect(() => measureParticles(labels, { profile: 'imagej', calibration })).toThrow(
      'calibration.pixelSize must be the same for rows and columns with profile "imagej", got 1 and 2.',
    );
  });
});

describe('profile "imagej" against ImageJ 1.53t, Analyze Particles', () => {
  for (const golden of goldenCases('particles', 'Analyze Particles')) {
    it(golden.name, () => {
      const image = goldenArray('particles', golden.inputs.image);
      const table = goldenArray('particles', golden.outputs.table);
      const columns = golden.params.columns as string[];
      const [height, width] = image.shape as [number, number];
      const mask = createMask(
        Uint8Array.from(image.data, (value) => (value === 0 ? 0 : 1)),
        image.shape,
      );
      // "Include holes" measures each particle as if its holes belonged to it.
      if (golden.params.include_holes) {
        const background = label(
          createMask(
            mask.data.map((v) => 1 - v),
            image.shape,
          ),
          { connectivity: 4 },
        );
        const open = new Set<number>();
        background.data.forEach((id, at) => {
          const [row, column] = [Math.floor(at / width), at % width];
          if (row === 0 || column === 0 || row === height - 1 || column === width - 1) open.add(id);
        });
        background.data.forEach((id, at) => {
          if (!open.has(id)) mask.data[at] = 1;
        });
      }
      const particles = measureParticles(label(mask), {
        profile: 'imagej',
        excludeBorder: golden.params.exclude_edges as boolean,
      });
      expect(particles).toHaveLength(golden.outputs.count as number);
      particles.forEach((particle, i) => {
        const expected = (name: string) => table.data[i * columns.length + columns.indexOf(name)]!;
        const [minRow, minColumn, maxRow, maxColumn] = particle.bbox;
        const pairs: Array<[string, number]> = [
          ['Area', particle.area],
          ['X', particle.centroid[1] + 0.5],
          ['Y', particle.centroid[0] + 0.5],
          ['Perim.', particle.perimeter],
          ['BX', minColumn],
          ['BY', minRow],
          ['Width', maxColumn - minColumn],
          ['Height', maxRow - minRow],
          ['Major', particle.axisMajor],
          ['Minor', particle.axisMinor],
          ['Circ.', particle.circularity],
          ['Feret', particle.feretMax],
          ['MinFeret', particle.feretMin],
          ['AR', particle.axisMajor / particle.axisMinor],
          ['Solidity', particle.solidity],
        ];
        for (const [name, value] of pairs) {
          expect(near(value, expected(name), golden.tolerance), `${name} of ${i}: ${value}, ${expected(name)}`).toBe(
            true,
          );
        }
        if (particle.axisMajor / particle.axisMinor > 1.001) {
          const angle = (Math.atan2(-Math.cos(particle.orientation), Math.sin(particle.orientation)) * 180) / Math.PI;
          const difference = (((angle - expected('Angle')) % 180) + 180) % 180;
          expect(Math.min(difference, 180 - difference), 'Angle').toBeLessThan(0.01);
        }
      });
    });
  }
});
