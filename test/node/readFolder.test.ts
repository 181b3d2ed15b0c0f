import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createImage, createLabels, createMask } from 'segkit/core';
import { encodePng } from 'segkit/io';
import { readFolder, writeImage, writeLabels, writeMask } from 'segkit/node';
import { describe, expect, it } from 'vitest';
import { useFolder } from './folder.js';

const data = process.env.SEGKIT_DATA ?? '../shared/data';

describe('readFolder', () => {
  const folder = useFolder();
  const at = (...names: string[]) => join(folder.path, ...names);
  const grey = (value = 7, height = 2, width = 3) =>
    createImage(new Uint8Array(height * width).fill(value), [height, width]);
  const mask = createMask([0, 1, 1, 0, 1, 0], [2, 3]);

  async function write(layout: 'masks' | 'labels' | 'segmaps', ids: readonly string[]) {
    for (const name of ['images', layout]) mkdirSync(at(name), { recursive: true });
    for (const id of ids) {
      await writeImage(at('images', `${id}.png`), grey());
      if (layout === 'segmaps')
        await writeLabels(at(layout, `${id}.png`), createLabels([0, 300, 300, 0, 2, 0], [2, 3]));
      else await writeMask(at(layout, `${id}.png`), mask);
    }
  }

  it('reads images and masks in natural order with their names', async () => {
    await write('masks', ['frame10', 'frame2', 'Größe 粒']);
    writeFileSync(at('images', '.hidden.png'), '');
    writeFileSync(at('images', 'notes.txt'), '');
    mkdirSync(at('images', 'more'));
    const samples = await readFolder(folder.path);
    expect(samples.files.map(({ id }) => id)).toEqual(['frame2', 'frame10', 'Größe 粒']);
    expect([samples.length, samples.kind, samples.classes, samples.channels]).toEqual([3, 'class', 2, 'grey']);
    const sample = await samples.get(1);
    expect(sample.id).toBe('frame10');
    expect(sample.image.shape).toEqual([2, 3]);
    expect(sample.mask?.data).toEqual(mask.data);
    expect(sample.labels).toBeUndefined();
    expect((await samples.all()).map(({ id }) => id)).toEqual(samples.files.map(({ id }) => id));
    await expect(samples.get(3)).rejects.toThrow('index must be an integer at least 0 and below 3, got 3.');
  });

  it('takes segmaps for instances, whose foreground is the mask', async () => {
    await write('segmaps', ['a']);
    const samples = await readFolder(folder.path);
    expect([samples.kind, samples.classes]).toEqual(['instance', 2]);
    const sample = await samples.get(0);
    expect([...sample.labels!.data]).toEqual([0, 300, 300, 0, 2, 0]);
    expect([...sample.mask!.data]).toEqual([0, 1, 1, 0, 1, 0]);
  });

  it('takes labels for classes, or for instances on request', async () => {
    await write('labels', ['a']);
    expect((await readFolder(folder.path)).kind).toBe('class');
    expect([...(await (await readFolder(folder.path, { kind: 'instance' })).get(0)).labels!.data]).toEqual([
      ...mask.data,
    ]);
  });

  it('pairs *.image.* with *.label.* in one folder, and leaves other files alone', async () => {
    await writeImage(at('b.image.tif'), grey());
    await writeMask(at('b.label.png'), mask);
    await writeImage(at('a.x.image.png'), grey());
    await writeMask(at('a.x.label.tif'), mask);
    await writeImage(at('other.tif'), grey());
    const samples = await readFolder(folder.path, { classes: 2 });
    expect(samples.files.map(({ id }) => id)).toEqual(['a.x', 'b']);
  });

  it('makes all images grey where they are so in truth, else RGB', async () => {
    await write('masks', ['a']);
    mkdirSync(at('images'), { recursive: true });
    await writeImage(at('images', 'b.png'), createImage(new Uint8Array(18).fill(9), [2, 3, 3]));
    await writeMask(at('masks', 'b.png'), mask);
    const opaque = new Uint8Array(24).map((_, i) => (i % 4 === 3 ? 255 : 5));
    await writeImage(at('images', 'c.png'), createImage(opaque, [2, 3, 4]));
    await writeMask(at('masks', 'c.png'), mask);
    const alike = await readFolder(folder.path);
    expect(alike.channels).toBe('grey');
    expect((await alike.all()).map(({ image }) => [image.shape, image.get(0, 0)])).toEqual([
      [[2, 3], 7],
      [[2, 3], 9],
      [[2, 3], 5],
    ]);
    const forced = await readFolder(folder.path, { channels: 'rgb', cacheMegabytes: 0 });
    expect((await forced.all()).map(({ image }) => [...image.shape, image.get(1, 2, 2)])).toEqual([
      [2, 3, 3, 7],
      [2, 3, 3, 9],
      [2, 3, 3, 5],
    ]);
    await writeImage(
      at('images', 'b.png'),
      createImage(
        new Uint8Array(18).map((_, i) => [100, 50, 200][i % 3]!),
        [2, 3, 3],
      ),
    );
    expect((await readFolder(folder.path)).channels).toBe('rgb');
    // 0.299 * 100 + 0.587 * 50 + 0.114 * 200 = 82.05
    expect((await (await readFolder(folder.path, { channels: 'grey' })).get(1)).image.get(0, 0)).toBe(82);
  });

  it('reads masks of 0 and 255 as two classes, and no others', async () => {
    await write('masks', ['a']);
    await writeMask(at('masks', 'a.png'), createMask([0, 255, 255, 0, 255, 0], [2, 3]));
    expect([...(await (await readFolder(folder.path, { classes: 2 })).get(0)).mask!.data]).toEqual([0, 1, 1, 0, 1, 0]);
    await expect(readFolder(folder.path, { classes: 3 })).rejects.toThrow('class indices in 0..2, got 255');
    await writeMask(at('masks', 'a.png'), createMask([0, 255, 1, 0, 255, 0], [2, 3]));
    await expect(readFolder(folder.path, { classes: 2 })).rejects.toThrow('class indices in 0..1, got 255');
  });

  it('names what has no partner, or the same name', async () => {
    await write('masks', ['a']);
    await writeImage(at('images', 'lonely.png'), grey());
    await writeMask(at('masks', 'single.png'), mask);
    await expect(readFolder(folder.path)).rejects.toThrow(
      `images and labels must have the same names: without a label: ${at('images', 'lonely.png')}; ` +
        `without an image: ${at('masks', 'single.png')}`,
    );
    await writeMask(at('masks', 'lonely.tif'), mask);
    await writeImage(at('images', 'single.tif'), grey());
    expect((await readFolder(folder.path)).length).toBe(3);
    await writeImage(at('images', 'a.tif'), grey());
    await expect(readFolder(folder.path)).rejects.toThrow('two files of one name: ');
  });

  it('names both files whose sizes differ', async () => {
    await write('masks', ['a', 'b']);
    await writeImage(at('images', 'b.png'), grey(1, 2, 4));
    await expect(readFolder(folder.path)).rejects.toThrow(
      `image and label must have the same size: ${at('images', 'b.png')} is 2 x 4, ${at('masks', 'b.png')} is 2 x 3 (rows x columns).`,
    );
  });

  it('says at the start which file is damaged or out of range', async () => {
    await write('masks', ['a']);
    await writeMask(at('masks', 'a.png'), createMask([0, 0, 0, 0, 0, 4], [2, 3]));
    await expect(readFolder(folder.path, { classes: 3 })).rejects.toThrow(
      /a\.png: The mask must hold class indices in 0\.\.2, got 4 at .*\. Where these are instance ids, say kind "instance"\.$/,
    );
    writeFileSync(at('images', 'a.png'), encodePng(grey()).subarray(0, 40));
    await expect(readFolder(folder.path)).rejects.toThrow(`${at('images', 'a.png')}: PNG`);
    await writeImage(at('images', 'a.png'), createImage(new Uint8Array(24).fill(9), [2, 3, 4]));
    await expect(readFolder(folder.path)).rejects.toThrow('the image must be opaque, got an alpha of 9.');
  });

  it('says what is missing in a folder', async () => {
    const expected = 'expected images/ with masks/, segmaps/ or labels/, or pairs of *.image.* and *.label.*';
    await expect(readFolder(at('none'))).rejects.toThrow(new Error(`no such folder: ${at('none')}`));
    await expect(readFolder(folder.path)).rejects.toThrow(
      `no data set in ${folder.path}: ${expected}, but it is empty`,
    );
    writeFileSync(at('x.png'), '');
    await expect(readFolder(at('x.png'))).rejects.toThrow(`expected a folder, got a file: ${at('x.png')}`);
    await expect(readFolder(folder.path)).rejects.toThrow(`${expected}, found x.png`);
    mkdirSync(at('images'));
    await expect(readFolder(folder.path)).rejects.toThrow('expected masks, segmaps or labels beside images');
    mkdirSync(at('masks'));
    await expect(readFolder(folder.path)).rejects.toThrow(`no images in ${folder.path}`);
    mkdirSync(at('segmaps'));
    await expect(readFolder(folder.path)).rejects.toThrow('masks and segmaps in');
    writeFileSync(at('images', 'a.bmp'), '');
    await expect(readFolder(folder.path, { labelFolder: 'masks' })).rejects.toThrow(
      'images must be PNG, TIFF, JPEG or NPY: ',
    );
    writeFileSync(at('y.image.png'), '');
    await expect(readFolder(folder.path)).rejects.toThrow('two data sets in');
  });

  it('says which options are wrong', async () => {
    await write('segmaps', ['a']);
    await expect(readFolder(folder.path, { classes: 5 })).rejects.toThrow(
      'classes must be 2, background and foreground, for instances, got 5.',
    );
    await expect(readFolder(folder.path, { labelFolder: 'masks' })).rejects.toThrow('no labels in');
    await expect(readFolder(folder.path, { kind: 'boxes' as never })).rejects.toThrow('kind must be one of');
    await expect(readFolder(folder.path, { classes: 1 })).rejects.toThrow('classes must be an integer at least 2');
    await expect(readFolder(folder.path, { recursive: true } as never)).rejects.toThrow(
      'readFolder has no option "recursive"',
    );
  });

  it.skipIf(!existsSync(join(data, 'haadf_alumina_pt')))(
    'reads 3 classes of real micrographs (needs SEGKIT_DATA)',
    async () => {
      const samples = await readFolder(join(data, 'haadf_alumina_pt'), { classes: 3 });
      expect([samples.length, samples.kind, samples.channels]).toEqual([2, 'class', 'grey']);
      const share = (await samples.get(0)).mask!.data.filter((id) => id > 0).length / 512 ** 2;
      expect(share).toBeCloseTo(0.0892, 4);
    },
  );
});
