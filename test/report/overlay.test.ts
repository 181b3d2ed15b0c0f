import fc from 'fast-check';
import { createImage, createLabels, createMask } from 'segkit/core';
import { labelColor, overlay } from 'segkit/report';
import { describe, expect, it } from 'vitest';

const flat = (value: number, height: number, width: number) =>
  createImage(new Uint8Array(height * width).fill(value), [height, width]);

function colorAt(picture: ReturnType<typeof overlay>, row: number, column: number): number[] {
  return [0, 1, 2].map((channel) => picture.get(row, column, channel));
}

describe('overlay', () => {
  // biome-ignore format: a picture
  const disc = createMask([
    0, 0, 0, 0, 0,
    0, 1, 1, 1, 0,
    0, 1, 1, 1, 0,
    0, 1, 1, 1, 0,
    0, 0, 0, 0, 0,
  ], [5, 5]);

  it('mixes inside: 100 + (230 - 100) * 0.5 = 165, 100 + (159 - 100) * 0.5 = 129.5, 100 + (0 - 100) * 0.5 = 50', () => {
    const picture = overlay(flat(100, 5, 5), disc, { alpha: 0.5 });
    expect(picture.shape).toEqual([5, 5, 3]);
    expect(colorAt(picture, 2, 2)).toEqual([165, 130, 50]);
    expect(colorAt(picture, 1, 2)).toEqual([230, 159, 0]);
    expect(colorAt(picture, 0, 0)).toEqual([100, 100, 100]);
  });

  it('leaves the outline out, or makes it wider', () => {
    expect(colorAt(overlay(flat(100, 5, 5), disc, { alpha: 0.5, outline: false }), 1, 2)).toEqual([165, 130, 50]);
    expect(colorAt(overlay(flat(100, 5, 5), disc, { alpha: 0.5, outlineWidth: 2 }), 2, 2)).toEqual([230, 159, 0]);
  });

  it('draws a line between instances that touch, none along the border of the image', () => {
    const labels = createLabels([1, 1, 2, 2, 2, 2], [1, 6]);
    const picture = overlay(flat(0, 1, 6), labels, { alpha: 0 });
    const drawn = [0, 1, 2, 3, 4, 5].map((column) => colorAt(picture, 0, column).join());
    expect(drawn).toEqual(['0,0,0', labelColor(1).join(), labelColor(2).join(), '0,0,0', '0,0,0', '0,0,0']);
  });

  it('takes colours from a list or a function', () => {
    const mask = createMask([2], [1, 1]);
    const options = { alpha: 1, outline: false } as const;
    const list = [
      [0, 0, 0],
      [1, 1, 1],
      [9, 8, 7],
    ] as const;
    expect([...overlay(flat(0, 1, 1), mask, { ...options, colors: list }).data]).toEqual([9, 8, 7]);
    expect([...overlay(flat(0, 1, 1), mask, { ...options, colors: (id) => [id, id, 0] }).data]).toEqual([2, 2, 0]);
    expect(() => overlay(flat(0, 1, 1), mask, { colors: list.slice(0, 2) })).toThrow(
      'colors must have an entry for every id of regions, got 2 for id 2.',
    );
    expect(() => overlay(flat(0, 1, 1), mask, { colors: () => [0, 0, 300] })).toThrow('the colour of id 2 must be');
  });

  it('stretches images that are not 8-bit, and shows 8-bit ones as they are', () => {
    const none = createMask(undefined, [1, 3]);
    const of = (data: Uint16Array | Float32Array, stretch: 'auto' | 'none' | readonly [number, number]) =>
      [...overlay(createImage(data, [1, 3]), none, { stretch }).data].filter((_, i) => i % 3 === 0);
    expect(of(new Uint16Array([100, 200, 300]), [0, 100])).toEqual([0, 128, 255]);
    expect(of(new Uint16Array([0, 257, 65535]), 'none')).toEqual([0, 1, 255]);
    expect(of(new Float32Array([-5, 0, 5]), 'auto')).toEqual([0, 128, 255]);
    expect(() => of(new Float32Array([0, 1, 2]), 'none')).toThrow('image must hold samples in 0..1');
    expect([...overlay(createImage(new Uint8Array([7, 8, 9]), [1, 3]), none).data]).toEqual([
      7, 7, 7, 8, 8, 8, 9, 9, 9,
    ]);
  });

  it('shows RGB and RGBA alike, without the alpha', () => {
    const none = createMask(undefined, [1, 1]);
    expect([...overlay(createImage(new Uint8Array([1, 2, 3]), [1, 1, 3]), none).data]).toEqual([1, 2, 3]);
    expect([...overlay(createImage(new Uint8Array([1, 2, 3, 200]), [1, 1, 4]), none).data]).toEqual([1, 2, 3]);
  });

  it('does not depend on strides and changes no input', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 12, maxLength: 12 }),
        fc.array(fc.nat(3), { minLength: 12, maxLength: 12 }),
        (grey, ids) => {
          const image = createImage(grey, [3, 4]);
          const labels = createLabels(ids, [3, 4]);
          const before = [...grey, ...labels.data];
          const turned = overlay(image.transpose(1, 0), labels.transpose(1, 0));
          const plain = overlay(image, labels);
          expect([...grey, ...labels.data]).toEqual(before);
          for (let row = 0; row < 3; row++) {
            for (let column = 0; column < 4; column++) {
              expect(colorAt(turned, column, row)).toEqual(colorAt(plain, row, column));
            }
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('says what is wrong', () => {
    const image = flat(0, 2, 2);
    expect(() => overlay(image, createMask(undefined, [2, 3]))).toThrow(
      'regions must have the height and width of image, 2 x 2, got 2 x 3.',
    );
    expect(() => overlay(image, createLabels([0, 0, 0, -4], [2, 2]))).toThrow(
      'regions must hold ids of 0 or more, got -4.',
    );
    expect(() => overlay(createImage(new Uint8Array(8), [2, 2, 2]), createMask(undefined, [2, 2]))).toThrow(
      'image must have 1, 3 or 4 channels to be shown, got 2.',
    );
    expect(() => overlay(image, createMask(undefined, [2, 2]), { alpha: 2 })).toThrow('alpha must be');
    expect(() => overlay(image, createMask(undefined, [2, 2]), { opacity: 1 } as never)).toThrow(
      'overlay has no option "opacity"',
    );
    expect(() => overlay(image, createMask(undefined, [2, 2]), { stretch: 'log' } as never)).toThrow(
      'stretch must be one of',
    );
    expect(() => overlay(image, image as never)).not.toThrow();
    expect(() => overlay(image, createImage(new Float32Array(4), [2, 2]) as never)).toThrow(
      'regions must hold a Uint8Array',
    );
  });
});
