import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { decode as decodeByFastPng, encode as encodeByFastPng } from 'fast-png';
import { createImage, createMask } from 'segkit/core';
import { decodeImage, decodePng, encodePng } from 'segkit/io';
import { describe, expect, it } from 'vitest';
import { expectCutsRefused, expectSame, fixtureText, images, noData, real } from './helpers.js';

/** A PNG of one's own making, for what no encoder writes. */
function makePng(header: readonly number[], chunks: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const crc = (bytes: Uint8Array) => {
    let value = -1;
    for (const byte of bytes) {
      value ^= byte;
      for (let i = 0; i < 8; i++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    }
    return (value ^ -1) >>> 0;
  };
  const parts: Buffer[] = [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])];
  for (const [type, body] of [['IHDR', new Uint8Array(header)] as const, ...chunks]) {
    const rest = Buffer.concat([Buffer.from(type), body]);
    const sizes = Buffer.alloc(8);
    sizes.writeUInt32BE(body.length, 0);
    sizes.writeUInt32BE(crc(rest), 4);
    parts.push(sizes.subarray(0, 4), rest, sizes.subarray(4));
  }
  return new Uint8Array(Buffer.concat(parts));
}

const headerOf = (width: number, height: number, depth: number, type: number, interlace = 0) =>
  [0, 0, 0, width, 0, 0, 0, height, depth, type, 0, 0, interlace] as const;
const end = ['IEND', new Uint8Array(0)] as const;
const data = (raw: readonly number[]) => ['IDAT', new Uint8Array(deflateSync(new Uint8Array(raw)))] as const;

describe('decodePng', () => {
  it.each([
    [1, [0b10110000], [255, 0, 255, 255]],
    [2, [0b00011011], [0, 85, 170, 255]],
    [4, [0x0f, 0x5a], [0, 255, 85, 170]],
  ])('stretches greys of %i bits to 0..255', (depth, row, expected) => {
    const image = decodePng(makePng(headerOf(4, 1, depth, 0), [data([0, ...row]), end]));
    expect([...image.data]).toEqual(expected);
    expect(image.shape).toEqual([1, 4]);
  });

  it('reads 16 bits high byte first: 0x01 0x02 is 258', () => {
    const image = decodePng(makePng(headerOf(2, 1, 16, 0), [data([0, 1, 2, 255, 254]), end]));
    expect(image.data).toEqual(new Uint16Array([258, 65534]));
  });

  it('gives colours or indices of an indexed image, with alpha where the palette has it', () => {
    const palette = ['PLTE', new Uint8Array([0, 0, 0, 10, 20, 30, 40, 50, 60])] as const;
    const file = makePng(headerOf(3, 1, 2, 3), [palette, data([0, 0b00011000]), end]);
    expect([...decodePng(file).data]).toEqual([0, 0, 0, 10, 20, 30, 40, 50, 60]);
    expect([...decodePng(file, { palette: 'indices' }).data]).toEqual([0, 1, 2]);
    const alpha = ['tRNS', new Uint8Array([7])] as const;
    const withAlpha = decodePng(makePng(headerOf(3, 1, 2, 3), [palette, alpha, data([0, 0b00011000]), end]));
    expect(withAlpha.shape).toEqual([1, 3, 4]);
    expect([...withAlpha.data]).toEqual([0, 0, 0, 7, 10, 20, 30, 255, 40, 50, 60, 255]);
  });

  it('refuses an index without a colour', () => {
    const palette = ['PLTE', new Uint8Array([0, 0, 0])] as const;
    const file = makePng(headerOf(2, 1, 8, 3), [palette, data([0, 0, 1]), end]);
    expect(() => decodePng(file)).toThrow('PNG: the index 1 at row 0, column 1 is not in the palette of 1 colours.');
  });

  it.each([
    ['too few rows', headerOf(2, 3, 8, 0), [0, 1, 2, 0, 3, 4], /must inflate to 9 bytes .* got only 6/],
    ['half a row', headerOf(2, 2, 8, 0), [0, 1, 2, 0, 3], /must inflate to 6 bytes .* got only 5/],
    ['too many rows', headerOf(2, 1, 8, 0), [0, 1, 2, 0, 3, 4], /must inflate to 3 bytes .* got more/],
    ['an unknown filter', headerOf(2, 1, 8, 0), [5, 1, 2], /filter 0 to 4, got 5/],
    ['an unknown colour type', headerOf(2, 1, 8, 5), [0, 1, 2], /colour type must be 0, 2, 3, 4 or 6, got 5/],
    ['a wrong depth', headerOf(2, 1, 4, 2), [0, 1, 2], /must have 8, 16 bits a sample, got 4/],
    ['no pixels', headerOf(0, 1, 8, 0), [0], /must not be empty, got 0 x 1/],
    ['no palette', headerOf(2, 1, 8, 3), [0, 1, 2], /palette is missing/],
  ])('refuses %s though every checksum is right', (_, header, raw, message) => {
    expect(() => decodePng(makePng(header, [data(raw), end]))).toThrow(message);
  });

  it('refuses sizes that the data cannot fill before taking memory', () => {
    const header = [0, 0, 0x7f, 0xff, 0, 0, 0x7f, 0xff, 8, 0, 0, 0, 0];
    expect(() => decodePng(makePng(header, [data([0]), end]))).toThrow(/are too few for 32767 x 32767 pixels/);
    const absurd = [0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 8, 0, 0, 0, 0];
    expect(() => decodePng(makePng(absurd, [data([0]), end]))).toThrow(/are more than can be held/);
  });

  it('puts the passes of an interlaced image together: columns 0, 2, 1 of one row of 1 bit', () => {
    const file = makePng(headerOf(3, 1, 1, 0, 1), [data([0, 0x80, 0, 0, 0, 0x80]), end]);
    expect([...decodePng(file).data]).toEqual([255, 255, 0]);
  });

  it('reads what fast-png interlaced', () => {
    fc.assert(
      fc.property(images(['uint8', 'uint16'], [1, 2, 3, 4], 19), (image) => {
        const [height, width, channels = 1] = image.shape as [number, number, number?];
        const samples = image.data as Uint8Array | Uint16Array;
        const depth = samples instanceof Uint16Array ? 16 : 8;
        const bytes = encodeByFastPng({ width, height, channels, depth, data: samples }, { interlace: 'Adam7' });
        expectSame(decodePng(bytes), image);
      }),
    );
  });

  it('notices any flipped bit', () => {
    const bytes = encodePng(
      createImage(
        Uint8Array.from({ length: 48 }, (_, i) => i * 5),
        [4, 4, 3],
      ),
    );
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const broken = bytes.slice();
        broken[at]! ^= 1 << bit;
        expect(() => decodePng(broken)).toThrow(/^(PNG|The file)/);
      }),
    );
  });

  it('refuses a file cut at any byte', async () => {
    const bytes = encodePng(
      createImage(
        Uint16Array.from({ length: 30 }, (_, i) => i * 999),
        [5, 6],
      ),
    );
    await expectCutsRefused(bytes, decodePng);
    await expectCutsRefused(bytes, decodeImage);
  });

  it('reads what Pillow and OpenCV wrote, interlaced or not, of every depth', () => {
    const cases: { name: string; file: string; palette: 'colors' | 'indices'; shape: number[]; samples: number[] }[] =
      JSON.parse(fixtureText('png.json'));
    for (const { name, file, palette, shape, samples } of cases) {
      const image = decodePng(new Uint8Array(Buffer.from(file, 'base64')), { palette });
      expect(image.shape, name).toEqual(shape);
      expect([...image.data], name).toEqual(samples);
    }
    expect(cases.length).toBeGreaterThan(10);
  });

  it.skipIf(noData)('reads real files as fast-png does (needs SEGKIT_DATA)', () => {
    for (const name of ['cell', 'coins', 'gravel', 'ihc', 'microaneurysms']) {
      const bytes = real(`skimage/${name}.png`);
      const image = decodePng(bytes);
      const other = decodeByFastPng(bytes, { checkCrc: true });
      expect(image.shape.slice(0, 2)).toEqual([other.height, other.width]);
      expect(Buffer.from(image.data.buffer).equals(Buffer.from(other.data))).toBe(true);
    }
  });
});

describe('encodePng', () => {
  it('round trips 8 and 16 bits of 1 to 4 channels', () => {
    fc.assert(
      fc.property(images(['uint8', 'uint16'], [1, 2, 3, 4]), fc.constantFrom(0, 1, 6, 9), (image, level) => {
        expectSame(decodePng(encodePng(image, { level })), image);
      }),
    );
  });

  it('round trips masks with a palette, and shows the colours to others', () => {
    const mask = createMask([0, 1, 2, 2, 1, 0], [2, 3]);
    const palette = [
      [0, 0, 0],
      [255, 0, 0],
      [0, 255, 0],
    ] as const;
    const bytes = encodePng(mask, { palette });
    expect(decodePng(bytes, { palette: 'indices' }).data).toEqual(mask.data);
    expect([...decodePng(bytes).data.slice(0, 9)]).toEqual([0, 0, 0, 255, 0, 0, 0, 255, 0]);
  });

  it('accepts views with strides', () => {
    const image = createImage(new Uint8Array([1, 2, 3, 4, 5, 6]), [2, 3]);
    expect([...decodePng(encodePng(image.transpose(1, 0))).data]).toEqual([1, 4, 2, 5, 3, 6]);
  });

  it('refuses what PNG cannot hold', () => {
    expect(() => encodePng(createImage(new Float32Array(4), [2, 2]))).toThrow(
      /8- or 16-bit samples for PNG, got floats/,
    );
    expect(() => encodePng(createImage(new Uint8Array(20), [2, 2, 5]))).toThrow(/1 to 4 channels for PNG, got 5/);
    const mask = createMask([0, 3], [1, 2]);
    expect(() => encodePng(mask, { palette: [[0, 0, 0]] })).toThrow(/a colour for each sample, got 1 and a 3/);
    expect(() => encodePng(mask, { palette: [[0, 0, 256]] })).toThrow(/palette\[0\]\[2\] must be .* got 256/);
    expect(() => encodePng(createImage(new Uint16Array(4), [2, 2]), { palette: [[0, 0, 0]] })).toThrow(
      /one channel of 8/,
    );
    expect(() => encodePng(mask, { level: 10 })).toThrow(/level must be an integer/);
  });
});
