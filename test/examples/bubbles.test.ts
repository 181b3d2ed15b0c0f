import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createMask } from 'segkit/core';
import { cvatToMask, encodePng, parseCvatXml } from 'segkit/io';
import { readImage, writeImage, writeMask } from 'segkit/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Ended, inPairs, patience, runExample, useBundles } from './commands.js';
import { cvatFile, cvatImage, type Disc, earlierResults, picture, useSharedFolder } from './data.js';
import { itRefuses } from './refusals.js';

const [height, width] = [40, 48];
const firstDiscs: readonly Disc[] = [
  [12, 14, 6],
  [28, 34, 5],
];
const secondDiscs: readonly Disc[] = [[20, 22, 8]];

describe('npm run example -- bubbles', () => {
  const folder = useSharedFolder();
  const { at } = folder;
  const { example, quickExample } = useBundles();
  const first = picture(1, height, width, firstDiscs);
  const second = picture(2, height, width, secondDiscs);
  const firstXml = cvatImage('a.png', height, width, firstDiscs);
  const secondXml = cvatImage('b.png', height, width, secondDiscs);
  const pair = (image: string, other: string) => `${at(image)}=${at(other)}`;
  let byMask: Ended;
  let byXml: Ended;

  beforeAll(async () => {
    await writeImage(at('a.png'), first.image);
    await writeImage(at('b.png'), second.image);
    mkdirSync(at('run=2#1'));
    copyFileSync(at('b.png'), at('run=2#1/renamed.png'));
    writeFileSync(at('a.xml'), cvatFile(firstXml));
    writeFileSync(at('run=2#1/both.xml'), cvatFile(secondXml, firstXml));
    const { images } = parseCvatXml(cvatFile(secondXml));
    const truth = cvatToMask(images[0]!, { classes: ['Bubble'] });
    await writeMask(
      at('b.mask.png'),
      createMask(
        truth.data.map((value) => value * 255),
        truth.shape,
      ),
    );
    earlierResults(at('by mask'));
    [byMask, byXml] = (await inPairs([
      () =>
        runExample([
          ...['bubbles', '--train', pair('a.png', 'a.xml'), '--test', pair('b.png', 'b.mask.png')],
          ...['--out', at('by mask'), '--steps', '2', '--seed', '5'],
        ]),
      () =>
        example([
          ...['bubbles', '--train', pair('a.png', 'run=2#1/both.xml')],
          ...['--test', pair('run=2#1/renamed.png', 'run=2#1/both.xml#b.png')],
          ...['--out', at('by xml'), '--steps', '2', '--seed', '5'],
        ]),
    ])) as [Ended, Ended];
  }, patience);

  it('ends with one line of JSON, and shows its progress on stderr', () => {
    const { code, stdout, stderr, last } = byMask;
    expect(code, stderr).toBe(0);
    const result = JSON.parse(last);
    expect(Object.keys(result)).toEqual(['iou', 'dice', 'threshold', 'seconds']);
    expect(result.iou).toBeGreaterThanOrEqual(0);
    // Dice and IoU of one class: D = 2 I / (1 + I).
    expect(result.dice).toBeCloseTo((2 * result.iou) / (1 + result.iou), 12);
    expect(result.threshold).toBeGreaterThanOrEqual(0.3);
    expect(result.threshold).toBeLessThanOrEqual(0.7);
    expect(stdout).toContain('on patches of 40 x 40 from a.png');
    expect(stdout.endsWith(`open ${at('by mask', 'report.html')}\n${last}\n`)).toBe(true);
    expect(stderr).toMatch(/^(train: .*\n)*train: 2\/2 .*\n$/);
  });

  it('writes masks, an overlay, the weights and the report', async () => {
    expect(readdirSync(at('by xml')).sort()).toEqual([
      ...['overlay.png', 'prediction.png', 'report.html', 'training.csv', 'weights.safetensors'],
    ]);
    expect((await readImage(at('by xml', 'overlay.png'))).shape).toEqual([height, width, 3]);
    const prediction = await readImage(at('by xml', 'prediction.png'));
    expect(prediction.shape).toEqual([height, width]);
    expect([...new Set(prediction.data)].filter((value) => value !== 0 && value !== 255)).toEqual([]);
    expect(readFileSync(at('by mask', 'mine.txt'), 'utf8')).toBe('earlier mine.txt');
  });

  it('gives the same numbers for the mask as PNG, by name from a file of two images, and by FILE.xml#NAME', () => {
    expect(byXml.code, byXml.stderr).toBe(0);
    const numbers = ({ last }: Ended) => ({ ...JSON.parse(last), seconds: undefined });
    expect(numbers(byXml)).toEqual(numbers(byMask));
    const weights = (out: string) => readFileSync(at(out, 'weights.safetensors'));
    expect(weights('by xml').equals(weights('by mask'))).toBe(true);
  });

  describe('refuses', () => {
    beforeAll(async () => {
      const png = await encodePng(first.image);
      writeFileSync(at('truncated.png'), png.subarray(0, png.length / 2));
      writeFileSync(at('malformed.xml'), cvatFile(firstXml).replace('</image>', ''));
      writeFileSync(at('video.xml'), '<annotations><track id="0" label="Bubble"></track></annotations>');
      writeFileSync(at('other.xml'), '<html></html>');
      writeFileSync(at('unlabelled.xml'), cvatFile(cvatImage('a.png', height, width, [])));
      await writeImage(at('tiny.png'), picture(1, 24, 24, firstDiscs).image);
      writeFileSync(at('tiny.xml'), cvatFile(cvatImage('tiny.png', 24, 24, [[12, 12, 5]])));
    });
    const train = (image = 'a.png', other = 'a.xml') => ['bubbles', '--train', pair(image, other)];
    const test = (image = 'b.png', other = 'b.mask.png') => ['--test', pair(image, other)];
    itRefuses(quickExample, folder, [
      {
        title: 'an image that does not exist',
        args: () => [...train('none.png'), ...test()],
        names: [() => at('none.png')],
      },
      {
        title: 'an XML that does not exist',
        args: () => [...train('a.png', 'none.xml'), ...test()],
        names: ['no such file', () => at('none.xml')],
      },
      {
        title: 'a test mask that does not exist',
        args: () => [...train(), ...test('b.png', 'none.png')],
        names: [() => at('none.png')],
      },
      {
        title: 'malformed XML',
        args: () => [...train('a.png', 'malformed.xml'), ...test()],
        names: [() => at('malformed.xml')],
      },
      {
        title: 'CVAT for video',
        args: () => [...train('a.png', 'video.xml'), ...test()],
        names: [() => at('video.xml'), 'CVAT for images 1.1'],
      },
      {
        title: 'XML of another kind',
        args: () => [...train(), ...test('b.png', 'other.xml')],
        names: [() => at('other.xml'), '<annotations>'],
      },
      {
        title: 'a name that the XML does not hold',
        args: () => [...train(), ...test('b.png', 'run=2#1/both.xml#c.png')],
        names: ['"c.png"', 'a.png', 'b.png', () => at('run=2#1/both.xml')],
      },
      {
        title: 'an image and an XML of different sizes',
        args: () => [...train('tiny.png'), ...test()],
        names: ['24 x 24', '40 x 48', () => at('a.xml'), () => at('tiny.png')],
      },
      {
        title: 'nothing labelled',
        args: () => [...train('a.png', 'unlabelled.xml'), ...test()],
        names: [() => at('unlabelled.xml')],
      },
      {
        title: 'a truncated PNG',
        args: () => [...train(), ...test('b.png', 'truncated.png')],
        names: [() => at('truncated.png')],
      },
      {
        title: 'images too small',
        args: () => [...train('tiny.png', 'tiny.xml'), ...test()],
        names: ['32 x 32', '24 x 24', 'tiny.png'],
      },
      { title: 'a path alone', args: () => ['bubbles', '--train', at('a.png'), ...test()], names: ['--train', '"="'] },
      { title: 'no step', args: () => [...train(), ...test(), '--steps', '0'], names: ['--steps', "'0'"] },
      { title: 'no minute', args: () => [...train(), ...test(), '--minutes', '0'], names: ['--minutes', "'0'"] },
      { title: 'an unknown option', args: () => [...train(), ...test(), '--step', '2'], names: ["'--step'"] },
      { title: 'a missing option', args: () => train(), names: ['--test'] },
      {
        title: 'to write to a file',
        args: () => [...train(), ...test()],
        out: () => at('a.xml'),
        names: ['expected a folder', () => at('a.xml')],
      },
    ]);
  });
});
