import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createImage } from 'segkit/core';
import { decodePng, encodePng, encodeTiff } from 'segkit/io';
import { readImage, writeImage, writeLabels, writeMask } from 'segkit/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Ended, inPairs, patience, runExample, useBundles } from './commands.js';
import { type Disc, earlierResults, picture, useSharedFolder } from './data.js';
import { itRefuses } from './refusals.js';

// 197, 81 and 29 pixels.
const discs: readonly Disc[] = [
  [15, 20, 8],
  [15, 60, 5],
  [40, 40, 3],
];
const [height, width] = [60, 80];

/** Diameter of the disc of the same area, for a pixel of edge 0.5. */
const diameter = (pixels: number) => Math.sqrt((4 * pixels * 0.25) / Math.PI);

describe('npm run example -- measure', () => {
  const folder = useSharedFolder();
  const { quickExample } = useBundles();
  const { image, labels, mask } = picture(1, height, width, discs);
  const cut = picture(2, height, width, [...discs, [30, 0, 4]]);
  const touching = picture(3, height, width, [
    [20, 20, 5],
    [20, 31, 5],
  ]);
  let runs: Record<string, Ended> = {};

  beforeAll(async () => {
    await writeImage(folder.at('image.png'), image);
    await writeMask(folder.at('mask.png'), mask);
    await writeMask(folder.at('cut.png'), cut.mask);
    await writeLabels(folder.at('touching.tif'), touching.labels);
    await writeLabels(folder.at('labels.png'), labels);
    const deep = createImage(
      Uint16Array.from(image.data, (value) => value * 200),
      image.shape,
    );
    await writeImage(folder.at('deep 16.png'), deep);
    writeFileSync(
      folder.at('мікрограф ü.tif'),
      encodeTiff(
        createImage(
          Float32Array.from(image.data, (value) => value / 255),
          image.shape,
        ),
      ),
    );
    const colours = createImage(
      Uint8Array.from({ length: height * width * 3 }, (_, i) => image.data[Math.floor(i / 3)]!),
      [height, width, 3],
    );
    await writeImage(folder.at('colour.png'), colours);
    await writeMask(folder.at('white.png'), picture(1, height, width, discs).mask);
    writeFileSync(
      folder.at('white.png'),
      await encodePng(
        createImage(
          mask.data.map((value) => value * 255),
          mask.shape,
        ),
      ),
    );
    await writeMask(folder.at('nothing.png'), picture(1, height, width, []).mask);
    // Discs of 200 and 80 on 20: Otsu's threshold lies at 95, Li's at 51.
    const levels = [200, 80, 80];
    await writeImage(
      folder.at('levels.png'),
      createImage(
        Uint8Array.from(labels.data, (id, i) => 18 + (image.data[i]! % 5) + (id > 0 ? levels[id - 1]! - 20 : 0)),
        image.shape,
      ),
    );
    earlierResults(folder.at('plain'));

    const half = ['--pixel-size', '0.5'];
    const to = (out: string) => ['--out', folder.at(out)];
    const at = folder.at;
    const commands: Record<string, () => Promise<Ended>> = {
      plain: () =>
        runExample(['measure', at('image.png'), '--mask', at('mask.png'), ...half, '--unit', 'nm', ...to('plain')]),
      white: () =>
        quickExample(['measure', at('мікрограф ü.tif'), '--mask', at('white.png'), ...half, ...to('out ü/粒')]),
      border: () => quickExample(['measure', at('deep 16.png'), '--mask', at('cut.png'), ...half, ...to('border')]),
      excluded: () =>
        quickExample([
          ...['measure', at('colour.png'), '--mask', at('cut.png'), ...half],
          ...['--exclude-border', ...to('excluded')],
        ]),
      joined: () =>
        quickExample([
          ...['measure', at('image.png'), '--mask', at('touching.tif'), '--instances', '--pixel-size', '2'],
          ...['--unit', 'um', '--profile', 'imagej', ...to('joined')],
        ]),
      otsu: () => quickExample(['measure', at('levels.png'), '--automatic', '--min-size', '9', ...half, ...to('otsu')]),
      li: () =>
        quickExample([
          ...['measure', at('levels.png'), '--automatic', '--threshold', 'li', '--min-size', '9'],
          ...[...half, ...to('li')],
        ]),
      nothing: () => quickExample(['measure', at('image.png'), '--mask', at('nothing.png'), ...half, ...to('nothing')]),
    };
    const names = Object.keys(commands);
    const ended = await inPairs(names.map((name) => commands[name]!));
    runs = Object.fromEntries(names.map((name, index) => [name, ended[index]!]));
  }, patience);

  const rows = (out: string) =>
    readFileSync(folder.at(out, 'particles.csv'), 'utf8')
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','));
  const column = (out: string, name: string) => {
    const [header, ...body] = rows(out);
    const at = header!.indexOf(name);
    expect(at, `${name} in ${header}`).toBeGreaterThanOrEqual(0);
    return body.map((row) => row[at]);
  };

  it('ends with one line of JSON: discs of 197, 81 and 29 pixels of 0.5 nm', () => {
    const { code, stderr, last, stdout } = runs.plain!;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`open ${folder.at('plain', 'report.html')}\n${last}\n`);
    const [large, middle, small] = [diameter(197), diameter(81), diameter(29)];
    const mean = (large + middle + small) / 3;
    const result = JSON.parse(last);
    expect(Object.keys(result)).toEqual(['count', 'mean', 'standardDeviation', 'd10', 'd50', 'd90', 'unit']);
    expect(result).toMatchObject({ count: 3, unit: 'nm' });
    expect(result.mean).toBeCloseTo(mean, 12);
    const squares = (large - mean) ** 2 + (middle - mean) ** 2 + (small - mean) ** 2;
    expect(result.standardDeviation).toBeCloseTo(Math.sqrt(squares / 2), 12);
    expect(result.d50).toBeCloseTo(middle, 12);
    // Between order statistics, linearly: rank 0.1 * 2 = 0.2 and 0.9 * 2 = 1.8.
    expect(result.d10).toBeCloseTo(small + 0.2 * (middle - small), 12);
    expect(result.d90).toBeCloseTo(middle + 0.8 * (large - middle), 12);
  });

  it('writes a table with the pixels, areas and places of the particles', () => {
    expect(column('plain', 'numPixels')).toEqual(['197', '81', '29']);
    expect(column('plain', 'area_nm2')).toEqual(['49.25', '20.25', '7.25']);
    expect(column('plain', 'centroidRow_nm')).toEqual(['7.5', '7.5', '20']);
    expect(column('plain', 'centroidColumn_pixels')).toEqual(['20', '60', '40']);
    expect(column('plain', 'touchesBorder')).toEqual(['false', 'false', 'false']);
  });

  it('writes an overlay of the size of the image, coloured where particles are', async () => {
    const overlay = await readImage(folder.at('plain', 'overlay.png'));
    expect(overlay.shape).toEqual([height, width, 3]);
    const coloured = (row: number, x: number) => new Set([0, 1, 2].map((c) => overlay.get(row, x, c))).size > 1;
    expect([coloured(15, 20), coloured(15, 60), coloured(40, 40), coloured(50, 70)]).toEqual([true, true, true, false]);
  });

  it('writes a report that needs no other file', () => {
    const page = readFileSync(folder.at('plain', 'report.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/i);
    expect(page).toContain('Mean diameter');
    expect(page).not.toMatch(/(?:src|href)="(?!data:|#)/);
  });

  it('replaces earlier results of the same names, and no others', () => {
    expect(readFileSync(folder.at('plain', 'mine.txt'), 'utf8')).toBe('earlier mine.txt');
    expect(readFileSync(folder.at('plain', 'report.html'), 'utf8')).not.toContain('earlier');
  });

  it('gives the same numbers for a 32-bit TIFF, a mask of 0 and 255, and names of any script', () => {
    expect(runs.white).toMatchObject({ code: 0, stderr: '', last: runs.plain!.last });
    expect(rows('out ü/粒')).toEqual(rows('plain'));
  });

  it('counts particles that the border cuts unless --exclude-border', async () => {
    // Columns 0..4 of a disc of radius 4: 9 + 7 + 7 + 5 + 1 = 29 pixels of 49.
    expect(column('border', 'numPixels').sort()).toEqual(['197', '29', '29', '81']);
    expect(column('border', 'touchesBorder').sort()).toEqual(['false', 'false', 'false', 'true']);
    expect(JSON.parse(runs.border!.last).count).toBe(4);
    expect(runs.excluded!.last).toBe(runs.plain!.last);
    for (const out of ['border', 'excluded']) {
      const { data, shape } = await decodePng(readFileSync(folder.at(out, 'overlay.png')));
      expect({ shape, bytes: data.BYTES_PER_ELEMENT }).toEqual({ shape: [height, width, 3], bytes: 1 });
    }
  });

  it('keeps particles that touch apart with --instances, in other units, by the formulas of ImageJ', () => {
    const result = JSON.parse(runs.joined!.last);
    expect(result).toMatchObject({ count: 2, standardDeviation: 0, unit: 'um' });
    expect(result.mean).toBeCloseTo(Math.sqrt((4 * 81 * 4) / Math.PI), 12);
    expect(column('joined', 'area_um2')).toEqual(['324', '324']);
    // Between pixel corners: the edge from (5.5, 0.5) to (4.5, 3.5) is 17 / sqrt(10) pixels from the centre.
    for (const feret of column('joined', 'feretMin_um'))
      expect(Number(feret)).toBeCloseTo((4 * 17) / Math.sqrt(10), 12);
  });

  it('reports no particle as such', () => {
    expect(runs.nothing).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(runs.nothing!.last)).toMatchObject({ count: 0, mean: null });
    expect(rows('nothing')).toHaveLength(1);
    expect(readFileSync(folder.at('nothing', 'report.html'), 'utf8')).toContain('No particle was found.');
  });

  it('finds particles by the threshold asked for: Li finds dim ones that Otsu leaves out', () => {
    expect([runs.otsu!.code, runs.li!.code]).toEqual([0, 0]);
    expect(column('otsu', 'numPixels')).toHaveLength(1);
    expect(column('li', 'numPixels')).toHaveLength(3);
    expect(readFileSync(folder.at('li', 'report.html'), 'utf8')).toMatch(/threshold<\/[^>]+>\s*<[^>]+>li</);
  });

  describe('refuses', () => {
    const at = folder.at;
    beforeAll(async () => {
      const png = await encodePng(image);
      writeFileSync(at('truncated.png'), png.subarray(0, png.length / 2));
      await writeMask(at('small.png'), picture(1, 30, 40, discs).mask);
      writeFileSync(at('text.png'), 'no picture');
      const holes = createImage(Float32Array.from(image.data), image.shape);
      holes.data[7] = Number.NaN;
      writeFileSync(at('nan.tif'), encodeTiff(holes));
    });
    const good = (picture = 'image.png', labelled = 'mask.png') => [
      ...['measure', at(picture), '--mask', at(labelled), '--pixel-size', '0.5'],
    ];
    itRefuses(quickExample, folder, [
      { title: 'an image that does not exist', args: () => good('none.png'), names: ['no such', () => at('none.png')] },
      { title: 'a mask that does not exist', args: () => good('image.png', 'none.png'), names: [() => at('none.png')] },
      { title: 'a truncated PNG', args: () => good('truncated.png'), names: [() => at('truncated.png'), 'ends'] },
      { title: 'a truncated mask', args: () => good('image.png', 'truncated.png'), names: [() => at('truncated.png')] },
      { title: 'a text', args: () => good('text.png'), names: [() => at('text.png'), 'PNG, TIFF, JPEG'] },
      { title: 'a folder', args: () => good('.'), names: ['expected a file, got a folder', () => at('.')] },
      {
        title: 'an image and a mask of different sizes',
        args: () => good('image.png', 'small.png'),
        names: ['60 x 80', '30 x 40', () => at('image.png'), () => at('small.png')],
      },
      {
        title: 'ids without --instances',
        args: () => good('image.png', 'labels.png'),
        names: ['--instances', () => at('labels.png')],
      },
      { title: 'an image with samples that are no numbers', args: () => good('nan.tif'), names: [() => at('nan.tif')] },
      { title: 'a pixel size of 0', args: () => [...good(), '--pixel-size', '0'], names: ['--pixel-size', "'0'"] },
      {
        title: 'a unit that it does not know',
        args: () => [...good(), '--unit', 'ell'],
        names: ['--unit', 'ell', 'nm'],
      },
      {
        title: 'a unit without a pixel size',
        args: () => ['measure', at('image.png'), '--mask', at('mask.png'), '--unit', 'um'],
        names: ['--unit', '--pixel-size'],
      },
      {
        title: 'a threshold for a mask',
        args: () => [...good(), '--threshold', 'li'],
        names: ['--threshold', '--automatic'],
      },
      {
        title: 'a threshold that it does not know',
        args: () => [...good(), '--automatic', '--threshold', 'best'],
        names: ['--threshold', 'best', 'li'],
      },
      { title: 'an unknown option', args: () => [...good(), '--instance'], names: ["'--instance'", '--instances'] },
      { title: 'a missing option', args: () => ['measure', at('image.png')], names: ['--mask'] },
      { title: 'a missing image', args: () => ['measure', ...good().slice(2)], names: ['image'] },
      { title: 'an argument too many', args: () => [...good(), 'more'], names: ['too many arguments'] },
      { title: 'to write to a file', args: good, out: () => at('image.png'), names: [() => at('image.png')] },
      { title: 'to write below a file', args: good, out: () => at('mask.png', 'out'), names: [() => at('mask.png')] },
      { title: 'an empty name for the output', args: good, out: () => '', names: ['folder', '""'] },
      { title: 'a command that it does not know', args: () => ['measures', ...good().slice(1)], names: ['measures'] },
    ]);
  });
});

const bam = join(process.env.SEGKIT_DATA ?? '../shared/data', 'bam_tio2');

describe.skipIf(!existsSync(bam))('measure on an SEM picture (skipped where SEGKIT_DATA has no bam_tio2)', () => {
  const folder = useSharedFolder();
  const { quickExample } = useBundles();
  it('reads the pixel size of Zeiss, cuts the data bar off, and shows both distributions in nm', {
    timeout: patience,
  }, async () => {
    const { code, last } = await quickExample([
      ...['measure', join(bam, '1908248.tif'), '--mask', join(bam, '1908248_m.tif'), '--connectivity', '4'],
      ...['--data-bar', '64', '--automatic', '--out', folder.at('sem')],
    ]);
    expect(code).toBe(0);
    const result = JSON.parse(last) as { count: number; d50: number; unit: string; automatic: { d50: number } };
    expect(result).toMatchObject({ count: 142, unit: 'nm' });
    // Particles of 178.6 nm at the median; a threshold and a watershed come within a few percent.
    expect(Math.abs(result.automatic.d50 / result.d50 - 1)).toBeLessThan(0.05);
    const report = readFileSync(join(folder.at('sem'), 'report.html'), 'utf8');
    // Both in one chart.
    expect(report).toContain('>mask (n = 142)<');
    expect(report).toMatch(/>found automatically \(n = \d+\)</);
    expect(readFileSync(join(folder.at('sem'), 'particles-automatic.csv'), 'utf8')).toContain('equivalentDiameter_nm');
  });
});
