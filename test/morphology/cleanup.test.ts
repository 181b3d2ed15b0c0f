import fc from 'fast-check';
import { createLabels, createMask, type Labels, type Mask } from 'segkit/core';
import {
  clearBorder,
  fillHoles,
  label,
  regionProperties,
  removeSmallHoles,
  removeSmallObjects,
} from 'segkit/morphology';
import { describe, expect, it } from 'vitest';
import { differences, goldenArray, goldenCases } from './golden.js';
import { grid, masks, picture } from './grids.js';

const rows = (text: string) => picture(grid(text));

describe('removeSmallObjects', () => {
  it('removes objects of fewer than minSize pixels, keeps those of as many', () => {
    const mask = grid('1 1 0 1\n0 0 0 0\n1 1 1 0');
    expect(picture(removeSmallObjects(mask, { minSize: 2 }))).toEqual(rows('1 1 0 0\n0 0 0 0\n1 1 1 0'));
    expect(picture(removeSmallObjects(mask, { minSize: 3 }))).toEqual(rows('0 0 0 0\n0 0 0 0\n1 1 1 0'));
  });
  it('removes fewer than 64 by default', () => {
    const mask = createMask(new Uint8Array(63).fill(1), [7, 9]);
    expect(removeSmallObjects(mask).data.includes(1)).toBe(false);
    expect(removeSmallObjects(createMask(new Uint8Array(64).fill(1), [8, 8])).data.includes(0)).toBe(false);
  });
  it('keeps the ids of labels, and takes each id as one object', () => {
    const labels = createLabels([7, 0, 7, 3, 0, 9], [1, 6]);
    const result = removeSmallObjects(labels, { minSize: 2 });
    expect([...result.data]).toEqual([7, 0, 7, 0, 0, 0]);
    expect(result.data).toBeInstanceOf(Int32Array);
  });
  it('keeps classes, and takes touching classes as two objects', () => {
    expect([...removeSmallObjects(createMask([1, 2, 2, 2], [1, 4]), { minSize: 2 }).data]).toEqual([0, 2, 2, 2]);
  });
  it('leaves its input alone, is idempotent, and only objects large enough stay', () => {
    fc.assert(
      fc.property(
        masks(2),
        fc.integer({ min: 0, max: 12 }),
        fc.constantFrom(4 as const, 8 as const),
        (mask, minSize, connectivity) => {
          const before = mask.data.slice();
          const once = removeSmallObjects(mask, { minSize, connectivity });
          expect(mask.data).toEqual(before);
          expect(removeSmallObjects(once, { minSize, connectivity }).data).toEqual(once.data);
          for (const { area } of regionProperties(label(once, { connectivity })))
            expect(area).toBeGreaterThanOrEqual(minSize);
          once.data.forEach((value, at) => {
            expect(value === 0 || value === mask.data[at]).toBe(true);
          });
        },
      ),
    );
  });
  it('names what is wrong', () => {
    expect(() => removeSmallObjects(grid('1'), { minSize: -1 })).toThrow(
      'minSize must be a finite number at least 0, got -1.',
    );
    expect(() => removeSmallObjects(createLabels([1], [1, 1]), { connectivity: 8 })).toThrow(
      'connectivity must not be given for labels, whose ids are the objects, got 8.',
    );
    // @ts-expect-error: an unknown option
    expect(() => removeSmallObjects(grid('1'), { maxSize: 1 })).toThrow('removeSmallObjects has no option "maxSize"');
    // @ts-expect-error: neither a mask nor labels
    expect(() => removeSmallObjects(undefined)).toThrow('maskOrLabels must be a mask');
  });
});

describe('fillHoles', () => {
  it('fills what does not reach the border', () => {
    const mask = grid('1 1 1 0\n1 0 1 0\n1 1 1 1\n0 1 0 0');
    expect(picture(fillHoles(mask))).toEqual(rows('1 1 1 0\n1 1 1 0\n1 1 1 1\n0 1 0 0'));
  });
  it('a hole that is open at a corner is one with connectivity 4, not with 8', () => {
    const mask = grid('0 1 1\n1 0 1\n1 1 1');
    expect(fillHoles(mask).get(1, 1)).toBe(1);
    expect(fillHoles(mask, { connectivity: 8 }).get(1, 1)).toBe(0);
  });
  it('takes the class of most edge neighbours, the smaller of as many', () => {
    expect(fillHoles(grid('2 2 2\n2 0 1\n2 2 2')).get(1, 1)).toBe(2);
    expect(fillHoles(grid('2 2 2\n2 0 1\n1 1 1')).get(1, 1)).toBe(1);
  });
  it('is idempotent and only adds', () => {
    fc.assert(
      fc.property(masks(2), (mask) => {
        const once = fillHoles(mask);
        expect(fillHoles(once).data).toEqual(once.data);
        mask.data.forEach((value, at) => {
          if (value !== 0) expect(once.data[at]).toBe(value);
        });
      }),
    );
  });
  it('refuses other connectivities', () => {
    // @ts-expect-error: not a connectivity
    expect(() => fillHoles(grid('1'), { connectivity: 1 })).toThrow('connectivity must be one of 4, 8, got 1.');
  });
});

describe('removeSmallHoles', () => {
  it('fills background of fewer than minSize pixels, at the border too', () => {
    const mask = grid('0 1 1 1 1\n1 1 0 0 1\n1 1 1 1 1');
    expect(picture(removeSmallHoles(mask, { minSize: 2 }))).toEqual(rows('1 1 1 1 1\n1 1 0 0 1\n1 1 1 1 1'));
    expect(removeSmallHoles(mask, { minSize: 3 }).data.includes(0)).toBe(false);
  });
  it('leaves an empty mask empty, though all of it is a small hole', () => {
    expect([...removeSmallHoles(createMask(undefined, [2, 2])).data]).toEqual([0, 0, 0, 0]);
  });
});

describe('clearBorder', () => {
  it('removes objects that touch the border, whole', () => {
    const mask = grid('0 0 0 0 0\n0 1 0 1 1\n0 1 0 1 0\n0 0 0 0 0');
    expect(picture(clearBorder(mask))).toEqual(rows('0 0 0 0 0\n0 1 0 0 0\n0 1 0 0 0\n0 0 0 0 0'));
  });
  it('takes rows and columns within bufferSize as border', () => {
    const mask = grid('0 0 0 0 0\n0 1 0 0 0\n0 0 0 0 0\n0 0 0 1 0\n0 0 0 0 0');
    expect(clearBorder(mask).data).toEqual(mask.data);
    expect(clearBorder(mask, { bufferSize: 1 }).data.includes(1)).toBe(false);
    expect(clearBorder(mask, { bufferSize: 100 }).data.includes(1)).toBe(false);
  });
  it('keeps ids of labels', () => {
    const labels = createLabels([0, 0, 0, 0, 5, 0, 0, 0, 0], [3, 3]);
    expect(clearBorder(labels).get(1, 1)).toBe(5);
  });
  it('agrees with touchesBorder', () => {
    fc.assert(
      fc.property(masks(2), (mask) => {
        const labels = label(mask);
        const inner = regionProperties(labels).filter((region) => !region.touchesBorder);
        expect(regionProperties(clearBorder(labels)).map((region) => region.label)).toEqual(inner.map((r) => r.label));
        expect(clearBorder(mask).data.filter((v) => v > 0).length).toBe(inner.reduce((sum, r) => sum + r.area, 0));
      }),
    );
  });
  it('refuses a negative bufferSize', () => {
    expect(() => clearBorder(grid('1'), { bufferSize: -1 })).toThrow(
      'bufferSize must be an integer at least 0, got -1.',
    );
  });
});

describe('against scikit-image and SciPy', () => {
  for (const golden of goldenCases('morphology', 'remove small objects/holes, fill holes, clear border')) {
    const image = goldenArray('morphology', golden.inputs.image);
    const mask = createMask(image.data as Uint8Array, image.shape);
    const minSize = golden.params.min_size as number;
    const results: ReadonlyArray<readonly [string, () => Mask | Labels]> = [
      ['remove_small_objects_12_c4', () => removeSmallObjects(mask, { minSize, connectivity: 4 })],
      ['remove_small_objects_12_c8', () => removeSmallObjects(mask, { minSize, connectivity: 8 })],
      ['remove_small_holes_12_c4', () => removeSmallHoles(mask, { minSize, connectivity: 4 })],
      ['remove_small_holes_12_c8', () => removeSmallHoles(mask, { minSize, connectivity: 8 })],
      ['fill_holes', () => fillHoles(mask)],
      ['fill_holes_8', () => fillHoles(mask, { connectivity: 8 })],
      ['clear_border', () => clearBorder(label(mask))],
      ['clear_border_buffer2', () => clearBorder(label(mask), { bufferSize: 2 })],
    ];
    it.each(results)(`${golden.name}: %s`, (name, compute) => {
      expect(differences(compute().data, goldenArray('morphology', golden.outputs[name]).data)).toEqual([]);
    });
  }
});
