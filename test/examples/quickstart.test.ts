import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readImage, readMask } from 'segkit/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Ended, patience, runQuickstart, useBundles } from './commands.js';
import { earlierResults, useSharedFolder } from './data.js';
import { itRefuses } from './refusals.js';

describe('npm run quickstart', () => {
  const folder = useSharedFolder();
  const { at } = folder;
  const { quickQuickstart } = useBundles();
  let ended: Ended;

  beforeAll(async () => {
    earlierResults(at('quick out'));
    ended = await runQuickstart(['--short', '--seed', '3', '--out', at('quick out')]);
  }, patience);

  it('ends with one line of JSON of exactly the keys that the documents promise', () => {
    expect(ended.code, ended.stderr).toBe(0);
    const { engine, ...numbers } = JSON.parse(ended.last);
    expect(Object.keys(JSON.parse(ended.last))).toEqual([
      ...['pa', 'mpa', 'miou', 'dice', 'meanDiameterNm', 'trueMeanDiameterNm', 'd50Nm', 'trueD50Nm'],
      ...['seconds', 'engine'],
    ]);
    expect(engine).toMatch(/^(tensorflow|webgpu|onnx|wasm|cpu)$/);
    for (const key of ['pa', 'mpa', 'miou', 'dice']) expect(numbers[key], key).toBeLessThanOrEqual(1);
    for (const key of ['trueMeanDiameterNm', 'trueD50Nm', 'seconds']) expect(numbers[key], key).toBeGreaterThan(0);
    expect(ended.stdout.endsWith(`open ${at('quick out', 'report.html')}\n${ended.last}\n`)).toBe(true);
  });

  it('says what it does, and shows its progress on stderr', () => {
    expect(ended.stdout).toMatch(/^engine: .*\nsimulate 24 micrographs .*\ntrain .* on 16 of them\npredict, /);
    expect(ended.stderr).toMatch(/^(?:train: .*\n)*train: (\d+)\/\1 .*\npredict: 4\/4 .*\n$/);
  });

  it('writes weights, tables, overlays, masks and the report; what else lies there stays', async () => {
    const images = [21, 22, 23, 24].map((n) => `simulated-00${n}`);
    expect(readdirSync(at('quick out')).sort()).toEqual(
      [
        ...images.flatMap((name) => [`${name}.mask.png`, `${name}.overlay.png`]),
        ...['metrics.json', 'particles.csv', 'true-particles.csv', 'sizes.csv', 'training.csv'],
        ...['report.html', 'weights.safetensors', 'mine.txt', 'overlay.png'],
      ].sort(),
    );
    for (const name of images) {
      expect((await readMask(at('quick out', `${name}.mask.png`))).shape).toEqual([256, 256]);
      expect((await readImage(at('quick out', `${name}.overlay.png`))).shape).toEqual([256, 256, 3]);
    }
    const report = readFileSync(at('quick out', 'report.html'), 'utf8');
    expect(report).toContain('segkit quickstart');
    expect(report).not.toMatch(/(?:src|href)="(?!data:|#)/);
    expect(readFileSync(at('quick out', 'weights.safetensors')).readBigUInt64LE(0)).toBeGreaterThan(2n);
    expect(readFileSync(at('quick out', 'training.csv'), 'utf8').trim().split(/\r?\n/)).toHaveLength(4);
  });

  it('tells the numbers of the JSON in its tables too', () => {
    const [header, measured, truth] = readFileSync(at('quick out', 'sizes.csv'), 'utf8')
      .trim()
      .split('\r\n')
      .map((line) => line.split(','));
    const value = (row: readonly string[], name: string) => Number(row[header!.indexOf(name)] || Number.NaN);
    const { meanDiameterNm, trueMeanDiameterNm, d50Nm, trueD50Nm, miou } = JSON.parse(ended.last);
    expect([value(truth!, 'mean'), value(truth!, 'd50')]).toEqual([trueMeanDiameterNm, trueD50Nm]);
    expect([value(measured!, 'mean'), value(measured!, 'd50')]).toEqual([
      meanDiameterNm ?? Number.NaN,
      d50Nm ?? Number.NaN,
    ]);
    expect(JSON.parse(readFileSync(at('quick out', 'metrics.json'), 'utf8')).meanIou).toBe(miou);
  });

  describe('refuses', () => {
    beforeAll(() => writeFileSync(at('file.txt'), 'no folder'));
    itRefuses(quickQuickstart, folder, [
      { title: 'a seed that is no integer', args: () => ['--seed', '1.5'], names: ['--seed', "'1.5'"] },
      { title: 'an engine that it does not know', args: () => ['--engine', 'steam'], names: ['steam', 'wasm'] },
      { title: 'an unknown option', args: () => ['--shorts'], names: ["'--shorts'", '--short'] },
      { title: 'to write to a file', args: () => [], out: () => at('file.txt'), names: [() => at('file.txt')] },
    ]);
  });
});
