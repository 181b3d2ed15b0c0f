import fc from 'fast-check';
import { createImage, createLabels } from 'segkit/core';
import { decodeImage, decodeNpy, encodeNpy } from 'segkit/io';
import { describe, expect, it } from 'vitest';
import { expectCutsRefused, expectSame, fixtureText, images } from './helpers.js';

const header = (text: string, body: readonly number[] = []) =>
  new Uint8Array([0x93, ...Buffer.from('NUMPY'), 1, 0, text.length, 0, ...Buffer.from(text), ...body]);

describe('decodeNpy', () => {
  it('reads what NumPy wrote: types, byte orders, C and Fortran order', () => {
    const cases: { name: string; file: string; shape: number[]; samples: number[] }[] = JSON.parse(
      fixtureText('npy.json'),
    );
    for (const { name, file, shape, samples } of cases) {
      const array = decodeNpy(new Uint8Array(Buffer.from(file, 'base64')));
      expect(array.shape, name).toEqual(shape);
      expect([...array.data], name).toEqual(samples);
      expect(array.boolean).toBe(name.includes('|b1'));
    }
    expect(cases.length).toBe(32);
  });

  it('turns Fortran order into row-major order: 1 2 3 4 5 6 of 2 x 3 is 1 3 5 2 4 6', () => {
    const text = "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }";
    expect([...decodeNpy(header(text, [1, 2, 3, 4, 5, 6])).data]).toEqual([1, 3, 5, 2, 4, 6]);
  });

  it.each([
    ["{'descr': '<c8', 'fortran_order': False, 'shape': (0,), }", /type "<c8" is not supported/],
    ["{'descr': '<f2', 'fortran_order': False, 'shape': (0,), }", /type "<f2" is not supported/],
    ["{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (0,), }", /one plain type/],
    ["{'descr': '|u1', 'fortran_order': False, 'shape': 'x', }", /header cannot be read/],
    ["{'descr': '|u1', 'fortran_order': False, 'shape': (99, 99), }", /but its shape \(99, 99\) needs \d+/],
    ["{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 9999999), }", /is too large/],
  ])('refuses %s', (text, message) => {
    expect(() => decodeNpy(header(text))).toThrow(message);
  });

  it('refuses a 64-bit integer beyond 32 bits', () => {
    const text = "{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }";
    expect(() => decodeNpy(header(text, [0, 0, 0, 0, 1, 0, 0, 0]))).toThrow(
      'integer at index 0 does not fit into 32 bits',
    );
  });

  it('refuses a file cut at any byte', async () => {
    await expectCutsRefused(encodeNpy(createImage(new Float32Array(6), [2, 3])), decodeNpy);
  });

  it('is no image with one axis', async () => {
    await expect(decodeImage(encodeNpy({ shape: [3], data: new Uint8Array(3), boolean: false }))).rejects.toThrow(
      'NPY: an image must have two or three axes, got the shape (3).',
    );
  });
});

describe('encodeNpy', () => {
  it('round trips images', async () => {
    await fc.assert(
      fc.asyncProperty(images(['uint8', 'uint16', 'float32'], [1, 2, 3]), async (image) => {
        expectSame(await decodeImage(encodeNpy(image)), image);
      }),
    );
  });

  it('writes views with strides in row-major order, data at a multiple of 64', () => {
    const bytes = encodeNpy(createLabels([1, 2, 3, 4, 5, 6], [2, 3]).transpose(1, 0));
    expect((bytes.length - 24) % 64).toBe(0);
    const { data, shape } = decodeNpy(bytes);
    expect(shape).toEqual([3, 2]);
    expect(data).toEqual(new Int32Array([1, 4, 2, 5, 3, 6]));
  });

  it('round trips arrays of any type', () => {
    for (const type of [Int8Array, Int16Array, Uint32Array, Float64Array]) {
      const data = type.from([1, 2, 100]);
      expect(decodeNpy(encodeNpy({ shape: [3], data, boolean: false }))).toEqual({ shape: [3], data, boolean: false });
    }
    const flags = { shape: [], data: new Uint8Array([1]), boolean: true };
    expect(decodeNpy(encodeNpy(flags))).toEqual(flags);
    expect(() => encodeNpy({ shape: [4], data: new Uint8Array(3), boolean: false })).toThrow(/4 elements .* got 3/);
  });
});
