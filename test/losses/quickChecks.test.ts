import fc from 'fast-check';
import { expect, it } from 'vitest';
import { areFinite, areWithin } from '../../src/losses/quickChecks.js';

it('areWithin is what every() says of whole numbers', () => {
  const ids = fc.array(fc.oneof(fc.integer({ min: -2, max: 5 }), fc.integer()), { maxLength: 40 });
  fc.assert(
    fc.property(ids, fc.integer({ min: 0, max: 4 }), (values, last) => {
      expect(areWithin(Int32Array.from(values), last)).toBe(values.every((id) => id >= 0 && id <= last));
    }),
  );
  for (const extreme of [-(2 ** 31), 2 ** 31 - 1]) expect(areWithin(Int32Array.of(0, extreme), 1)).toBe(false);
});

it('areFinite finds NaN and infinities at any place', () => {
  for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    for (let length = 1; length < 12; length++) {
      const values = new Float32Array(length).fill(-3.4e38);
      expect(areFinite(values)).toBe(true);
      values[length - 1] = odd;
      expect(areFinite(values)).toBe(false);
      expect(areFinite(Float32Array.from(values).reverse())).toBe(false);
    }
  }
});

it('of other arrays they are not sure', () => {
  expect(areWithin(Float32Array.of(0, 1), 1)).toBe(false);
  expect(areFinite(Int32Array.of(0, 1))).toBe(false);
});
