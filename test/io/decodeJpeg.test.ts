import fc from 'fast-check';
import { decodeImage, decodeJpeg } from 'segkit/io';
import { describe, expect, it } from 'vitest';
import { expectCutsRefused, fixtureText, noData, real } from './helpers.js';

const cases: { name: string; file: string; shape: number[]; samples: number[] }[] = JSON.parse(
  fixtureText('jpeg.json'),
);
const files = cases.map(({ file }) => new Uint8Array(Buffer.from(file, 'base64')));

describe('decodeJpeg', () => {
  // Decoders differ in the rounding of the cosine transform; jpeg-js repeats halved colours (JPEG 2), libjpeg smooths
  // them: on this picture, whose colours change quickly, 2.97 grey levels on average.
  it.each([
    [0, 2, 0.6],
    [1, 4, 0.9],
    [2, 24, 3],
    [3, 4, 0.9],
  ])('reads JPEG %i as libjpeg does, within %i grey levels and %f on average', async (index, most, average) => {
    const { name, shape, samples } = cases[index]!;
    const image = await decodeJpeg(files[index]!);
    expect(image.shape, name).toEqual(shape);
    const differences = samples.map((sample, i) => Math.abs(sample - image.data[i]!));
    expect(Math.max(...differences), name).toBeLessThanOrEqual(most);
    expect(differences.reduce((sum, value) => sum + value, 0) / samples.length, name).toBeLessThan(average);
  });

  it('refuses a file cut at any byte', async () => {
    const bytes = files[0]!;
    await expectCutsRefused(bytes, decodeJpeg);
    await expectCutsRefused(bytes, decodeImage, [0, 3, 100]);
  });

  it('never hangs on damaged bytes: an image of the stated size, or a FormatError', async () => {
    const bytes = files[0]!;
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const broken = bytes.slice();
        for (const [at, value] of changes) broken[at] = value;
        const name = await decodeJpeg(broken).then(
          ({ shape }) => shape.length,
          (error: Error) => error.name,
        );
        expect([2, 3, 'FormatError']).toContain(name);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses CMYK, 12 bits and arithmetic coding', async () => {
    const changed = (offset: number, value: number) => {
      const bytes = files[1]!.slice();
      const at = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
      bytes[at + offset] = value;
      return decodeJpeg(bytes);
    };
    await expect(changed(9, 4)).rejects.toThrow('grey or of three colours, got 4 components');
    await expect(changed(4, 12)).rejects.toThrow('samples must have 8 bits, got 12');
    await expect(changed(1, 0xc9)).rejects.toThrow('arithmetic coding are not supported');
  });

  it('refuses data that end before the image does, though the end mark is there', async () => {
    const bytes = files[0]!;
    const short = new Uint8Array([...bytes.subarray(0, bytes.length - 200), 0xff, 0xd9]);
    await expect(decodeJpeg(short)).rejects.toThrow(/^JPEG: /);
  });

  it.skipIf(noData)('refuses the truncated file of scikit-image (needs SEGKIT_DATA)', async () => {
    await expect(decodeImage(real('skimage/formats/truncated.jpg'))).rejects.toThrow(
      'JPEG: the file ends at byte 400, before its end mark.',
    );
  });
});
