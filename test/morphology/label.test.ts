import fc from 'fast-check';
import { createMask, type Mask } from 'segkit/core';
import { type Connectivity, label, relabelSequential } from 'segkit/morphology';
import { describe, expect, it } from 'vitest';
import { differences, goldenArray, goldenCases } from './golden.js';
import { grid, masks } from './grids.js';

/** The obvious way: flood each component from its first pixel. */
function slowLabel(mask: Mask, connectivity: Connectivity): number[] {
  const [height, width] = mask.shape as [number, number];
  const result = new Array<number>(height * width).fill(0);
  let count = 0;
  for (let first = 0; first < result.length; first++) {
    if (mask.data[first] === 0 || result[first] !== 0) continue;
    result[first] = ++count;
    const stack = [first];
    while (stack.length > 0) {
      const at = stack.pop()!;
      for (let dr = -1; dr <= 1; dr++) {
        for (let dc = -1; dc <= 1; dc++) {
          if (connectivity === 4 && dr * dc !== 0) continue;
          const row = Math.floor(at / width) + dr;
          const column = (at % width) + dc;
          const next = row * width + column;
          if (row < 0 || row >= height || column < 0 || column >= width) continue;
          if (result[next] !== 0 || mask.data[next] !== mask.data[first]) continue;
          result[next] = count;
          stack.push(next);
        }
      }
    }
  }
  return result;
}

describe('label', () => {
  it('joins diagonal neighbours with 8, not with 4', () => {
    const mask = grid(`
      1 0 1
      0 1 0`);
    expect([...label(mask).data]).toEqual([1, 0, 1, 0, 1, 0]);
    expect([...label(mask, { connectivity: 4 }).data]).toEqual([1, 0, 2, 0, 3, 0]);
  });

  it('joins the arms of a U and of a spiral, which begin apart', () => {
    const mask = grid(`
      1 0 1 0 1
      1 0 1 0 1
      1 1 1 0 1
      0 0 0 0 1
      1 1 1 1 1`);
    const expected = [1, 0, 1, 0, 2, 1, 0, 1, 0, 2, 1, 1, 1, 0, 2, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2];
    expect([...label(mask).data]).toEqual(expected);
  });

  it('keeps touching regions of different classes apart', () => {
    const mask = createMask([1, 1, 2, 2, 1], [1, 5]);
    expect([...label(mask).data]).toEqual([1, 1, 2, 2, 3]);
  });

  it('does not join the end of a row with the start of the next', () => {
    const mask = grid(`
      0 0 1
      1 0 0`);
    expect([...label(mask).data]).toEqual([0, 0, 1, 2, 0, 0]);
  });

  it('reads views and leaves its input alone', () => {
    const mask = grid(`
      1 0 0
      1 0 1`);
    const before = mask.data.slice();
    expect([...label(mask.transpose(1, 0)).data]).toEqual([1, 1, 0, 0, 0, 2]);
    expect(mask.data).toEqual(before);
  });

  it('refuses other connectivities, options and inputs', () => {
    const mask = createMask([1], [1, 1]);
    // @ts-expect-error: not a connectivity
    expect(() => label(mask, { connectivity: 6 })).toThrow('connectivity must be one of 4, 8, got 6.');
    // @ts-expect-error: an unknown option
    expect(() => label(mask, { background: 1 })).toThrow('label has no option "background"');
    // @ts-expect-error: not a mask
    expect(() => label([[1]])).toThrow('mask must be a mask');
  });

  it.each([4, 8] as const)('equals a flood fill with connectivity %d', (connectivity) => {
    fc.assert(
      fc.property(masks(2), (mask) => {
        expect([...label(mask, { connectivity }).data]).toEqual(slowLabel(mask, connectivity));
      }),
      { numRuns: 300 },
    );
  });

  it('finds as many regions in flipped and turned masks', () => {
    const count = (mask: Mask) => label(mask).data.reduce((a, b) => Math.max(a, b));
    fc.assert(
      fc.property(masks(1), (mask) => {
        const expected = count(mask);
        expect(count(mask.step(-1, 1))).toBe(expected);
        expect(count(mask.transpose(1, 0))).toBe(expected);
      }),
    );
  });

  it.each(goldenCases('morphology', 'measure.label').map((c) => [c.name, c] as const))(
    'equals scikit-image: %s',
    (_, c) => {
      const image = goldenArray('morphology', c.inputs.image);
      const mask = createMask(image.data as Uint8Array, image.shape);
      for (const connectivity of [4, 8] as const) {
        const { data } = label(mask, { connectivity });
        expect(differences(data, goldenArray('morphology', c.outputs[`labels_conn${connectivity}`]).data)).toEqual([]);
        expect(data.reduce((a, b) => Math.max(a, b))).toBe(c.outputs[`num_conn${connectivity}`]);
      }
    },
  );
});

describe('relabelSequential', () => {
  it('is the identity on labels', () => {
    fc.assert(
      fc.property(masks(2), (mask) => {
        const labels = label(mask);
        expect(relabelSequential(labels).data).toEqual(labels.data);
        expect(relabelSequential(labels, { order: 'raster' }).data).toEqual(labels.data);
      }),
    );
  });

  it('closes gaps, by id or by first pixel, for huge ids as well', () => {
    const labels = label(createMask([0, 0, 0, 0, 0], [1, 5]));
    labels.data.set([2_000_000_000, 0, 7, 7, 2_000_000_000]);
    expect([...relabelSequential(labels).data]).toEqual([2, 0, 1, 1, 2]);
    expect([...relabelSequential(labels, { order: 'raster' }).data]).toEqual([1, 0, 2, 2, 1]);
  });

  it('refuses negative ids with their position, and other orders', () => {
    const labels = label(createMask([0, 0], [1, 2]));
    // @ts-expect-error: not an order
    expect(() => relabelSequential(labels, { order: 'size' })).toThrow(
      'order must be one of "id", "raster", got "size".',
    );
    labels.data[1] = -3;
    expect(() => relabelSequential(labels)).toThrow(
      'labels must hold ids of 0 or more, got -3 at [row, column] [0, 1].',
    );
  });
});
