import { createImage } from 'segkit/core';
import { sideBySide } from 'segkit/report';
import { describe, expect, it } from 'vitest';

const grey = (values: number[], height: number, width: number) => createImage(new Uint8Array(values), [height, width]);

function rows(picture: ReturnType<typeof sideBySide>): number[][] {
  const [height, width] = picture.shape as [number, number];
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => picture.get(row, column, 0)),
  );
}

describe('sideBySide', () => {
  it('is 1 + 1 + 2 columns wide for a gap of 1, with the room below the smaller one filled', () => {
    const picture = sideBySide([grey([1, 2], 2, 1), grey([3, 4], 1, 2)], { gap: 1, background: [9, 9, 9] });
    expect(rows(picture)).toEqual([
      [1, 9, 9, 3, 4],
      [2, 9, 9, 9, 9],
    ]);
  });

  it('goes to the next row after columns', () => {
    const picture = sideBySide([grey([1], 1, 1), grey([2], 1, 1), grey([3], 1, 1)], { columns: 2, gap: 0 });
    expect(rows(picture)).toEqual([
      [1, 2],
      [3, 255],
    ]);
  });

  it('takes grey and RGB together', () => {
    const picture = sideBySide([grey([5], 1, 1), createImage(new Uint8Array([1, 2, 3]), [1, 1, 3])], { gap: 0 });
    expect([...picture.data]).toEqual([5, 5, 5, 1, 2, 3]);
  });

  it('says what is wrong', () => {
    expect(() => sideBySide([])).toThrow('images must be a list of at least one image');
    expect(() => sideBySide([grey([1], 1, 1), 4 as never])).toThrow('images[1] must be an image');
    expect(() => sideBySide([grey([1], 1, 1)], { gap: -1 })).toThrow('gap must be an integer at least 0, got -1.');
    expect(() => sideBySide([grey([1], 1, 1)], { background: [0, 0] as never })).toThrow(
      'background must be [red, green, blue]',
    );
    expect(() => sideBySide([grey([1], 1, 1)], { padding: 3 } as never)).toThrow('sideBySide has no option "padding"');
  });
});
