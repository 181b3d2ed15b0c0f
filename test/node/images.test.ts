import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createImage, createLabels, createMask, FormatError } from 'segkit/core';
import { decodeTiff } from 'segkit/io';
import { readImage, readLabels, readMask, writeImage, writeLabels, writeMask } from 'segkit/node';
import { describe, expect, it } from 'vitest';
import { useFolder } from './folder.js';

describe('reading and writing images, masks and labels', () => {
  const folder = useFolder();
  const at = (name: string) => join(folder.path, name);

  it('gives images back from every format that can hold them', async () => {
    const images = {
      'bytes.png': createImage(new Uint8Array([0, 1, 254, 255]), [2, 2]),
      'words.PNG': createImage(new Uint16Array([0, 1, 40000, 65535]), [2, 2]),
      'colours.tif': createImage(
        new Uint8Array(12).map((_, i) => i),
        [2, 2, 3],
      ),
      'floats.tiff': createImage(new Float32Array([-1, 0.5, 1e6, 2]), [2, 2]),
      'floats.npy': createImage(new Float32Array([-1, 0.5, 1e6, 2]), [2, 2]),
    };
    for (const [name, image] of Object.entries(images)) {
      await writeImage(at(name), image);
      const read = await readImage(at(name));
      expect(read.shape, name).toEqual(image.shape);
      expect(read.data, name).toEqual(image.data);
    }
    expect(folder.names()).toHaveLength(5);
  });

  it('writes the pixel size into TIFF files alone', async () => {
    const image = createImage(new Uint8Array(4), [2, 2]);
    const calibration = { pixelSize: 0.25, unit: 'nm' } as const;
    await writeImage(at('a.tif'), image, { calibration });
    expect(decodeTiff(readFileSync(at('a.tif')))[0]?.calibration?.unit).toBe('nm');
    await expect(writeImage(at('a.png'), image, { calibration })).rejects.toThrow('calibration must go to a .tif file');
  });

  it('gives masks and labels back', async () => {
    const mask = createMask([0, 1, 2, 255], [2, 2]);
    const labels = createLabels([0, 1, 300, 65535], [2, 2]);
    for (const ending of ['png', 'tif', 'npy']) {
      await writeMask(at(`mask.${ending}`), mask);
      expect((await readMask(at(`mask.${ending}`))).data).toEqual(mask.data);
      await writeLabels(at(`labels.${ending}`), labels.transpose(1, 0));
      expect((await readLabels(at(`labels.${ending}`))).data).toEqual(new Int32Array([0, 300, 1, 65535]));
    }
    await writeMask(at('colours.png'), createMask([0, 1, 1, 0], [2, 2]), {
      palette: [
        [0, 0, 0],
        [230, 159, 0],
      ],
    });
    expect((await readMask(at('colours.png'))).data).toEqual(new Uint8Array([0, 1, 1, 0]));
    expect((await readImage(at('colours.png'))).shape).toEqual([2, 2, 3]);
  });

  it('refuses what a format cannot hold, and writes nothing then', async () => {
    const large = createLabels([0, 65536], [1, 2]);
    await expect(writeLabels(at('a.png'), large)).rejects.toThrow(
      `${at('a.png')}: labels must hold ids in 0..65535 in a PNG file; write .tif or .npy, got 65536.`,
    );
    await writeLabels(at('a.tif'), large);
    expect((await readLabels(at('a.tif'))).data).toEqual(large.data);
    await expect(writeLabels(at('b.tif'), createLabels([-1], [1, 1]))).rejects.toThrow(
      'labels must hold ids in 0..2147483647, got -1.',
    );
    await expect(writeImage(at('b.png'), createImage(new Float32Array(1), [1, 1]))).rejects.toThrow(
      `${at('b.png')}: image must hold 8- or 16-bit samples for PNG`,
    );
    await expect(writeImage(at('b.jpg'), createImage(new Uint8Array(1), [1, 1]))).rejects.toThrow(
      `path must end in .png, .tif, .tiff or .npy, got "${at('b.jpg')}".`,
    );
    await expect(writeMask(at('b.tif'), createMask([1], [1, 1]), { palette: [[0, 0, 0]] })).rejects.toThrow(
      'palette must go to a .png file',
    );
    await expect(writeMask(at('b.png'), large as never)).rejects.toThrow('mask must hold a Uint8Array');
    expect(folder.names()).toEqual(['a.tif']);
  });

  it('says in one line with the path what is wrong with a file', async () => {
    await writeImage(
      at('whole.png'),
      createImage(
        new Uint8Array(400).map((_, i) => i),
        [20, 20],
      ),
    );
    const bytes = readFileSync(at('whole.png'));
    writeFileSync(at('cut.png'), bytes.subarray(0, bytes.length - 20));
    writeFileSync(at('text.png'), 'hello');
    writeFileSync(at('empty.png'), '');
    mkdirSync(at('folder.png'));
    await expect(readImage(at('none.png'))).rejects.toThrow(new Error(`no such file: ${at('none.png')}`));
    await expect(readMask(at('folder.png'))).rejects.toThrow(
      new Error(`expected a file, got a folder: ${at('folder.png')}`),
    );
    for (const name of ['cut.png', 'text.png', 'empty.png']) {
      for (const read of [readImage, readMask, readLabels]) {
        const error = await read(at(name)).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect(error, name).toBeInstanceOf(FormatError);
        expect(String(error)).toContain(`${at(name)}: `);
        expect(String(error)).not.toContain('\n');
      }
    }
    await expect(readMask(at('whole.png'), { classes: 3 })).rejects.toThrow(
      `${at('whole.png')}: The mask must hold class indices in 0..2, got 3`,
    );
  });
});
