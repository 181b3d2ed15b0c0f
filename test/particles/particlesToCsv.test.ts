import fc from 'fast-check';
import { createImage, createLabels } from 'segkit/core';
import { label } from 'segkit/morphology';
import { measureParticles, type Particle, particlesToCsv } from 'segkit/particles';
import { describe, expect, it } from 'vitest';
import { masks } from '../morphology/grids.js';

const HEADER =
  'label,numPixels,area_nm2,equivalentDiameter_nm,perimeter_nm,circularity,axisMajor_nm,axisMinor_nm,eccentricity,' +
  'orientation_rad,feretMax_nm,feretMin_nm,solidity,centroidRow_pixels,centroidColumn_pixels,centroidRow_nm,' +
  'centroidColumn_nm,minRow_pixels,minColumn_pixels,maxRow_pixels,maxColumn_pixels,touchesBorder';

describe('particlesToCsv', () => {
  const [particle] = measureParticles(createLabels([0, 3, 3], [1, 3]), { calibration: { pixelSize: 0.1, unit: 'nm' } });

  it('has units in the header and a row a particle, each ended by CRLF', () => {
    const [header, row, end, ...rest] = particlesToCsv([particle!]).split('\r\n');
    expect(header).toBe(HEADER);
    expect(row!.split(',').slice(0, 3)).toEqual(['3', '2', String(particle!.area)]);
    expect(row!.endsWith(',0,1,1,3,true')).toBe(true);
    expect(end).toBe('');
    expect(rest).toEqual([]);
  });

  it('is the header alone without particles', () => {
    expect(particlesToCsv([], { unit: 'nm' })).toBe(`${HEADER}\r\n`);
    expect(particlesToCsv([])).toContain('area_px2');
  });

  it('quotes the name of the image where it has to (RFC 4180)', () => {
    const rows = (image: string) => particlesToCsv([particle!], { image }).split('\r\n');
    expect(rows('a.png')[0]!.startsWith('image,label,')).toBe(true);
    expect(rows('a.png')[1]!.startsWith('a.png,3,')).toBe(true);
    expect(rows('5 nm, "good"')[1]!.startsWith('"5 nm, ""good""",3,')).toBe(true);
  });

  it('leaves undefined numbers empty, and has the intensity where there is one', () => {
    const [one] = measureParticles(createLabels([1], [1, 1]), { intensity: createImage(new Uint8Array([8]), [1, 1]) });
    const [header, row] = particlesToCsv([one!]).split('\r\n');
    const at = header!.split(',').indexOf('orientation_rad');
    expect(row!.split(',')[at]).toBe('');
    expect(header!.endsWith(',meanIntensity')).toBe(true);
    expect(row!.endsWith(',8')).toBe(true);
  });

  it('reads back to the same numbers', () => {
    fc.assert(
      fc.property(masks(1), fc.double({ min: 0.001, max: 50, noNaN: true }), (mask, pixelSize) => {
        const particles = measureParticles(label(mask), { calibration: { pixelSize, unit: 'um' } });
        const [header, ...rows] = particlesToCsv(particles)
          .trimEnd()
          .split('\r\n')
          .map((line) => line.split(','));
        expect(rows).toHaveLength(particles.length);
        const keys: ReadonlyArray<readonly [string, keyof Particle]> = [
          ['area_um2', 'area'],
          ['equivalentDiameter_um', 'equivalentDiameter'],
          ['circularity', 'circularity'],
          ['feretMin_um', 'feretMin'],
        ];
        rows.forEach((row, i) => {
          for (const [name, key] of keys) expect(Number(row[header!.indexOf(name)])).toBe(particles[i]![key]);
        });
      }),
    );
  });

  it('refuses mixed units, mixed intensities and other things', () => {
    const [pixel] = measureParticles(createLabels([1], [1, 1]));
    expect(() => particlesToCsv([particle!, pixel!])).toThrow('particles must have the unit nm, got px at index 1.');
    expect(() => particlesToCsv([particle!], { unit: 'um' })).toThrow(
      'particles must have the unit um, got nm at index 0.',
    );
    expect(() => particlesToCsv([pixel!, { ...pixel!, meanIntensity: 3 }])).toThrow('a meanIntensity or none');
    // @ts-expect-error: not particles
    expect(() => particlesToCsv({})).toThrow('particles must be an array');
    // @ts-expect-error: not a unit
    expect(() => particlesToCsv([], { unit: 'inch' })).toThrow('unit must be one of');
  });
});
