import fc from 'fast-check';
import { createImage, createMask, Random, toGrey } from 'segkit/core';
import { confusionMatrix, iou } from 'segkit/metrics';
import { autoLabel, reconstruction } from 'segkit/morphology';
import { simulateMicrograph } from 'segkit/simulate';
import { describe, expect, it } from 'vitest';
import { dilateFromBorder, erodeFromBorder } from '../../src/morphology/reconstructFromBorder.js';
import { discMask, masks } from './grids.js';

/** The image on the border, `inside` within. */
function bordered(data: Float32Array, height: number, width: number, inside: number) {
  const values = data.map((value, i) => {
    const row = Math.floor(i / width);
    const column = i % width;
    return row === 0 || column === 0 || row === height - 1 || column === width - 1 ? value : inside;
  });
  return createImage(values, [height, width]);
}

const sameValues = (a: Float32Array, b: Float32Array) => a.every((value, i) => value === b[i]);

describe('reconstruction from the border', () => {
  it('is that of the general seed: the largest value within, the image on the border', () => {
    fc.assert(
      fc.property(masks(5), (mask) => {
        const [height, width] = mask.shape as [number, number];
        const image = createImage(
          Float32Array.from(mask.data, (value) => value / 3 - 1),
          [height, width],
        );
        const general = reconstruction(bordered(image.data, height, width, 9), image, { method: 'erosion' });
        expect(erodeFromBorder(image.data, height, width)).toEqual(general.data);
      }),
    );
  });
  const [height, width] = [190, 170] as const;
  const random = new Random(5);
  const noise = Float32Array.from({ length: height * width }, () => random.normal());
  // Walls with a door at one end and then the other: from the only door of the border, in the first row, it is a winding way.
  const winding = noise.map((value, i) => {
    const row = Math.floor(i / width);
    const column = i % width;
    const wall = row % 4 === 0 && (row % 8 === 0 ? column !== 3 : column !== width - 4);
    return wall || column === 0 || column === width - 1 || row === height - 1 ? 9 : Math.round(value) / 8;
  });
  it.each([
    ['noise', noise],
    [
      'noise with a hot pixel, which leaves the rest in one bucket',
      noise.map((value, i) => (i === 9999 ? 1e9 : value)),
    ],
    ['ties', noise.map((value) => Math.round(value))],
    ['a winding way', winding],
  ])('is that of the general seed, either way: %s', (_, data) => {
    const image = createImage(data, [height, width]);
    const eroded = reconstruction(bordered(data, height, width, 2e9), image, { method: 'erosion' });
    expect(sameValues(erodeFromBorder(data, height, width), eroded.data)).toBe(true);
    const dilated = reconstruction(bordered(data, height, width, -2e9), image);
    expect(sameValues(dilateFromBorder(data, height, width), dilated.data)).toBe(true);
    expect(sameValues(eroded.data, dilated.data)).toBe(false);
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
