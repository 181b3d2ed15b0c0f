import fc from 'fast-check';
import { scaleBar } from 'segkit/report';
import { describe, expect, it } from 'vitest';

describe('scaleBar', () => {
  it('is 10 nm = 40 px for 256 px of 0.25 nm: at most 0.3 * 64 = 19.2 nm', () => {
    expect(scaleBar(256, { pixelSize: 0.25, unit: 'nm' })).toEqual({
      length: 10,
      unit: 'nm',
      pixels: 40,
      text: '10 nm',
    });
  });

  it('takes the column direction and writes µm', () => {
    const bar = scaleBar(100, { pixelSize: { row: 9, column: 0.1 }, unit: 'um' }, { maxShare: 0.5 });
    expect(bar).toEqual({ length: 5, unit: 'um', pixels: 50, text: '5 µm' });
  });

  it('takes a length that fits exactly: 0.1 * 100 = 10', () => {
    expect(scaleBar(100, { pixelSize: 1, unit: 'px' }, { maxShare: 0.1 }).length).toBe(10);
    expect(scaleBar(1000, { pixelSize: 1, unit: 'px' }, { maxShare: 1 }).length).toBe(1000);
  });

  it('is the longest of 1, 2, 5 times a power of ten that fits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e5 }),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        (width, pixelSize) => {
          const { length, pixels } = scaleBar(width, { pixelSize, unit: 'nm' });
          expect(length).toBeLessThanOrEqual(0.3 * width * pixelSize);
          expect(length * 2.5).toBeGreaterThan(0.3 * width * pixelSize * (1 - 1e-9));
          expect(pixels).toBeCloseTo(length / pixelSize, 6);
          expect(length.toExponential(3)).toMatch(/^[125]\.000e/);
        },
      ),
    );
  });

  it('says what is wrong', () => {
    expect(() => scaleBar(0, { pixelSize: 1, unit: 'nm' })).toThrow('width must be a finite number above 0, got 0.');
    expect(() => scaleBar(9, { pixelSize: -1, unit: 'nm' })).toThrow('calibration.pixelSize must be');
    expect(() => scaleBar(9, { pixelSize: 1, unit: 'inch' as never })).toThrow('calibration.unit must be one of');
    expect(() => scaleBar(9, { pixelSize: 1, unit: 'nm' }, { share: 1 } as never)).toThrow('scaleBar has no option');
  });
});
