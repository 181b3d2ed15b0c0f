import fc from 'fast-check';
import { createImage, createMask, toGrey } from 'segkit/core';
import { confusionMatrix, iou } from 'segkit/metrics';
import { autoLabel, reconstruction } from 'segkit/morphology';
import { simulateMicrograph } from 'segkit/simulate';
import { describe, expect, it } from 'vitest';
import { erodeFromBorder } from '../../src/morphology/reconstructFromBorder.js';
import { discMask, masks } from './grids.js';

describe('reconstruction from the border', () => {
  it('is that of the general seed: the largest value within, the image on the border', () => {
    fc.assert(
      fc.property(masks(5), (mask) => {
        const [height, width] = mask.shape as [number, number];
        const image = createImage(
          Float32Array.from(mask.data, (value) => value / 3 - 1),
          [height, width],
        );
        const seed = createImage(
          image.data.map((value, i) => {
            const row = Math.floor(i / width);
            const column = i % width;
            return row === 0 || column === 0 || row === height - 1 || column === width - 1 ? value : 9;
          }),
          [height, width],
        );
        const general = reconstruction(seed, image, { method: 'erosion' });
        expect(erodeFromBorder(image.data, height, width)).toEqual(general.data);
      }),
    );
  });
});

describe('autoLabel', () => {
  const truth = discMask(128, 128, 60, 64, 20);
  const scene = (particle: number, support: number) =>
    createImage(
      // A slope of the support that a global threshold would trip over.
      Float32Array.from(truth.data, (value, i) => (value === 1 ? particle : support) + 0.3 * (i % 128)),
      [128, 128],
    );
  it.each([
    ['dark', 60, 120],
    ['bright', 160, 100],
  ] as const)('finds a %s disc on a slope', (polarity, particle, support) => {
    for (const wanted of [polarity, 'both'] as const) {
      const { mask, steps } = autoLabel(scene(particle, support), { polarity: wanted });
      expect(iou(confusionMatrix(truth, mask, { classes: 2 }))[1]).toBeGreaterThan(0.85);
      expect(steps).toBeUndefined();
    }
    const other = polarity === 'dark' ? 'bright' : 'dark';
    const { mask } = autoLabel(scene(particle, support), { polarity: other });
    expect(iou(confusionMatrix(truth, mask, { classes: 2 }))[1]).toBeLessThan(0.3);
  });
  it('shows its steps: the background lies under bright peaks and over dark hollows', () => {
    const { steps, threshold, mask } = autoLabel(scene(60, 120), { steps: true });
    expect(Object.keys(steps!)).toEqual(['smooth', 'withoutPeaks', 'background', 'difference', 'opened']);
    steps!.smooth.data.forEach((value, i) => {
      expect(steps!.withoutPeaks.data[i]!).toBeLessThanOrEqual(value);
      expect(steps!.background.data[i]!).toBeGreaterThanOrEqual(steps!.withoutPeaks.data[i]!);
      expect(mask.data[i]).toBe(steps!.opened.data[i]! > threshold ? 1 : 0);
    });
  });
  it('finds most of the pixels of simulated particles', () => {
    const { image, mask: wanted } = simulateMicrograph({ seed: 3, height: 192, width: 192 });
    const { mask } = autoLabel(toGrey(image), { openingRadius: 2 });
    expect(iou(confusionMatrix(wanted!, mask, { classes: 2 }))[1]).toBeGreaterThan(0.5);
  });
  it('of a constant image is empty, and names what is wrong', () => {
    expect(autoLabel(createImage(new Uint8Array(100).fill(9), [10, 10])).mask.data).toEqual(
      createMask(undefined, [10, 10]).data,
    );
    expect(() => autoLabel(scene(1, 2), { sigma: -1 })).toThrow('sigma must be a finite number at least 0, got -1.');
    // @ts-expect-error: not a polarity
    expect(() => autoLabel(scene(1, 2), { polarity: 'grey' })).toThrow('polarity must be one of "dark"');
  });
});
