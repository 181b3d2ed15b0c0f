import { createImage, createLabels, createMask } from 'segkit/core';
import { decodeImage, decodeLabels, decodeMask, encodeNpy, encodePng, encodeTiff, sniffFormat } from 'segkit/io';
import { describe, expect, it } from 'vitest';
import { fixtureText, noData, real } from './helpers.js';

const mask = createMask([0, 1, 2, 255], [2, 2]);

describe('decodeMask', () => {
  it('reads class indices from PNG, TIFF and NPY', async () => {
    for (const bytes of [encodePng(mask), encodeTiff(mask), encodeNpy(mask)]) {
      expect((await decodeMask(bytes)).data).toEqual(mask.data);
    }
  });

  it('reads 0 and 255 as 0 and 1 where binary', async () => {
    expect([...(await decodeMask(encodePng(createMask([0, 255], [1, 2])), { binary: true })).data]).toEqual([0, 1]);
    const floats = createImage(new Float32Array([0, 0.25]), [1, 2]);
    expect([...(await decodeMask(encodeTiff(floats), { binary: true })).data]).toEqual([0, 1]);
  });

  it('does not stretch 1-bit greys', async () => {
    const cases: { name: string; file: string; samples: number[] }[] = JSON.parse(fixtureText('png.json'));
    const { file, samples } = cases.find(({ name }) => name.startsWith('Pillow 1-bit'))!;
    const read = await decodeMask(new Uint8Array(Buffer.from(file, 'base64')));
    expect([...read.data]).toEqual(samples.map((sample) => sample / 255));
  });

  it('takes equal channels as one', async () => {
    const rgba = createImage(new Uint8Array([0, 0, 0, 255, 3, 3, 3, 255]), [1, 2, 4]);
    expect([...(await decodeMask(encodePng(rgba))).data]).toEqual([0, 3]);
    const rgb = createImage(new Uint8Array([0, 0, 0, 3, 4, 3]), [1, 2, 3]);
    await expect(decodeMask(encodePng(rgb))).rejects.toThrow('got 3, 4, 3 at row 0, column 1.');
  });

  it.each([
    [createImage(new Uint16Array([0, 256]), [1, 2]), 'class indices in 0..255, got 256 at row 0, column 1.'],
    [createImage(new Float32Array([1, 0.5]), [2, 1]), 'class indices in 0..255, got 0.5 at row 1, column 0.'],
    [createImage(new Float32Array([-1, 0]), [1, 2]), 'class indices in 0..255, got -1 at row 0, column 0.'],
  ])('refuses what is no class index (%#)', async (image, message) => {
    await expect(decodeMask(encodeTiff(image))).rejects.toThrow(message);
  });

  it('refuses indices beyond the classes, JPEG, other files and wrong options', async () => {
    await expect(decodeMask(encodePng(mask), { classes: 2 })).rejects.toThrow('in 0..1, got 2 at row 1, column 0.');
    await expect(decodeMask(new Uint8Array([0xff, 0xd8, 0xff, 0xe0]))).rejects.toThrow(/JPEG changes values/);
    await expect(decodeMask(new Uint8Array(0))).rejects.toThrow('The file is empty');
    await expect(decodeMask(new Uint8Array([1, 2]))).rejects.toThrow(
      'neither PNG, TIFF, JPEG nor NPY: it begins with the bytes 01 02.',
    );
    const stack = { shape: [2, 2, 2], data: new Uint8Array(8), boolean: false };
    await expect(decodeMask(encodeNpy(stack))).rejects.toThrow('must have two axes, got the shape (2, 2, 2)');
    const text: unknown = 'a.png';
    await expect(decodeMask(text as Uint8Array)).rejects.toThrow('bytes must be a Uint8Array, got "a.png".');
    await expect(decodeMask(encodePng(mask), { classes: 0 })).rejects.toThrow(/classes must be an integer/);
  });

  it.skipIf(noData)('reads real masks: three classes, 0 and 255 in RGB (needs SEGKIT_DATA)', async () => {
    const label = await decodeMask(real('haadf_alumina_pt/train_10_mask_lzw.tif'), { classes: 3 });
    expect(label.shape).toEqual([512, 512]);
    const film = await decodeMask(real('au_tem_750C/frame_1_gt.png'), { binary: true });
    const stored = await decodeMask(real('au_tem_750C/frame_1.label.png'), { binary: true });
    expect(film.data).toEqual(stored.data);
  });
});

describe('decodeLabels', () => {
  it('reads ids of 8, 16 and 32 bits', async () => {
    for (const type of [Uint8Array, Uint16Array, Uint32Array, Float64Array]) {
      const array = { shape: [1, 3], data: type.from([0, 7, 200]), boolean: false };
      expect([...(await decodeLabels(encodeNpy(array))).data]).toEqual([0, 7, 200]);
    }
    expect([...(await decodeLabels(encodePng(createImage(new Uint16Array([0, 65535]), [1, 2])))).data]).toEqual([
      0, 65535,
    ]);
  });

  it('refuses negative, fractional and too large ids', async () => {
    const of = (value: number) =>
      decodeLabels(encodeNpy({ shape: [1, 1], data: new Float64Array([value]), boolean: false }));
    await expect(of(-1)).rejects.toThrow('instance ids in 0..2147483647, got -1 at row 0, column 0.');
    await expect(of(1.5)).rejects.toThrow('got 1.5');
    await expect(of(2 ** 31)).rejects.toThrow('got 2147483648');
    await expect(of(Number.NaN)).rejects.toThrow('got NaN');
    await expect(decodeLabels(encodeTiff(createLabels([-1], [1, 1])))).rejects.toThrow('got -1');
  });
});

describe('decodeImage and sniffFormat', () => {
  it('tell the format from the bytes', async () => {
    expect(sniffFormat(encodePng(mask))).toBe('png');
    expect(sniffFormat(encodeTiff(mask, { byteOrder: 'big' }))).toBe('tiff');
    expect(sniffFormat(encodeNpy(mask))).toBe('npy');
    expect(sniffFormat(new Uint8Array([0x42, 0x4d]))).toBeUndefined();
    for (const bytes of [encodePng(mask), encodeTiff(mask), encodeNpy(mask)]) {
      expect((await decodeImage(bytes)).data).toEqual(mask.data);
    }
    await expect(decodeImage(new Uint8Array([0x42, 0x4d, 0, 0, 1]))).rejects.toThrow('bytes 42 4d 00 00.');
  });
});
