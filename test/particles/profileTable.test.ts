import { createImage, createLabels } from 'segkit/core';
import { label } from 'segkit/morphology';
import { profileTable, profileTableToCsv, profileTableToJson } from 'segkit/particles';
import { describe, expect, it } from 'vitest';
import { near } from '../morphology/golden.js';
import { grid } from '../morphology/grids.js';
import { byteImage, goldenLabels, packedArray, packedCases } from '../morphology/packed.js';

describe('profileTable, imagej', () => {
  const cases = packedCases('Analyze Particles');
  it.each(cases.map((c) => [c.name, c] as const))('equals ImageJ: %s', (_, c) => {
    const labels = goldenLabels(c.outputs.labels);
    const image = byteImage(c.inputs.image);
    const intensity = createImage(
      Uint8Array.from(image.data, (value) => (value > 0 ? 255 : 0)),
      image.shape,
    );
    const { rows } = profileTable(labels, { profile: 'imagej', intensity });
    const columns = c.params.columns as string[];
    const { data } = packedArray(c.outputs.table);
    expect(rows.length).toBe(c.outputs.count);
    const wrong: string[] = [];
    rows.forEach((row, i) => {
      for (const [k, name] of columns.entries()) {
        const golden = data[i * columns.length + k]!;
        if (!near(row[name]!, golden, c.tolerance)) wrong.push(`${name} of ${i}: ${row[name]} != ${golden}`);
      }
    });
    expect(wrong.slice(0, 12)).toEqual([]);
  });
});

/** What ImageJ 1.53t (Debian's) prints for two particles, redirected to a grey image; columns of no interest here left out. */
describe('profileTable, intensities of ImageJ', () => {
  const labels = label(grid('1 1 1 0 1\n1 1 1 0 1'));
  const bytes = [0, 5, 5, 9, 0, 9, 0, 7, 9, 0];
  it.each([
    [
      'floats: median between two, mode of 256 bins',
      createImage(new Float32Array([0, -1, 2.5, 9, 7, 2.6, 4, 4, 9, 7]), [2, 5]),
      {
        Mode: 3.990234375,
        Median: 2.55,
        XM: 1.822314060008735,
        Skew: -0.48136956422,
        Kurt: -1.3234126,
        '%Area': 250 / 3,
      },
      { Mode: 7, Median: 7, XM: 4.5, YM: 1, IntDen: 14, RawIntDen: 14, StdDev: 0, Skew: Number.NaN, '%Area': 100 },
    ],
    [
      'bytes: upper median, share above 0, nothing weighed about the centroid',
      createImage(Uint8Array.from(bytes), [2, 5]),
      { Mode: 0, Median: 5, XM: 1.6153846153846154, StdDev: 3.669695718539436, '%Area': 200 / 3 },
      { Mode: 0, Median: 0, XM: 4.5, YM: 1, IntDen: 0, Kurt: Number.NaN, '%Area': 0 },
    ],
    [
      '16 bits: nothing weighed nowhere',
      createImage(Uint16Array.from(bytes), [2, 5]),
      { Mode: 0, Median: 5, XM: 1.6153846153846154, '%Area': 200 / 3 },
      { XM: Number.NaN, YM: Number.NaN, '%Area': 0 },
    ],
  ])('%s', (_, intensity, ...expected) => {
    const { rows } = profileTable(labels, { profile: 'imagej', intensity });
    rows.forEach((row, i) => {
      for (const [name, value] of Object.entries(expected[i]!))
        expect(Math.abs(row[name]! - value) < 1e-6 || Object.is(row[name], value), name).toBe(true);
    });
  });
});

describe('profileTable, the others', () => {
  const block = label(grid('1 1 1\n1 1 1'));
  it('skimage has the names of regionprops_table', () => {
    const { columns, rows } = profileTable(block, { profile: 'skimage', calibration: { pixelSize: 2, unit: 'nm' } });
    expect(columns).toContain('equivalent_diameter_area');
    expect(columns).toContain('bbox-3');
    expect(columns).toContain('inertia_tensor-0-1');
    expect(rows[0]!.area).toBe(24);
    expect(rows[0]!['bbox-3']).toBe(3);
  });
  it('iso has sizes and factors under their symbols, also for pixels that are not square', () => {
    const { rows } = profileTable(block, {
      profile: 'iso',
      calibration: { pixelSize: { row: 1, column: 2 }, unit: 'nm' },
    });
    expect(rows[0]!.A).toBe(12);
    expect(rows[0]!.x_A).toBeCloseTo(Math.sqrt(48 / Math.PI), 12);
    expect(rows[0]!.x_MBRlength).toBe(6);
    expect(rows[0]!.x_MBRwidth).toBe(2);
    // A rectangle's own variance: 6 x 2 has the axes 4 * 6 / sqrt(12) and 4 * 2 / sqrt(12).
    expect(rows[0]!.x_Lmax).toBeCloseTo(24 / Math.sqrt(12), 12);
    expect(rows[0]!.x_Lmin).toBeCloseTo(8 / Math.sqrt(12), 12);
  });
  it('iso: a fibre 4 long and 1 thick has the elongation x_E / x_LG = 1 / 4, a pixel 1', () => {
    const { rows } = profileTable(label(grid('1 1 1 1 0 1')), {
      profile: 'iso',
      calibration: { pixelSize: 2, unit: 'nm' },
    });
    expect(rows.map(({ x_LG, x_E, elongation }) => [x_LG, x_E, elongation])).toEqual([
      [8, 2, 0.25],
      [2, 2, 1],
    ]);
  });
  it('segkit has the columns of the CSV; tables without particles keep their columns', () => {
    const { columns } = profileTable(block, { calibration: { pixelSize: 2, unit: 'nm' } });
    expect(columns).toContain('equivalentDiameter_nm');
    for (const profile of ['segkit', 'imagej', 'skimage', 'iso'] as const) {
      const none = profileTable(createLabels(undefined, [2, 2]), { profile });
      expect(none.rows).toEqual([]);
      expect(none.columns).toEqual(profileTable(block, { profile }).columns);
    }
  });
  it.each(['segkit', 'imagej', 'skimage', 'iso'] as const)(
    '%s goes to CSV and JSON and back, units in the headers',
    (profile) => {
      const calibration = { pixelSize: 0.5, unit: 'nm' } as const;
      const table = profileTable(label(grid('1 1 0 1\n1 1 0 0')), { profile, calibration });
      const [header, ...lines] = profileTableToCsv(table).trimEnd().split('\r\n');
      const names = header!.split(',');
      expect(names.some((name) => name.endsWith('_nm'))).toBe(true);
      expect(names.some((name) => name.endsWith('_nm2'))).toBe(true);
      expect(profileTableToCsv(table, { units: false }).split('\r\n')[0]).toBe(table.columns.join(','));
      const json = JSON.parse(profileTableToJson(table)) as { columns: string[]; rows: Array<Array<number | null>> };
      expect(json.columns).toEqual(names);
      expect(lines).toHaveLength(table.rows.length);
      table.rows.forEach((row, i) => {
        const fields = lines[i]!.split(',');
        table.columns.forEach((column, k) => {
          // A negative zero is written as 0.
          const value = row[column]! + 0;
          expect(fields[k] === '' ? Number.NaN : Number(fields[k]), column).toBe(value);
          expect(json.rows[i]![k], column).toBe(Number.isNaN(value) ? null : value);
        });
      });
      const none = profileTable(createLabels(undefined, [2, 2]), { profile, calibration });
      expect(profileTableToCsv(none)).toBe(`${header}\r\n`);
      expect(profileTableToCsv(table, { image: 'a,b' }).split('\r\n')[1]!.startsWith('"a,b",')).toBe(true);
    },
  );
  it('names no table as what it is', () => {
    // @ts-expect-error: particles are no table
    expect(() => profileTableToCsv([])).toThrow('table must be what profileTable returns, got ');
  });
  it('refuses oblong pixels where a program has no formula for them', () => {
    const calibration = { pixelSize: { row: 1, column: 2 }, unit: 'nm' } as const;
    expect(() => profileTable(block, { profile: 'imagej', calibration })).toThrow(
      'must be the same for rows and columns',
    );
  });
});
