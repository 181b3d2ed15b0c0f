import fc from 'fast-check';
import { createImage, createMask, dtypeOf } from 'segkit/core';
import { decodeImage, decodeMask, encodeNpy, encodePng, encodeTiff } from 'segkit/io';
import { describe, expect, it } from 'vitest';

/** As `fs.readFile` gives them: a Buffer that may lie in the middle of a larger memory block. */
function buffer(bytes: Uint8Array): Buffer {
  const pool = Buffer.alloc(bytes.length + 24, 0xa5);
  pool.set(bytes, 8);
  return pool.subarray(8, 8 + bytes.length);
}

describe('Node buffers', () => {
  it('decode as plain bytes do, into arrays of their own', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint16Array({ minLength: 6, maxLength: 6 }),
        fc.constantFrom('npy', 'png', 'none', 'lzw', 'deflate'),
        async (data, kind) => {
          const image = createImage(data, [2, 3]);
          const bytes =
            kind === 'npy'
              ? encodeNpy(image)
              : kind === 'png'
                ? encodePng(image)
                : encodeTiff(image, { compression: kind as 'none' });
          const source = buffer(bytes);
          const decoded = await decodeImage(source);
          source.fill(0);
          expect(dtypeOf(decoded)).toBe('uint16');
          expect(decoded.data).toEqual(data);
        },
      ),
      { numRuns: 40 },
    );
    const mask = createMask([0, 1, 2, 3], [2, 2]);
    for (const bytes of [encodeNpy(mask), encodePng(mask), encodeTiff(mask)]) {
      expect((await decodeMask(buffer(bytes))).data).toEqual(mask.data);
    }
  });
});
