import fc from 'fast-check';
import { createProbabilityMap, type Mask, type ProbabilityMap } from 'segkit/core';
import { argmaxMask, postprocess, thresholdMask } from 'segkit/inference';
import { describe, expect, it } from 'vitest';

/** A map of `classes` that says each digit of a picture with certainty, or of one class where not given. */
function certain(picture: readonly string[], classes?: number): ProbabilityMap {
  const ids = picture.flatMap((row) => [...row].map(Number));
  const shape = [picture.length, picture[0]!.length];
  if (classes === undefined) return createProbabilityMap(Float32Array.from(ids), shape);
  const data = new Float32Array(ids.length * classes);
  ids.forEach((id, i) => {
    data[i * classes + id] = 1;
  });
  return createProbabilityMap(data, [...shape, classes]);
}

const drawn = (mask: Mask): string[] =>
  Array.from({ length: mask.shape[0]! }, (_, row) =>
    Array.from({ length: mask.shape[1]! }, (_, column) => mask.get(row, column)).join(''),
  );

const rings = [
  '1110000', //
  '1010220',
  '1110200',
  '0000000',
  '1000001',
];

describe('postprocess', () => {
  it('is argmaxMask or thresholdMask where nothing is to be cleaned', () => {
    const three = certain(rings, 3);
    expect(postprocess(three)).toEqual(argmaxMask(three));
    expect(postprocess(three, { classIndex: 2 })).toEqual(thresholdMask(three, { classIndex: 2 }));
    const two = certain(['0110'], 2);
    expect(postprocess(two, { threshold: 0.9 })).toEqual(thresholdMask(two, { threshold: 0.9 }));
    expect(drawn(postprocess(certain(['0110'])))).toEqual(['0110']);
  });

  it('fills holes, removes objects below 3 pixels, and those at the border, class by class', () => {
    const three = certain(rings, 3);
    expect(drawn(postprocess(three, { fillHoles: true }))).toEqual([
      '1110000',
      '1110220',
      '1110200',
      '0000000',
      '1000001',
    ]);
    expect(drawn(postprocess(three, { minSize: 3 }))).toEqual(['1110000', '1010220', '1110200', '0000000', '0000000']);
    expect(drawn(postprocess(three, { minSize: 4 }))).toEqual(['1110000', '1010000', '1110000', '0000000', '0000000']);
    expect(drawn(postprocess(three, { clearBorder: true }))).toEqual([
      '0000000',
      '0000220',
      '0000200',
      '0000000',
      '0000000',
    ]);
  });

  it('fills before it measures: a ring of 8 pixels around one is 9', () => {
    const ring = certain(['00000', '01110', '01010', '01110', '00000']);
    expect(drawn(postprocess(ring, { fillHoles: true, minSize: 9 }))[2]).toBe('01110');
    expect(drawn(postprocess(ring, { minSize: 9 }))[2]).toBe('00000');
  });

  it('leaves another class inside a hole alone', () => {
    const nested = certain(['11111', '10001', '10201', '10001', '11111'], 3);
    expect(drawn(postprocess(nested, { fillHoles: true }))).toEqual(['11111', '11111', '11211', '11111', '11111']);
  });

  it('joins corners with connectivity 8 only', () => {
    const diagonal = certain(['100', '010', '001']);
    expect(drawn(postprocess(diagonal, { minSize: 3 }))).toEqual(['100', '010', '001']);
    expect(drawn(postprocess(diagonal, { minSize: 3, connectivity: 4 }))).toEqual(['000', '000', '000']);
  });

  it('lets the background out of a diamond across its corners with connectivity 4 only', () => {
    const diamond = certain(['00000', '00100', '01010', '00100', '00000']);
    expect(drawn(postprocess(diamond, { fillHoles: true }))[2]).toBe('01110');
    expect(drawn(postprocess(diamond, { fillHoles: true, connectivity: 4 }))[2]).toBe('01010');
  });

  it('only takes pixels away without filling, and changes nothing a second time', () => {
    const pictures = fc.array(fc.string({ unit: fc.constantFrom('0', '1', '2'), minLength: 6, maxLength: 6 }), {
      minLength: 3,
      maxLength: 8,
    });
    fc.assert(
      fc.property(pictures, fc.integer({ min: 0, max: 5 }), fc.boolean(), (picture, minSize, clearBorder) => {
        const once = postprocess(certain(picture, 3), { minSize, clearBorder });
        once.data.forEach((id, i) => {
          expect([0, Number(picture.join('')[i])]).toContain(id);
        });
        expect(postprocess(certain(drawn(once), 3), { minSize, clearBorder })).toEqual(once);
      }),
    );
  });

  it('names what is out of range', () => {
    const three = certain(rings, 3);
    expect(() => postprocess(three, { minSize: -1 })).toThrow('minSize must be an integer at least 0, got -1.');
    expect(() => postprocess(three, { connectivity: 6 as never })).toThrow('connectivity must be one of 4, 8, got 6.');
    expect(() => postprocess(three, { threshold: 0.5 })).toThrow('classIndex must be given for a map of 3 classes');
    expect(() => postprocess(three, { closing: 3 } as never)).toThrow('postprocess has no option "closing"');
    expect(() => postprocess([1] as never)).toThrow('probability must be an image');
  });
});
