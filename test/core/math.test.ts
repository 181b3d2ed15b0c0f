import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cos, exp, log, logGamma, pow, sin } from '../../src/core/math.js';

const relative = (got: number, wanted: number) => Math.abs(got - wanted) / Math.max(Math.abs(wanted), 1e-300);

describe('platform-independent elementary functions', () => {
  it('agree with Math to a few units in the last place', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
        expect(relative(exp(x), Math.exp(x))).toBeLessThan(5e-16);
        expect(Math.abs(sin(x) - Math.sin(x))).toBeLessThan(4e-16);
        expect(Math.abs(cos(x) - Math.cos(x))).toBeLessThan(4e-16);
      }),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
        expect(Math.abs(log(x) - Math.log(x))).toBeLessThan(5e-16 * Math.max(0.5, Math.abs(Math.log(x))));
      }),
      { numRuns: 3000 },
    );
  });

  it('have their exact and limiting values', () => {
    expect([exp(0), log(1), sin(0), cos(0), pow(3, 0), pow(0, 2)]).toEqual([1, 0, 0, 1, 1, 0]);
    expect([exp(Infinity), exp(-Infinity), log(0), log(Infinity)]).toEqual([Infinity, 0, -Infinity, Infinity]);
    expect([exp(NaN), log(-1), sin(Infinity), sin(1e7)]).toEqual([NaN, NaN, NaN, NaN]);
    expect(exp(-745)).toBe(Math.exp(-745));
    expect(log(5e-324)).toBeCloseTo(Math.log(5e-324), 10);
  });

  it('logGamma is the logarithm of the factorial', () => {
    let factorial = 1;
    for (let n = 1; n <= 20; n++) {
      expect(Math.abs(logGamma(n) - Math.log(factorial))).toBeLessThan(1e-13 * Math.max(1, Math.log(factorial)));
      factorial *= n;
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13);
  });
});
