import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createImage, createMask, type Image, type Labels, type Mask } from 'segkit/core';
import { encodePng, encodeTiff } from 'segkit/io';
import { readImage, readMask, writeImage, writeLabels, writeMask } from 'segkit/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Ended, inPairs, patience, runExample, useBundles } from './commands.js';
import { contents, type Disc, earlierResults, picture, useSharedFolder } from './data.js';
import { itRefuses } from './refusals.js';

const discs: readonly Disc[] = [
  [10, 10, 5],
  [22, 20, 4],
];

describe('npm run example -- own-data', () => {
  const folder = useSharedFolder();
  const { at } = folder;
  const { example, quickExample } = useBundles();
  const first = picture(1, 32, 32, discs);
  const second = picture(2, 28, 32, [[14, 15, 6]]);
  const third = picture(3, 20, 30, [[10, 12, 5]]);

  const write = async (path: string, what: (path: string) => Promise<void>) => {
    mkdirSync(join(path, '..'), { recursive: true });
    await what(path);
  };
  const image = (path: string, data: Image) => write(at(path), (file) => writeImage(file, data));
  const mask = (path: string, data: Mask) => write(at(path), (file) => writeMask(file, data));
  const labels = (path: string, data: Labels) => write(at(path), (file) => writeLabels(file, data));
  const times = ({ data, shape }: Mask, factor: number) =>
    createMask(
      data.map((value) => value * factor),
      shape,
    );
  const sixteen = ({ data, shape }: Image) =>
    createImage(
      Uint16Array.from(data, (value) => value * 250),
      shape,
    );
  const coloured = ({ data, shape }: Image) =>
    createImage(
      Uint8Array.from({ length: data.length * 3 }, (_, i) => data[Math.floor(i / 3)]! - (i % 3)),
      [...shape, 3],
    );

  const train = (set: string, out: string, ...more: readonly string[]) => [
    ...['own-data', '--train', at(set, 'train'), '--test', at(set, 'test'), '--classes', '2'],
    ...['--out', at(out), ...more],
  ];
  /** Ends the training after a step. */
  const briefly = ['--minutes', '0.001'];
  let runs: Record<string, Ended> = {};

  beforeAll(async () => {
    // images/ and masks/ of 0 and 255; names that differ only in what file names may not hold elsewhere.
    for (const [name, { image: shown, mask: truth }] of Object.entries({ a: first, b: second, c: third, d: first })) {
      await image(`masks/train/images/${name}.png`, shown);
      await mask(`masks/train/masks/${name}.png`, times(truth, 255));
    }
    await image('masks/test/images/x 1.png', second.image);
    await mask('masks/test/masks/x 1.png', second.mask);
    await image('masks/test/images/x+1.png', third.image);
    await mask('masks/test/masks/x+1.png', times(third.mask, 255));
    // images/ and segmaps/, TIFF of 16 and 32 bits.
    await image('segmaps/train/images/a.tif', sixteen(first.image));
    await labels('segmaps/train/segmaps/a.tif', first.labels);
    await image('segmaps/test/images/b.tiff', sixteen(second.image));
    await labels('segmaps/test/segmaps/b.png', second.labels);
    // images/ and labels/ with instance ids, and with three classes.
    for (const part of ['train', 'test']) {
      await image(`labels/${part}/images/粒子 é.png`, first.image);
      await labels(`labels/${part}/labels/粒子 é.png`, first.labels);
    }
    // Pairs in one folder: colour to train on, grey to test.
    await image('pairs/train/a.image.png', coloured(first.image));
    await mask('pairs/train/a.label.png', first.mask);
    await image('pairs/test/b.image.tif', second.image);
    await mask('pairs/test/b.label.tif', second.mask);

    const commands: Record<string, () => Promise<Ended>> = {
      masks: () => runExample(train('masks', 'out masks', '--epochs', '1', '--pixel-size', '0.5', '--unit', 'nm')),
      segmaps: () => example(train('segmaps', 'out segmaps', ...briefly)),
      instances: () => example(train('labels', 'out instances', ...briefly, '--label-kind', 'instance')),
      classes: () => example(train('labels', 'out classes', ...briefly, '--label-kind', 'class', '--classes', '3')),
      pairs: () => example(train('pairs', 'out pairs', ...briefly, '--seed', '7')),
    };
    const names = Object.keys(commands);
    const ended = await inPairs(names.map((name) => commands[name]!));
    runs = Object.fromEntries(names.map((name, index) => [name, ended[index]!]));
  }, patience);

  const result = (name: string) => {
    const { code, stderr, last } = runs[name]!;
    expect(code, stderr).toBe(0);
    return JSON.parse(last);
  };
  const always = ['metrics.json', 'report.html', 'training.csv', 'weights.safetensors'];

  it('ends with one line of JSON, and shows its progress on stderr', () => {
    const parsed = result('masks');
    expect(Object.keys(parsed)).toEqual([
      ...['pa', 'mpa', 'miou', 'dice', 'iou', 'particles', 'unit', 'epochs', 'seconds', 'engine'],
    ]);
    expect(parsed).toMatchObject({ unit: 'nm', epochs: 1 });
    for (const key of ['pa', 'mpa', 'miou', 'dice']) {
      expect(parsed[key], key).toBeGreaterThanOrEqual(0);
      expect(parsed[key], key).toBeLessThanOrEqual(1);
    }
    expect(parsed.iou).toHaveLength(2);
    // One whole disc an image; 113 pixels of 0.25 nm² and 81 of them.
    const truth = [113, 81].map((pixels) => Math.sqrt((4 * pixels * 0.25) / Math.PI));
    expect(parsed.particles).toHaveLength(1);
    expect(parsed.particles[0].trueCount).toBe(2);
    expect(parsed.particles[0].trueMeanDiameter).toBeCloseTo((truth[0]! + truth[1]!) / 2, 12);
    expect(runs.masks!.stdout).toContain('3 images to train on, 1 to validate, 2 to test; grey\n');
    expect(runs.masks!.stdout.endsWith(`open ${at('out masks', 'report.html')}\n${runs.masks!.last}\n`)).toBe(true);
    expect(runs.masks!.stderr).toMatch(/^(?:train: .*\n)*train: (\d+)\/\1 .*\npredict: 2\/2 .*\n$/);
  });

  it('writes masks, overlays, tables and weights; images of like names do not overwrite each other', async () => {
    expect(readdirSync(at('out masks')).sort()).toEqual(
      [
        ...[...always, 'particles.csv', 'true-particles.csv', 'sizes.csv'],
        ...['x_1.mask.png', 'x_1.overlay.png', 'x_1-2.mask.png', 'x_1-2.overlay.png'],
      ].sort(),
    );
    const shapes = await Promise.all(['x_1', 'x_1-2'].map((name) => readMask(at('out masks', `${name}.mask.png`))));
    expect(shapes.map(({ shape }) => shape)).toEqual([second, third].map((one) => one.image.shape));
    const overlay = await readImage(at('out masks', 'x_1-2.overlay.png'));
    expect(overlay.shape).toEqual([20, 30, 3]);
    const truth = readFileSync(at('out masks', 'true-particles.csv'), 'utf8').trimEnd().split('\r\n');
    expect(truth.slice(1).map((row) => row.split(',')[0])).toEqual(['x_1', 'x_1-2']);
  });

  it('logs the training, and stops it by the clock', () => {
    const log = readFileSync(at('out masks', 'training.csv'), 'utf8').trim().split(/\r?\n/);
    expect(log).toHaveLength(2);
    expect(log[0]).toContain('trainLoss');
    expect(log[0]).toContain('miou');
    expect(result('segmaps').epochs).toBe(1);
    expect(readFileSync(at('out segmaps', 'report.html'), 'utf8')).toContain('maxMinutes');
  });

  it('reads segmaps as ids, and labels as ids where told to', () => {
    expect(result('segmaps').particles[0].trueCount).toBe(1);
    expect(result('segmaps').unit).toBe('px');
    // The two discs touch neither each other nor the border: 81 and 49 pixels.
    const diameters = [81, 49].map((pixels) => Math.sqrt((4 * pixels) / Math.PI));
    expect(result('instances').particles[0].trueCount).toBe(2);
    expect(result('instances').particles[0].trueMeanDiameter).toBeCloseTo((diameters[0]! + diameters[1]!) / 2, 12);
    expect(readdirSync(at('out instances'))).toContain('粒子_é.mask.png');
  });

  it('tells classes apart, with a table of particles each', () => {
    const parsed = result('classes');
    expect(parsed.iou).toHaveLength(3);
    expect(parsed.particles.map(({ trueCount }: { trueCount: number }) => trueCount)).toEqual([1, 1]);
    for (const name of ['particles-class-1.csv', 'particles-class-2.csv', 'true-particles-class-2.csv'])
      expect(existsSync(at('out classes', name)), name).toBe(true);
    const truth = readFileSync(at('out classes', 'true-particles-class-2.csv'), 'utf8').trimEnd().split('\r\n');
    expect(truth).toHaveLength(2);
    expect(truth[1]!.split(',')[truth[0]!.split(',').indexOf('numPixels')]).toBe('49');
  });

  it('takes pairs in one folder, and grey images beside coloured ones', () => {
    expect(result('pairs').particles[0].trueCount).toBe(1);
    expect(runs.pairs!.stdout).toContain('1 images to train on, 0 to validate, 1 to test; rgb\n');
    expect(
      readdirSync(at('out pairs'))
        .filter((name) => always.includes(name))
        .sort(),
    ).toEqual(always);
  });

  describe('interrupted in the middle of the training', () => {
    const trained = (out: string) => () =>
      readdirSync(at(out), { recursive: true, withFileTypes: true }).some(
        ({ name, parentPath }) =>
          name === 'training.csv' &&
          parentPath !== at(out) &&
          readFileSync(join(parentPath, name), 'utf8').trim().split('\n').length > 1,
      );
    const interrupt = async (signal: NodeJS.Signals) => {
      const out = `out ${signal}`;
      earlierResults(at(out));
      const before = contents(at(out));
      const ended = await example(train('labels', out, '--label-kind', 'instance', '--epochs', '1000'), {
        signal,
        when: trained(out),
      });
      return { ended, before, after: contents(at(out)) };
    };
    let interrupted: Awaited<ReturnType<typeof interrupt>>[] = [];
    beforeAll(async () => {
      interrupted = await inPairs([() => interrupt('SIGINT'), () => interrupt('SIGKILL')]);
    }, patience);

    it('by Ctrl-C: exit code 130, one line, earlier results as they were, nothing left', () => {
      const { ended, before, after } = interrupted[0]!;
      expect(ended.code, ended.stderr).toBe(130);
      expect(ended.stderr).toMatch(/^(train: .*\n)*stopped; earlier results are as they were\n$/);
      expect(ended.stdout).not.toContain('{');
      expect(after).toEqual(before);
    });

    it('by kill -9: earlier results as they were, one hidden folder left', () => {
      const { ended, before, after } = interrupted[1]!;
      expect(ended.signal).toBe('SIGKILL');
      const left = Object.keys(after).filter((path) => !(path in before));
      expect(after).toMatchObject(before);
      expect(left.every((path) => path.startsWith('.segkit-partial-'))).toBe(true);
      expect(new Set(left.map((path) => path.split('/')[0])).size).toBe(1);
    });
  });

  describe('refuses', () => {
    beforeAll(async () => {
      mkdirSync(at('empty'));
      mkdirSync(at('hollow/images'), { recursive: true });
      mkdirSync(at('hollow/masks'), { recursive: true });
      for (const set of ['sizes', 'damaged', 'alone', 'nan']) await image(`${set}/images/a.png`, first.image);
      await mask('sizes/masks/a.png', second.mask);
      const png = await encodePng(first.image);
      for (const set of ['damaged', 'alone', 'nan']) await mask(`${set}/masks/a.png`, first.mask);
      writeFileSync(at('damaged/images/b.png'), png.subarray(0, png.length / 2));
      await mask('damaged/masks/b.png', first.mask);
      await image('alone/images/b.png', first.image);
      const holes = createImage(Float32Array.from(first.image.data), first.image.shape);
      holes.data[33] = Number.NaN;
      writeFileSync(at('nan/images/b.tif'), encodeTiff(holes));
      await mask('nan/masks/b.png', first.mask);
      writeFileSync(at('file.txt'), 'no folder');
    });
    const good = (trainOn = 'masks/train', testOn = 'masks/test', classes = '2') => [
      ...['own-data', '--train', at(trainOn), '--test', at(testOn), '--classes', classes],
    ];
    itRefuses(quickExample, folder, [
      { title: 'a folder that does not exist', args: () => good('none'), names: ['no such folder', () => at('none')] },
      { title: 'a test folder that does not exist', args: () => good(undefined, 'none'), names: [() => at('none')] },
      {
        title: 'a file for a folder',
        args: () => good('file.txt'),
        names: ['expected a folder', () => at('file.txt')],
      },
      { title: 'an empty folder', args: () => good('empty'), names: ['empty', () => at('empty')] },
      { title: 'a folder of empty folders', args: () => good('hollow'), names: ['no images', () => at('hollow')] },
      {
        title: 'an image and a mask of different sizes',
        args: () => good('sizes'),
        names: ['32 x 32', '28 x 32', () => at('sizes/images/a.png'), () => at('sizes/masks/a.png')],
      },
      {
        title: 'a truncated PNG in the test folder',
        args: () => good(undefined, 'damaged'),
        names: [() => at('damaged/images/b.png'), 'ends'],
      },
      { title: 'an image without a label', args: () => good('alone'), names: [() => at('alone/images/b.png')] },
      {
        title: 'a class out of range',
        args: () => good('labels/train'),
        names: ['class', '2', () => at('labels/train/labels/粒子 é.png'), 'instance'],
      },
      {
        title: 'three classes of instances',
        args: () => [...good('labels/train', 'labels/test', '3'), '--label-kind', 'instance'],
        names: ['classes', '3', 'instances'],
      },
      { title: 'samples that are no numbers', args: () => good('nan'), names: [() => at('nan/images/b.tif'), 'NaN'] },
      { title: 'one class', args: () => good(undefined, undefined, '1'), names: ['--classes', "'1'", '2 or more'] },
      { title: '300 classes', args: () => good(undefined, undefined, '300'), names: ['classes', '256', '300'] },
      { title: 'no minute', args: () => [...good(), '--minutes', '0'], names: ['--minutes', "'0'", 'above 0'] },
      { title: 'half an epoch', args: () => [...good(), '--epochs', '0.5'], names: ['--epochs', "'0.5'"] },
      { title: 'an unknown option', args: () => [...good(), '--epoch', '3'], names: ["'--epoch'", '--epochs'] },
      { title: 'a missing option', args: () => good().slice(0, 3), names: ['--test'] },
      { title: 'to write to a file', args: () => good(), out: () => at('file.txt'), names: [() => at('file.txt')] },
    ]);
  });
});
