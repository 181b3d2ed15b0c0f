import { Random } from 'segkit/core';
import { type SimulateDatasetOptions, simulateDataset, simulateMicrograph } from 'segkit/simulate';
import { expect, it } from 'vitest';

const small = { height: 64, width: 64 };

it('gives each picture a stream of its own, whatever their number', () => {
  const two = simulateDataset({ count: 2, seed: 9, ...small });
  const four = simulateDataset({ count: 4, seed: 9, ...small });
  expect(four.slice(0, 2)).toEqual(two);
  expect(four[2]!.image.data).not.toEqual(four[3]!.image.data);
  expect(four.map(({ id }) => id)).toEqual(['simulated-0001', 'simulated-0002', 'simulated-0003', 'simulated-0004']);
  const { id, mode, ...third } = four[2]!;
  expect([id, mode]).toEqual(['simulated-0003', 'darkField']);
  expect(simulateMicrograph({ seed: new Random(9).split(2), ...small })).toEqual(third);
});

it('mixes the modes on request', () => {
  const samples = simulateDataset({
    count: 30,
    seed: 1,
    mode: ['darkField', 'brightField'],
    particleCount: 2,
    ...small,
  });
  const dark = samples.filter(({ mode }) => mode === 'darkField');
  expect(dark.length).toBeGreaterThan(5);
  expect(dark.length).toBeLessThan(25);
  expect(samples.every(({ particles }) => particles.length === 2)).toBe(true);
  expect(simulateDataset({ count: 0, seed: 1 })).toEqual([]);
});

it('refuses what it does not know', () => {
  const of = (options: object) => () => simulateDataset({ count: 1, seed: 1, ...options } as SimulateDatasetOptions);
  expect(of({ count: 1.5 })).toThrow(/count must be an integer at least 0, got 1.5/);
  expect(of({ mode: [] })).toThrow(/mode must name at least one mode/);
  expect(of({ mode: ['x'] })).toThrow(/mode must be one of "darkField", "brightField", got "x"/);
  expect(of({ modes: 1 })).toThrow(/simulateDataset has no option "modes"/);
});
