import fc from 'fast-check';
import { fromArrayBuffer } from 'geotiff';
import { createImage, createLabels, createMask, type Image } from 'segkit/core';
import { decodeImage, decodeLabels, decodeTiff, encodeTiff } from 'segkit/io';
import { describe, expect, it } from 'vitest';
import { compressLzw, expandLzw } from '../../src/io/lzw.js';
import { compressPackBits, expandPackBits } from '../../src/io/packBits.js';
import { expectCutsRefused, expectSame, fixtureText, images, noData, real } from './helpers.js';

interface Case {
  readonly name: string;
  readonly file: string;
  readonly shape: number[];
  readonly samples: number[];
}

const grey = createImage(
  Uint8Array.from({ length: 400 }, (_, i) => (i * i) >> 3),
  [20, 20],
);

/** Changes the value of a SHORT or LONG tag of the first directory of a little-endian file. */
function withTag(bytes: Uint8Array, tag: number, value: number): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  const at = view.getUint32(4, true);
  for (let entry = at + 2; entry < at + 2 + view.getUint16(at, true) * 12; entry += 12) {
    if (view.getUint16(entry, true) === tag) view.setUint32(entry + 8, value, true);
  }
  return copy;
}

describe('decodeTiff', () => {
  it('reads what tifffile, Pillow and OpenCV wrote', () => {
    const cases: Case[] = JSON.parse(fixtureText('tiff.json'));
    for (const { name, file, shape, samples } of cases) {
      const { image } = decodeTiff(new Uint8Array(Buffer.from(file, 'base64')))[0]!;
      expect(image.shape, name).toEqual(shape);
      expect([...image.data], name).toEqual(samples);
    }
    expect(cases.length).toBeGreaterThan(30);
  });

  it.each([
    ['none', {}],
    ['lzw', {}],
    ['lzw', { predictor: 'horizontal' }],
    ['deflate', { predictor: 'horizontal', tile: 16 }],
    ['packbits', { byteOrder: 'big' }],
  ] as const)('refuses a file cut at any byte (%s, %o)', async (compression, options) => {
    const bytes = encodeTiff([grey, grey], { compression, ...options });
    const lengths = Array.from({ length: bytes.length }, (_, i) => i).filter((i) => i < 60 || i % 3 === 0);
    await expectCutsRefused(bytes, decodeTiff, lengths);
  });

  it('never hangs or takes long on damaged files', () => {
    const bytes = encodeTiff(grey, { compression: 'lzw', rowsPerStrip: 7 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const broken = bytes.slice();
          for (const [at, value] of changes) broken[at] = value;
          try {
            expect(decodeTiff(broken).length).toBeGreaterThan(0);
          } catch (error) {
            expect((error as Error).name, String(error)).toBe('FormatError');
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('refuses a count that is stored as a fraction', () => {
    const bytes = encodeTiff(grey, { rowsPerStrip: 7 });
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const directory = view.getUint32(4, true);
    const entries = Array.from({ length: view.getUint16(directory, true) }, (_, i) => directory + 2 + 12 * i);
    // Samples per pixel as RATIONAL: the entry's value is now the place of the two numbers.
    const samples = entries.find((entry) => view.getUint16(entry, true) === 277)!;
    view.setUint16(samples + 2, 5, true);
    view.setUint32(samples + 8, 0, true);
    expect(() => decodeTiff(bytes)).toThrow(/tag 277 must be a whole number, got \d/);
  });

  it.each([
    [259, 7, /compression 7 \(JPEG\) is not supported/],
    [259, 50000, /compression 50000 \(Zstandard\)/],
    [262, 6, /photometric interpretation 6 is not supported/],
    [256, 0, /must not be empty, got 0 x 20/],
    [256, 4000000000, /are more than can be held/],
    [257, 400, /image needs \d+ strips/],
    [258, 12, /must have 1, 2, 4, 8, 16, 32 or 64 bits, got 12/],
    [339, 3, /8 bits in sample format 3/],
  ])('refuses tag %i with %i', (tag, value, message) => {
    const bytes = encodeTiff(grey, { rowsPerStrip: 7 });
    expect(() => decodeTiff(withTag(bytes, tag, value))).toThrow(message);
  });

  it('refuses BigTIFF and directories in a circle', () => {
    const bytes = encodeTiff(grey);
    const big = bytes.slice();
    big[2] = 43;
    expect(() => decodeTiff(big)).toThrow('TIFF: BigTIFF files are not supported.');
    const view = new DataView(bytes.buffer);
    const at = view.getUint32(4, true);
    view.setUint32(at + 2 + view.getUint16(at, true) * 12, at, true);
    expect(() => decodeTiff(bytes)).toThrow(/directories run in a circle/);
  });

  it('inverts where white is zero: 10 becomes 245', () => {
    const bytes = withTag(encodeTiff(createImage(new Uint8Array([10, 255]), [1, 2])), 262, 0);
    expect([...decodeTiff(bytes)[0]!.image.data]).toEqual([245, 0]);
  });

  it('refuses an integer that a float cannot hold exactly, and reads it as labels', async () => {
    const bytes = encodeTiff(createLabels([0, 16777217], [1, 2]));
    expect(() => decodeTiff(bytes)).toThrow(/sample 16777217 at row 0, column 1 does not fit .* decodeLabels/);
    expect([...(await decodeLabels(bytes)).data]).toEqual([0, 16777217]);
  });

  it('asks which of several pages is meant', async () => {
    const bytes = encodeTiff([grey, createImage(new Uint16Array([1, 2]), [1, 2])]);
    await expect(decodeImage(bytes)).rejects.toThrow(
      'TIFF: the file holds 2 pages; say which by the option page, 0 to 1.',
    );
    expect((await decodeImage(bytes, { page: 1 })).data).toEqual(new Uint16Array([1, 2]));
    await expect(decodeImage(bytes, { page: 2 })).rejects.toThrow('holds 2 pages, got page 2');
  });

  it.skipIf(noData)(
    'reads real files: 16 bits of both byte orders, palette, LZW with predictor, pages (needs SEGKIT_DATA)',
    () => {
      const first = (path: string) => decodeTiff(real(path))[0]!;
      const little = first('skimage/formats/chessboard_GRAY_U16.tif').image;
      expectSame(first('skimage/formats/chessboard_GRAY_U16B.tif').image, little);
      expect(decodeTiff(real('skimage/formats/multipage.tif')).length).toBe(2);
      expect(first('haadf_alumina_pt/train_10_image_lzw.tif').image.shape).toEqual([512, 512]);
      const label = first('haadf_alumina_pt/train_10_mask_lzw.tif').image;
      expect([...new Set(label.data)].sort()).toEqual([0, 1, 2]);
      const semColours = first('bam_tio2/1908248.tif').image;
      expect(semColours.shape).toEqual([768, 1024, 3]);
      const [semIndices] = decodeTiff(real('bam_tio2/1908248.tif'), { palette: 'indices' });
      expect(semIndices!.image.shape).toEqual([768, 1024]);
      const jeol = first('microscope_formats/jeol_jsm-it800_A2h_01.tif');
      expect(jeol.image.shape).toEqual([1026, 1280]);
      expect(jeol.calibration).toBeUndefined();
    },
  );

  it.skipIf(noData)('reads the pixel size of ImageJ and DigitalMicrograph, 0.168675 um (needs SEGKIT_DATA)', () => {
    const folder = 'microscope_formats/rosettasciio/test_loading_image_saved_with_';
    for (const name of ['imageJ', 'imageJ_stack', 'DM']) {
      const { calibration, image } = decodeTiff(real(`${folder}${name}.tif`))[0]!;
      expect(calibration?.unit).toBe('um');
      expect(calibration?.pixelSize).toBeCloseTo(0.168675, 5);
      expect(image.get(0, 0)).toBe(3465);
    }
    expect(decodeTiff(real(`${folder}imageJ_no_scale.tif`))[0]!.calibration).toBeUndefined();
  });
});

const layouts = fc.record({
  compression: fc.constantFrom('none', 'lzw', 'deflate', 'packbits'),
  byteOrder: fc.constantFrom('little', 'big'),
  block: fc.oneof(
    fc.constant({ tile: 16 }),
    fc.integer({ min: 1, max: 9 }).map((rowsPerStrip) => ({ rowsPerStrip })),
  ),
} as const);

describe('encodeTiff', () => {
  it('round trips every type, channels, compression, byte order, strips and tiles', () => {
    fc.assert(
      fc.property(
        images(['uint8', 'uint16', 'float32'], [1, 2, 3, 4, 5], 20),
        layouts,
        fc.boolean(),
        (image, { block, compression, byteOrder }, differ) => {
          const compressed = compression === 'lzw' || compression === 'deflate';
          const predictor = differ && compressed && !(image.data instanceof Float32Array) ? 'horizontal' : 'none';
          const [page] = decodeTiff(encodeTiff(image, { compression, byteOrder, predictor, ...block }));
          expectSame(page!.image, image);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('round trips labels and masks, and several pages', async () => {
    const labels = createLabels([0, 1, 70000, 2147483647], [2, 2]);
    expect((await decodeLabels(encodeTiff(labels, { compression: 'lzw', predictor: 'horizontal' }))).data).toEqual(
      labels.data,
    );
    const pages = decodeTiff(encodeTiff([createMask([1, 2], [1, 2]), grey, grey]));
    expect(pages.map(({ image }) => image.shape)).toEqual([
      [1, 2],
      [20, 20],
      [20, 20],
    ]);
  });

  it('writes the pixel size so that it is read back', () => {
    for (const pixelSize of [0.019, 0.5, 7.34375, 1e-4, 1234.5, { row: 0.2, column: 0.25 }]) {
      for (const unit of ['pm', 'nm', 'um', 'mm', 'm'] as const) {
        const { calibration } = decodeTiff(encodeTiff(grey, { calibration: { pixelSize, unit } }))[0]!;
        expect(calibration?.unit).toBe(unit);
        const read = calibration!.pixelSize;
        if (typeof pixelSize === 'number') expect((read as number) / pixelSize).toBeCloseTo(1, 9);
        else expect(read).toEqual(pixelSize);
      }
    }
  });

  it('is read by geotiff.js', async () => {
    const photo = createImage(
      Uint16Array.from({ length: 21 * 18 * 3 }, (_, i) => i * 57),
      [21, 18, 3],
    );
    for (const compression of ['none', 'lzw', 'deflate', 'packbits'] as const) {
      for (const block of [{ tile: 16 }, { rowsPerStrip: 4 }]) {
        const bytes = encodeTiff(photo, { compression, ...block });
        const page = await (await fromArrayBuffer(bytes.buffer as ArrayBuffer)).getImage();
        const raster = await page.readRasters({ interleave: true });
        expect(Array.from(raster as unknown as ArrayLike<number>)).toEqual([...photo.data]);
      }
    }
  });

  it('refuses options that do not go together', () => {
    const floats: Image = createImage(new Float32Array(4), [2, 2]);
    expect(() => encodeTiff(floats, { predictor: 'horizontal' })).toThrow(/predictor must be "none" for float images/);
    expect(() => encodeTiff(grey, { predictor: 'horizontal', compression: 'packbits' })).toThrow(
      /with the compression "packbits"/,
    );
    expect(() => encodeTiff(grey, { tile: 20 })).toThrow('tile must be a multiple of 16, got 20.');
    expect(() => encodeTiff(grey, { tile: 16, rowsPerStrip: 2 })).toThrow(/rowsPerStrip must be left out/);
    expect(() => encodeTiff([])).toThrow('images must hold at least one image, got none.');
    expect(() => encodeTiff(grey, { calibration: { pixelSize: 0, unit: 'nm' } })).toThrow(
      /pixelSize must be .* above 0, got 0/,
    );
  });
});

describe('codecs', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 600 }),
    fc
      .array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 300 })), { maxLength: 20 })
      .map((runs) => Uint8Array.from(runs.flatMap(([value, count]) => new Array<number>(count).fill(value)))),
  );

  it('LZW gives back what went in', () => {
    fc.assert(
      fc.property(bytes, (source) => {
        expect(expandLzw(compressLzw(source), source.length)).toEqual(source);
      }),
    );
  });

  it('LZW clears its table when it is full', () => {
    const noise = Uint8Array.from({ length: 40000 }, (_, i) => (Math.imul(i, 2654435761) >>> 13) & 255);
    expect(expandLzw(compressLzw(noise), noise.length)).toEqual(noise);
  });

  it('PackBits gives back what went in, and never takes more than a byte in 128 more', () => {
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 300 }), (source, rowBytes) => {
        const packed = compressPackBits(source, rowBytes);
        expect(expandPackBits(packed, source.length)).toEqual(source);
      }),
    );
    // A head of -128 means nothing (TIFF 6.0, section 9).
    expect(expandPackBits(new Uint8Array([0x80, 0xfe, 7]), 3)).toEqual(new Uint8Array([7, 7, 7]));
  });
});
