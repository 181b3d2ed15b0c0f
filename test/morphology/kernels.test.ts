import fc from 'fast-check';
import { createImage, createMask, type Image, type Mask } from 'segkit/core';
import {
  type BorderMode,
  close,
  dilate,
  disk,
  erode,
  gaussian,
  greyClose,
  greyDilate,
  greyErode,
  greyOpen,
  median,
  open,
  square,
} from 'segkit/morphology';
import { describe, expect, it } from 'vitest';
import { countBytes } from '../../src/morphology/histogram.js';
import { kernels } from '../../src/morphology/kernels.js';
import { withoutKernels } from '../../src/morphology/wasmModules.js';

const images: fc.Arbitrary<Image> = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
  .chain(([height, width]) =>
    fc
      .uint8Array({ minLength: height * width, maxLength: height * width })
      .map((data) => createImage(Uint8Array.from(data), [height, width]) as Image),
  );
const footprints: fc.Arbitrary<Mask> = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }))
  .chain(([height, width]) =>
    fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: height * width, maxLength: height * width })
      .filter((data) => data.includes(1))
      .map((data) => createMask(data, [height, width])),
  );

describe('the kernels of WebAssembly and the loops that stand in', () => {
  it('there are kernels here', () => {
    expect(kernels()).toBeDefined();
    expect(withoutKernels(() => kernels())).toBeUndefined();
  });
  it('give the same bytes: grey and binary morphology with any footprint', () => {
    fc.assert(
      fc.property(images, footprints, (image, footprint) => {
        for (const operation of [greyErode, greyDilate, greyOpen, greyClose]) {
          const plain = withoutKernels(() => operation(image, { footprint }));
          expect(operation(image, { footprint }).data).toEqual(plain.data);
          const float = createImage(
            Float32Array.from(image.data, (value) => value / 7 - 9),
            [...image.shape],
          );
          expect(operation(float, { footprint }).data).toEqual(
            withoutKernels(() => operation(float, { footprint })).data,
          );
        }
        const mask = createMask(
          Uint8Array.from(image.data, (value) => (value > 128 ? value : 0)),
          [...image.shape],
        );
        for (const operation of [erode, dilate, open, close]) {
          const plain = withoutKernels(() => operation(mask, { footprint }));
          expect(operation(mask, { footprint }).data).toEqual(plain.data);
        }
      }),
    );
  });
  it('give the same bytes: medians of 5 x 5', () => {
    const modes: readonly BorderMode[] = ['nearest', 'reflect', 'mirror', 'wrap', 'constant'];
    fc.assert(
      fc.property(images, fc.constantFrom(...modes), (image, mode) => {
        const footprint = square(5);
        const plain = withoutKernels(() => median(image, { footprint, mode }));
        expect(median(image, { footprint, mode }).data).toEqual(plain.data);
      }),
    );
  });
  it('give the same bytes: Gaussians of bytes and of floats, whatever the border', () => {
    const modes: readonly BorderMode[] = ['nearest', 'reflect', 'mirror', 'wrap', 'constant'];
    fc.assert(
      fc.property(
        images,
        fc.constantFrom(...modes),
        fc.double({ min: 0, max: 4, noNaN: true }),
        (image, mode, sigma) => {
          const float = createImage(Float32Array.from(image.data, Math.sqrt), [...image.shape]);
          for (const one of [image, float]) {
            const plain = withoutKernels(() => gaussian(one, { sigma, mode }));
            expect(gaussian(one, { sigma, mode }).data).toEqual(plain.data);
          }
        },
      ),
    );
  });
  it('give the same bytes: footprints too tall for rings in the cache, and lying beside their middle', () => {
    const data = Uint8Array.from({ length: 60 * 700 }, (_, i) => (i * 7919 + ((i * i) >> 5)) & 255);
    const image = createImage(data, [60, 700]) as Image;
    const mask = createMask(
      data.map((value) => (value > 2 ? value : 0)),
      [60, 700],
    );
    const beside = createMask(
      Uint8Array.from({ length: 21 * 5 }, (_, i) => (i < 15 && i % 3 !== 1 ? 1 : 0)),
      [21, 5],
    );
    for (const footprint of [disk(60), beside]) {
      for (const operation of [greyErode, greyDilate, greyOpen, greyClose]) {
        const plain = withoutKernels(() => operation(image, { footprint }));
        expect(operation(image, { footprint }).data).toEqual(plain.data);
      }
      for (const operation of [erode, dilate, open, close]) {
        const plain = withoutKernels(() => operation(mask, { footprint }));
        expect(operation(mask, { footprint }).data).toEqual(plain.data);
      }
    }
  });
  it('count the same: bytes of an image whose size is no multiple of 8, in the middle of a buffer', () => {
    const buffer = Uint8Array.from({ length: 400 * 401 + 3 }, (_, i) => (i * 7919 + ((i * i) >> 7)) & 255);
    const data = buffer.subarray(3);
    const counts = countBytes(data);
    expect(counts).toEqual(withoutKernels(() => countBytes(data)));
    for (const level of [0, 17, 255]) expect(counts[level]).toBe(data.filter((value) => value === level).length);
  });
  it('opening by a disc of 5 pixels on a larger image', () => {
    const data = Uint8Array.from({ length: 300 * 200 }, (_, i) => (Math.imul(i, 2654435761) >>> 13) & 255);
    const image = createImage(data, [200, 300]);
    const footprint = disk(5);
    expect(greyOpen(image, { footprint }).data).toEqual(withoutKernels(() => greyOpen(image, { footprint })).data);
  });
});
