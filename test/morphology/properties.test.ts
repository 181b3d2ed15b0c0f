import fc from 'fast-check';
import { createImage, type Image, type Mask } from 'segkit/core';
import {
  blackTopHat,
  disk,
  distanceTransform,
  fillHoles,
  greyClose,
  greyDilate,
  greyErode,
  greyOpen,
  label,
  localMaxima,
  median,
  reconstruction,
  regionProperties,
  removeSmallObjects,
  watershed,
  whiteTopHat,
} from 'segkit/morphology';
import { describe, expect, it } from 'vitest';
import { masks } from './grids.js';

const images: fc.Arbitrary<Image> = fc
  .tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 14 }))
  .chain(([height, width]) =>
    fc
      .array(fc.integer({ min: 0, max: 255 }), { minLength: height * width, maxLength: height * width })
      .map((data) => createImage(Uint8Array.from(data), [height, width]) as Image),
  );
const footprint = disk(2);
const inverse = (image: Image) =>
  createImage(
    Uint8Array.from(image.data, (value) => 255 - value),
    [...image.shape],
  ) as Image;
/** An image turned by a quarter, and one mirrored: views, which every function takes. */
const turned = (image: Image) => image.transpose(1, 0).step(1, -1) as Image;
const mirroredImage = (image: Image) => image.step(1, -1) as Image;
const values = (image: { readonly shape: number[]; get(...at: number[]): number }) => {
  const [height, width] = image.shape as [number, number];
  return Array.from({ length: height * width }, (_, i) => image.get(Math.floor(i / width), i % width));
};

describe('grey morphology', () => {
  it('erosion and dilation are dual, opening and closing idempotent and ordered, top-hats what they take', () => {
    fc.assert(
      fc.property(images, (image) => {
        expect(greyErode(inverse(image), { footprint }).data).toEqual(inverse(greyDilate(image, { footprint })).data);
        const opened = greyOpen(image, { footprint });
        const closed = greyClose(image, { footprint });
        expect(greyOpen(opened, { footprint }).data).toEqual(opened.data);
        expect(greyClose(closed, { footprint }).data).toEqual(closed.data);
        const white = whiteTopHat(image, { footprint });
        const black = blackTopHat(image, { footprint });
        image.data.forEach((value, i) => {
          expect(opened.data[i]).toBeLessThanOrEqual(value);
          expect(closed.data[i]).toBeGreaterThanOrEqual(value);
          expect(white.data[i]).toBe(value - opened.data[i]!);
          expect(black.data[i]).toBe(closed.data[i]! - value);
        });
      }),
    );
  });
  it('grows with the image, and turns and mirrors with it', () => {
    fc.assert(
      fc.property(images, (image) => {
        const brighter = createImage(
          Uint8Array.from(image.data, (value, i) => Math.min(255, value + (i % 7))),
          [...image.shape],
        ) as Image;
        for (const operation of [greyErode, greyDilate, greyOpen, greyClose]) {
          const before = operation(image, { footprint });
          const after = operation(brighter, { footprint });
          before.data.forEach((value, i) => {
            expect(after.data[i]).toBeGreaterThanOrEqual(value);
          });
          for (const move of [turned, mirroredImage]) {
            expect(values(operation(move(image), { footprint }))).toEqual(values(move(before)));
          }
        }
        for (const move of [turned, mirroredImage]) {
          expect(values(median(move(image)))).toEqual(values(move(median(image))));
          expect(values(localMaxima(move(image)))).toEqual(values(move(localMaxima(image) as Image)));
        }
      }),
    );
  });
  it.each([4, 8] as const)(
    'reconstruction is dilation below the mask, again and again: %i neighbours',
    (connectivity) => {
      fc.assert(
        fc.property(images, (image) => {
          const seed = createImage(
            Uint8Array.from(image.data, (value, i) => (i % 5 === 0 ? value : 0)),
            [...image.shape],
          ) as Image;
          const square = { footprint: disk(connectivity === 4 ? 1 : 1.5) };
          let slow = seed;
          for (;;) {
            const next = createImage(
              Uint8Array.from(greyDilate(slow, square).data, (value, i) => Math.min(value, image.data[i]!)),
              [...image.shape],
            ) as Image;
            if (next.data.every((value, i) => value === slow.data[i])) break;
            slow = next;
          }
          const fast = reconstruction(seed, image, { connectivity });
          expect(fast.data).toEqual(slow.data);
          expect(reconstruction(fast, image, { connectivity }).data).toEqual(fast.data);
          const wide = ({ data, shape }: Image) =>
            createImage(
              Uint16Array.from(data, (value) => 257 * value),
              [...shape],
            );
          expect(reconstruction(wide(seed), wide(image), { connectivity }).data).toEqual(wide(slow).data);
          const floats = ({ data, shape }: Image) =>
            createImage(
              Float32Array.from(data, (value) => value / 8 - 9),
              [...shape],
            );
          expect(reconstruction(floats(seed), floats(image), { connectivity }).data).toEqual(floats(slow).data);
        }),
      );
    },
  );
});

describe('distances and basins', () => {
  it('distances are those of a search through all background, with any spacing, and scale with it', () => {
    const edges = fc.constantFrom(0.5, 1, 2, 3);
    fc.assert(
      fc.property(masks(2, 16), edges, edges, (mask, row, column) => {
        const [height, width] = mask.shape as [number, number];
        const { data } = distanceTransform(mask, { spacing: { row, column } });
        data.forEach((distance, at) => {
          let least = Number.POSITIVE_INFINITY;
          mask.data.forEach((value, other) => {
            if (value !== 0) return;
            const rows = (Math.floor(at / width) - Math.floor(other / width)) * row;
            const columns = ((at % width) - (other % width)) * column;
            least = Math.min(least, rows * rows + columns * columns);
          });
          expect(distance).toBe(Math.fround(Math.sqrt(least)));
        });
        expect(height * width).toBe(data.length);
        const twice = distanceTransform(mask, { spacing: { row: 2 * row, column: 2 * column } }).data;
        expect(twice).toEqual(data.map((value) => 2 * value));
      }),
    );
  });
  it('a long run: the envelope of parabolas gives what looking around gives', () => {
    const data = Uint8Array.from({ length: 9 * 300 }, (_, i) => (i % 997 === 5 ? 0 : 1));
    const found = distanceTransform(createImage(data, [9, 300]) as unknown as Mask).data;
    for (const at of [0, 299, 1234, 2000, 2699]) {
      let least = Number.POSITIVE_INFINITY;
      data.forEach((value, other) => {
        if (value === 0) {
          least = Math.min(
            least,
            (Math.floor(at / 300) - Math.floor(other / 300)) ** 2 + ((at % 300) - (other % 300)) ** 2,
          );
        }
      });
      expect(found[at]).toBe(Math.fround(Math.sqrt(least)));
    }
  });
  it('basins cover what their markers reach, and nothing else', () => {
    fc.assert(
      fc.property(images, (image) => {
        const tops = localMaxima(image);
        const markers = label(tops);
        const { data } = watershed(inverse(image), { markers });
        const count = Math.max(...markers.data);
        expect(data.every((id) => (count === 0 ? id === 0 : id > 0))).toBe(true);
        markers.data.forEach((id, i) => {
          if (id > 0) expect(data[i]).toBe(id);
        });
      }),
    );
  });
});

describe('cleaning and measuring', () => {
  it('filled masks have no holes left; areas do not change when a mask is turned, and scale with the pixel', () => {
    fc.assert(
      fc.property(masks(1), (mask) => {
        const filled = fillHoles(mask);
        expect(fillHoles(filled).data).toEqual(filled.data);
        const kept = removeSmallObjects(mask, { minSize: 3 });
        expect(removeSmallObjects(kept, { minSize: 3 }).data).toEqual(kept.data);
        const areas = (of: Mask, spacing = 1) =>
          regionProperties(label(of), { properties: ['area', 'eulerNumber', 'perimeterCrofton'], spacing })
            .map(({ area, eulerNumber, perimeterCrofton }) =>
              [area, eulerNumber, perimeterCrofton.toFixed(9)].join(' '),
            )
            .sort();
        expect(areas(mask.transpose(1, 0))).toEqual(areas(mask));
        const doubled = regionProperties(label(mask), { properties: ['area', 'perimeterCrofton'], spacing: 2 });
        regionProperties(label(mask), { properties: ['area', 'perimeterCrofton'] }).forEach((region, i) => {
          expect(doubled[i]!.area).toBe(4 * region.area);
          expect(doubled[i]!.perimeterCrofton).toBeCloseTo(2 * region.perimeterCrofton, 9);
        });
      }),
    );
  });
});
