import fc from 'fast-check';
import {
  contiguous,
  createImage,
  createLabels,
  createMask,
  createProbabilityMap,
  dtypeOf,
  pixels,
  stretchContrast,
  toFloat32,
  toGrey,
  toUint8,
} from 'segkit/core';
import { describe, expect, it } from 'vitest';

describe('create*', () => {
  it('takes a Buffer of Node as the bytes that it is, so that no later step writes into it', () => {
    const buffer = Buffer.from([9, 3, 1, 2, 250, 7]).subarray(1);
    const image = createImage(buffer, [1, 5]);
    expect(image.data.constructor).toBe(Uint8Array);
    expect(image.data.buffer).toBe(buffer.buffer);
    stretchContrast(image, [10, 90]);
    expect([...image.data]).toEqual([3, 1, 2, 250, 7]);
    expect(createMask(Buffer.from([1, 0]), [1, 2]).data.constructor).toBe(Uint8Array);
  });

  it('wraps without copying', () => {
    const data = new Uint16Array(6);
    expect(createImage(data, [2, 3]).data).toBe(data);
    expect(createMask(undefined, [2, 3]).data).toEqual(new Uint8Array(6));
    expect(createLabels([1, 70000], [1, 2]).get(0, 1)).toBe(70000);
    expect(createProbabilityMap(new Float32Array(4), [1, 2, 2]).shape).toEqual([1, 2, 2]);
  });

  it('refuses data that does not fit, by name', () => {
    expect(() => createImage(new Uint8Array(5), [2, 3])).toThrow(
      'data of an image of shape [2, 3] must have 6 elements, got 5.',
    );
    expect(() => createImage(new Float64Array(6) as never, [2, 3])).toThrow('got a Float64Array of 6 elements');
    expect(() => createImage(new Uint8Array(0), [0, 3])).toThrow('shape[0] must be an integer at least 1, got 0.');
    expect(() => createImage(new Uint8Array(6), [6])).toThrow('shape must be [height, width]');
    expect(() => createMask([0, 256], [1, 2])).toThrow('class indices in 0..255, got 256 at index 1');
    expect(() => createMask([0, 0.5], [1, 2])).toThrow('got 0.5 at index 1');
    expect(() => createLabels([2 ** 31], [1, 1])).toThrow('range of int32');
    expect(() => createProbabilityMap([0] as never, [1, 1])).toThrow(TypeError);
  });
});

describe('contiguous', () => {
  it('returns the same array where it is laid out so, else a copy of the view', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        (h, w, c) => {
          const image = createImage(
            Uint8Array.from({ length: h * w * c }, (_, i) => i),
            [h, w, c],
          );
          expect(contiguous(image)).toBe(image);
          const view = image.transpose(1, 0, 2).step(-1, 1, -1);
          const copy = contiguous(view);
          expect(copy.shape).toEqual(view.shape);
          for (let i = 0; i < w; i++) {
            for (let j = 0; j < h; j++) for (let k = 0; k < c; k++) expect(copy.get(i, j, k)).toBe(view.get(i, j, k));
          }
          expect(contiguous(copy)).toBe(copy);
        },
      ),
    );
  });

  it('copies a crop, whose data is longer than the view', () => {
    const crop = createMask([1, 2, 3, 4, 5, 6], [2, 3]).hi(2, 2);
    expect(contiguous(crop).data).toEqual(new Uint8Array([1, 2, 4, 5]));
    const row = createMask([1, 2, 3, 4, 5, 6], [2, 3]).hi(1, 3);
    expect(contiguous(row).data).toEqual(new Uint8Array([1, 2, 3]));
  });
});

describe('conversions', () => {
  const grey16 = createImage(new Uint16Array([0, 257, 65535]), [1, 3]);

  it('pixels gives sizes and row-major samples of any view', () => {
    const image = createImage(new Uint8Array([1, 2, 3, 4, 5, 6]), [1, 2, 3]);
    expect(pixels(image)).toEqual({ data: image.data, height: 1, width: 2, channels: 3 });
    expect(pixels(grey16.transpose(1, 0)).height).toBe(3);
    expect(() => pixels(createLabels([0], [1, 1]) as never)).toThrow('image must hold a Uint8Array');
    expect(() => pixels({} as never)).toThrow(TypeError);
  });

  it('toFloat32 divides by the largest value of the type, toUint8 undoes it', () => {
    expect(Array.from(toFloat32(grey16).data)).toEqual([0, Math.fround(1 / 255), 1]);
    expect(toUint8(grey16).data).toEqual(new Uint8Array([0, 1, 255]));
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), (data) => {
        const image = createImage(data, [1, data.length]);
        expect(toUint8(toFloat32(image)).data).toEqual(data);
      }),
    );
    expect(() => toUint8(createImage(new Float32Array([1.5]), [1, 1]))).toThrow('samples in 0..1');
    expect(() => toUint8(createImage(new Float32Array([Number.NaN]), [1, 1]))).toThrow('got NaN');
  });

  it('toGrey weights 0.299, 0.587, 0.114 and leaves alpha out', () => {
    const rgba = createImage(new Uint8Array([100, 0, 0, 7, 0, 100, 0, 7, 0, 0, 100, 7]), [1, 3, 4]);
    expect(Array.from(toGrey(rgba).data, (value) => Math.round(value * 10) / 10)).toEqual([29.9, 58.7, 11.4]);
    expect(() => toGrey(createImage(new Uint8Array(2), [1, 1, 2]))).toThrow('1, 3 or 4 channels');
  });

  it('dtypeOf names the sample type', () => {
    expect([dtypeOf(grey16), dtypeOf(createLabels([1], [1, 1]))]).toEqual(['uint16', 'int32']);
  });

  it('stretchContrast maps the percentiles to 0 and 1: [0, 25, 75, 100] over 25..75 is 0, 0.1, 0.9, 1', () => {
    const image = createImage(new Uint8Array([0, 25, 75, 100]), [1, 4]);
    expect(Array.from(stretchContrast(image).data)).toEqual([0, 0.25, 0.75, 1]);
    // numpy.percentile([0, 25, 75, 100], [25, 75]) is 18.75 and 81.25
    expect(Array.from(stretchContrast(image, [25, 75]).data, (v) => Math.round(v * 1e4) / 1e4)).toEqual([
      0, 0.1, 0.9, 1,
    ]);
    expect(stretchContrast(createImage(new Uint8Array([5, 5]), [1, 2])).data).toEqual(new Float32Array(2));
    expect(() => stretchContrast(image, [50, 50])).toThrow('range must be two rising percentiles');
    expect(() => stretchContrast(createImage(new Float32Array([Number.NaN, 1]), [1, 2]))).toThrow('finite samples');
    expect(() => stretchContrast(createImage(new Float32Array([Number.NaN, 1]), [1, 2]), [1, 99])).toThrow(
      'finite samples',
    );
  });
});
