import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitFormula, type SizeFormula, type Sizes } from '../../src/onnx/exportSizes.js';

const multiples = { batch: 1, height: 4, width: 4 };
const sizes: readonly Sizes[] = [
  { batch: 2, height: 20, width: 28 },
  { batch: 3, height: 32, width: 44 },
  { batch: 5, height: 52, width: 24 },
];

function evaluate({ sides, numerator, denominator, offset }: SizeFormula, size: Sizes): number {
  return (sides.reduce((product, side) => product * size[side]!, 1) * numerator) / denominator + offset;
}

describe('fitFormula', () => {
  it('finds height / 4, 2 width - 1, 3 batch height width / 16', () => {
    expect(fitFormula([5, 8, 13], sizes, multiples)).toEqual({
      ...{ sides: ['height'], numerator: 1, denominator: 4, offset: 0 },
    });
    expect(fitFormula([55, 87, 47], sizes, multiples)).toEqual({
      ...{ sides: ['width'], numerator: 2, denominator: 1, offset: -1 },
    });
    const products = sizes.map(({ batch, height, width }) => (3 * batch! * height! * width!) / 16);
    expect(fitFormula(products, sizes, multiples)).toEqual({
      ...{ sides: ['batch', 'height', 'width'], numerator: 3, denominator: 16, offset: 0 },
    });
  });

  it('finds a rising and a falling side', () => {
    expect(fitFormula([-19, -31, -51], sizes, multiples)).toEqual({
      ...{ sides: ['height'], numerator: -1, denominator: 1, offset: 1 },
    });
  });

  it('finds nothing where a size that is allowed would not give a whole number', () => {
    // 5 heights / 8: whole for these heights, which are multiples of 4, only by chance.
    const odd = [
      { batch: 2, height: 24, width: 28 },
      { batch: 3, height: 32, width: 44 },
      { batch: 5, height: 56, width: 24 },
    ];
    expect(fitFormula([15, 20, 35], odd, multiples)).toBeUndefined();
    expect(fitFormula([15, 20, 35], odd, { ...multiples, height: 8 })).toMatchObject({ numerator: 5, denominator: 8 });
  });

  it('finds nothing for what is no multiple', () => {
    expect(fitFormula([400, 1024, 2704], sizes, multiples)).toBeUndefined();
    expect(fitFormula([1, 2, 5], sizes, multiples)).toBeUndefined();
  });

  it('finds a formula that holds for other sizes too, whatever made the numbers', () => {
    const formula = fc.record({
      sides: fc.subarray(['batch', 'height', 'width'], { minLength: 1 }),
      numerator: fc.integer({ min: 1, max: 64 }),
      denominator: fc.constant(1),
      offset: fc.integer({ min: -5, max: 5 }),
    });
    const other = { batch: 7, height: 36, width: 100 };
    fc.assert(
      fc.property(formula, (made) => {
        const whole = made.sides.length === 1 ? made : { ...made, offset: 0 };
        const found = fitFormula(
          sizes.map((size) => evaluate(whole, size)),
          sizes,
          multiples,
        );
        expect(evaluate(found!, other)).toBe(evaluate(whole, other));
      }),
    );
  });
});
