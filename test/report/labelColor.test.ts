import { labelColor } from 'segkit/report';
import { describe, expect, it } from 'vitest';

describe('labelColor', () => {
  it('gives the colours of Okabe and Ito first', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map(labelColor)).toEqual([
      [230, 159, 0],
      [86, 180, 233],
      [0, 158, 115],
      [240, 228, 66],
      [0, 114, 178],
      [213, 94, 0],
      [204, 121, 167],
    ]);
    expect(labelColor(0)).toEqual([0, 0, 0]);
  });

  it('lightens by 0.4: 230 + 25 * 0.4 = 240, 159 + 96 * 0.4 = 197, 0 + 255 * 0.4 = 102; darkens to 0.6 of each', () => {
    expect(labelColor(8)).toEqual([240, 197, 102]);
    expect(labelColor(15)).toEqual([138, 95, 0]);
  });

  it('has 21 different colours, then begins anew', () => {
    const colors = Array.from({ length: 21 }, (_, i) => labelColor(i + 1).join());
    expect(new Set(colors).size).toBe(21);
    expect(labelColor(22)).toEqual(labelColor(1));
  });

  it('refuses what is no id', () => {
    expect(() => labelColor(-1)).toThrow('id must be an integer at least 0, got -1.');
    expect(() => labelColor(1.5)).toThrow(RangeError);
  });
});
