import fc from 'fast-check';
import { createMask, type Mask } from 'segkit/core';
import { close, dilate, disk, erode, open, square } from 'segkit/morphology';
import { describe, expect, it } from 'vitest';
import { differences, goldenArray, goldenCases } from './golden.js';
import { grid, masks, picture } from './grids.js';

const rows = (text: string) => picture(grid(text));
const complement = (mask: Mask) =>
  createMask(
    mask.data.map((v) => (v === 0 ? 1 : 0)),
    mask.shape,
  );

/** A footprint with its middle in it, of odd sides, so that it may be turned about it. */
const footprints = fc.tuple(fc.constantFrom(1, 3, 5), fc.constantFrom(1, 3, 5)).chain(([height, width]) =>
  fc.array(fc.integer({ min: 0, max: 1 }), { minLength: height * width, maxLength: height * width }).map((data) =>
    createMask(
      data.map((v, i) => (i === (height * width - 1) / 2 ? 1 : v)),
      [height, width],
    ),
  ),
);

describe('footprints', () => {
  const names = {
    disk1: disk(1),
    disk2: disk(2),
    disk3: disk(3),
    disk5: disk(5),
    disk7: disk(7),
    square2: square(2),
    square3: square(3),
    square5: square(5),
  };
  it.each(Object.entries(names))('%s equals that of scikit-image', (name, footprint) => {
    const golden = goldenArray('morphology', goldenCases('morphology', 'footprints')[0]!.outputs[name]);
    expect(footprint.shape).toEqual(golden.shape);
    expect(differences(footprint.data, golden.data)).toEqual([]);
  });
  it('refuse sizes that make no sense', () => {
    expect(() => disk(-1)).toThrow('radius must be a finite number at least 0');
    expect(() => square(0)).toThrow('side must be an integer at least 1');
  });
});

describe('erode, dilate, open, close', () => {
  it('take a cross by default; beyond the border erosion sees foreground', () => {
    const mask = grid('1 1 1 0\n1 1 1 0\n1 1 1 1\n0 0 1 1');
    expect(picture(erode(mask))).toEqual(rows('1 1 0 0\n1 1 0 0\n0 0 1 0\n0 0 0 1'));
    expect(picture(dilate(grid('0 0 0\n0 1 0\n0 0 0')))).toEqual(rows('0 1 0\n1 1 1\n0 1 0'));
  });
  it('set a footprint that is not symmetric on each pixel: to the right by dilation', () => {
    const footprint = grid('0 1 1');
    expect([...dilate(grid('0 1 0 0'), { footprint }).data]).toEqual([0, 1, 1, 0]);
    expect([...erode(grid('0 1 1 0'), { footprint }).data]).toEqual([0, 1, 0, 0]);
  });
  it('take any class as foreground and give 0 and 1', () => {
    expect([...dilate(grid('0 3 0 0')).data]).toEqual([1, 1, 1, 0]);
  });
  it('are dual: eroding the foreground is dilating the background with the turned footprint', () => {
    fc.assert(
      fc.property(masks(1), footprints, (mask, footprint) => {
        const turned = footprint.step(-1, -1);
        expect(erode(mask, { footprint }).data).toEqual(
          complement(dilate(complement(mask), { footprint: turned })).data,
        );
      }),
    );
  });
  it('shrink and grow, and opening and closing are idempotent', () => {
    fc.assert(
      fc.property(masks(1), footprints, (mask, footprint) => {
        const options = { footprint };
        const [small, large, opened, closed] = [erode, dilate, open, close].map((f) => f(mask, options).data);
        mask.data.forEach((value, at) => {
          expect(small![at]).toBeLessThanOrEqual(opened![at]!);
          expect(opened![at]).toBeLessThanOrEqual(value);
          expect(value).toBeLessThanOrEqual(closed![at]!);
          expect(closed![at]).toBeLessThanOrEqual(large![at]!);
        });
        expect(open(open(mask, options), options).data).toEqual(opened);
        expect(close(close(mask, options), options).data).toEqual(closed);
      }),
    );
  });
  it('name what is wrong', () => {
    const mask = grid('1');
    expect(() => erode(mask, { footprint: grid('0 0') })).toThrow('footprint must have a pixel above 0, got none.');
    // @ts-expect-error: not a mask
    expect(() => dilate(mask, { footprint: [[1]] })).toThrow('footprint must be a mask');
    // @ts-expect-error: an unknown option
    expect(() => close(mask, { radius: 2 })).toThrow('close has no option "radius"');
  });
  it.each(goldenCases('morphology', 'binary erosion/dilation/opening/closing').map((c) => [c.name, c] as const))(
    'equal scikit-image: %s',
    (_, c) => {
      const image = goldenArray('morphology', c.inputs.image);
      const shape = goldenArray('morphology', c.inputs.footprint);
      const mask = createMask(image.data as Uint8Array, image.shape);
      const footprint = createMask(shape.data as Uint8Array, shape.shape);
      for (const [name, operation] of [
        ['erosion', erode],
        ['dilation', dilate],
        ['opening', open],
        ['closing', close],
      ] as const) {
        const golden = goldenArray('morphology', c.outputs[name]).data;
        expect(differences(operation(mask, { footprint }).data, golden), name).toEqual([]);
      }
    },
  );
});
