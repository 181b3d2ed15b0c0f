import fc from 'fast-check';
import { Random, toRandom } from 'segkit/core';
import { describe, expect, it } from 'vitest';

function moments(draw: () => number, count: number): { mean: number; variance: number } {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const value = draw();
    sum += value;
    squares += value * value;
  }
  return { mean: sum / count, variance: squares / count - (sum / count) ** 2 };
}

describe('Random', () => {
  it('gives the stored bytes for seed 7, on every platform', () => {
    const random = new Random(7);
    expect([random.bits(), random.bits(), random.bits()]).toMatchInlineSnapshot(`
      [
        3502650136,
        3487644285,
        1320582801,
      ]
    `);
    expect(random.uniform()).toMatchInlineSnapshot(`0.6994496094770137`);
    expect(random.normal()).toMatchInlineSnapshot(`-1.3018475500362083`);
    expect(random.poisson(100)).toMatchInlineSnapshot(`114`);
  });

  it('gives each seed and each key its own stream', () => {
    const first = new Set<number>();
    for (let seed = 0; seed < 200; seed++) {
      first.add(new Random(seed).bits());
      for (let key = 0; key < 50; key++) first.add(new Random(seed).split(key).bits());
    }
    expect(first.size).toBe(200 * 51);
    expect(new Random(1).split(0, 1).bits()).not.toBe(new Random(1).split(1, 0).bits());
    expect(new Random(2 ** 40).bits()).not.toBe(new Random(0).bits());
  });

  it('splits by key alone, whatever was drawn before', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(50), (seed, key, draws) => {
        const used = new Random(seed);
        for (let i = 0; i < draws; i++) used.normal();
        expect(used.split(key).uniform()).toBe(new Random(seed).split(key).uniform());
      }),
    );
  });

  it('is uniform: mean 1/2, variance 1/12, without correlation between neighbours', () => {
    const random = new Random(3);
    const { mean, variance } = moments(() => random.uniform(), 200_000);
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(0.003);
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.001);
    let product = 0;
    for (let i = 0; i < 100_000; i++) product += (random.uniform() - 0.5) * (random.uniform() - 0.5);
    expect(Math.abs(product / 100_000)).toBeLessThan(0.0013);
  });

  it('keeps integers in their half-open range, each equally often (chi squared of 7 cells below 24.3, p 0.001 is 22.5)', () => {
    const random = new Random(11);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[random.integer(-3, 4) + 3]! += 1;
    const chi = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chi).toBeLessThan(24.3);
    expect(new Random(0).integer(5, 6)).toBe(5);
  });

  it('draws normal deviates of the mean and spread asked for', () => {
    const random = new Random(5);
    const { mean, variance } = moments(() => random.normal(10, 2), 100_000);
    expect(Math.abs(mean - 10)).toBeLessThan(0.03);
    expect(Math.abs(variance - 4)).toBeLessThan(0.1);
  });

  it.each([0.5, 5, 9.99, 10, 40, 2500])('draws Poisson counts whose mean and variance are %d', (lambda) => {
    const random = new Random(9);
    const count = 60_000;
    const { mean, variance } = moments(() => random.poisson(lambda), count);
    expect(Math.abs(mean - lambda)).toBeLessThan(5 * Math.sqrt(lambda / count));
    expect(Math.abs(variance / lambda - 1)).toBeLessThan(0.05);
  });

  it('shuffles a copy into a permutation', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat()), (seed, items) => {
        const before = items.slice();
        const shuffled = new Random(seed).shuffle(items);
        expect(items).toEqual(before);
        expect(shuffled.sort((a, b) => a - b)).toEqual(before.sort((a, b) => a - b));
      }),
    );
  });

  it('chooses in proportion to the weights and never an item of weight 0', () => {
    const random = new Random(2);
    const counts = { a: 0, b: 0, c: 0 };
    for (let i = 0; i < 40_000; i++) counts[random.choice(['a', 'b', 'c'] as const, [1, 0, 3])] += 1;
    expect(counts.b).toBe(0);
    expect(Math.abs(counts.c / counts.a - 3)).toBeLessThan(0.15);
  });

  it('refuses bad seeds and arguments by name', () => {
    expect(() => new Random(-1)).toThrow('seed must be an integer at least 0, got -1.');
    expect(() => new Random(1.5)).toThrow('seed must be an integer at least 0, got 1.5.');
    expect(() => new Random('x' as never)).toThrow(TypeError);
    expect(() => new Random(0).integer(3, 3)).toThrow('high must be an integer');
    expect(() => new Random(0).choice([])).toThrow('items must hold at least one item, got none.');
    expect(() => new Random(0).choice([1, 2], [0, 0])).toThrow('the sum of weights');
    expect(() => new Random(0).choice([1, 2], [1])).toThrow('weights must have one number an item, 2, got 1.');
    expect(() => new Random(0).split()).toThrow('at least one key');
    expect(() => new Random(0).poisson(-1)).toThrow('mean must be a finite number at least 0');
  });

  it('toRandom passes a generator through', () => {
    const random = new Random(1);
    expect(toRandom(random)).toBe(random);
    expect(toRandom(1).bits()).toBe(new Random(1).bits());
  });
});
