import { createImage, createLabels } from 'segkit/core';
import { type RegionProperty, regionProperties } from 'segkit/morphology';
import { describe, expect, it } from 'vitest';
import { differences, goldenArray, goldenCases } from './golden.js';

/** Columns of the golden table that bear another name than ours in snake_case. */
const RENAMED: Readonly<Record<string, string>> = { circularity: 'circularity_crofton' };

const PROPERTIES: readonly RegionProperty[] = [
  'label',
  'area',
  'areaBbox',
  'areaConvex',
  'areaFilled',
  'axisMajorLength',
  'axisMinorLength',
  'bbox',
  'centroid',
  'centroidLocal',
  'centroidWeighted',
  'circularity',
  'eccentricity',
  'equivalentDiameterArea',
  'eulerNumber',
  'extent',
  'feretDiameterMax',
  'inertiaTensor',
  'inertiaTensorEigvals',
  'intensityMax',
  'intensityMean',
  'intensityMin',
  'moments',
  'momentsCentral',
  'momentsHu',
  'momentsNormalized',
  'momentsWeighted',
  'momentsWeightedCentral',
  'momentsWeightedHu',
  'orientation',
  'perimeter',
  'perimeterCrofton',
  'solidity',
];

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

describe('regionProperties against scikit-image', () => {
  for (const golden of goldenCases('morphology', 'measure.regionprops_table')) {
    const columns = golden.params.columns as string[];
    const table = goldenArray('morphology', golden.outputs.table);
    const labels = goldenArray('morphology', golden.inputs.labels);
    const intensity = goldenArray('morphology', golden.inputs.intensity);
    const column = (name: string) => {
      const at = columns.indexOf(name);
      return at < 0
        ? undefined
        : Array.from({ length: table.shape[0]! }, (_, row) => table.data[row * columns.length + at]!);
    };
    const rows = regionProperties(createLabels(labels.data as Int32Array, labels.shape), {
      intensity: createImage(Float32Array.from(intensity.data), intensity.shape),
      properties: PROPERTIES,
    });

    it.each(PROPERTIES.map((property) => [property]))(`${golden.name}: %s`, (property) => {
      expect(rows).toHaveLength(table.shape[0]!);
      const name = RENAMED[property] ?? snake(property);
      // An angle names an axis: -pi / 2 and pi / 2 are one. Two kinds of regions are excused from `orientation`: where
      // both axes are alike, rounding in the peer decides; and where only the two second moments are equal, 0.19.3 had
      // the sign wrong (corrected in scikit-image 0.20): the angle of a diagonal is tested by hand elsewhere.
      const excused = (name: string, i: number) => {
        const [[a], [, c]] = rows[i]!.inertiaTensor;
        const { axisMajorLength, axisMinorLength } = rows[i]!;
        return name === 'orientation' && (a === c || axisMajorLength - axisMinorLength < 1e-6);
      };
      const axis = (angle: number) => (angle <= -Math.PI / 2 + 1e-12 ? angle + Math.PI : angle);
      const check = (suffix: string, actual: (i: number) => number) => {
        const expected = column(name + suffix);
        if (expected === undefined) throw new Error(`no golden column ${name}${suffix}`);
        const pairs = expected.map((value, i) => [actual(i), value] as const).filter((_, i) => !excused(property, i));
        // Intensities pass through float32 here.
        const tolerance = /intensity|weighted/i.test(property) ? golden.tolerance : golden.tolerance_f64;
        // Central moments of intensity may cancel to nothing: rounding to float32 is felt in proportion to their levers.
        const lever = (i: number) => {
          const [p = 0, q = 0] = property === 'momentsWeightedCentral' ? [...suffix.matchAll(/\d/g)].map(Number) : [];
          const [top, left, bottom, right] = rows[i]!.bbox;
          return Math.max(1, rows[i]!.area * rows[i]!.intensityMean * (bottom - top) ** p * (right - left) ** q);
        };
        if (property === 'momentsWeightedCentral') {
          for (const [i, value] of expected.entries()) {
            expect(Math.abs(actual(i) - value), name + suffix).toBeLessThanOrEqual(golden.tolerance * lever(i));
          }
          return;
        }
        expect(
          differences(
            pairs.map((pair) => pair[0]),
            pairs.map((pair) => (property === 'orientation' ? axis(pair[1]) : pair[1])),
            tolerance,
          ),
          name + suffix,
        ).toEqual([]);
      };
      const shape = rows[0]![property];
      if (!Array.isArray(shape)) check('', (i) => Number(rows[i]![property]));
      else if (!Array.isArray(shape[0]))
        shape.forEach((_, p) => {
          check(`_${p}`, (i) => (rows[i]![property] as number[])[p]!);
        });
      else {
        shape.forEach((line, p) => {
          (line as number[]).forEach((_, q) => {
            check(`_${p}_${q}`, (i) => (rows[i]![property] as number[][])[p]![q]!);
          });
        });
      }
    });
  }
});
