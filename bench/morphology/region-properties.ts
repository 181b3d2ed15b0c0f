// Region properties of about 3,600 particles at 2048 x 2048, against scikit-image. Run: npx tsx bench/morphology/region-properties.ts
import { label, type RegionProperty, regionProperties } from 'segkit/morphology';
import { discs, report, time, timePython } from './peer.js';

const mask = discs(2048, 6500, 1);
const sets: Readonly<Record<string, readonly RegionProperty[]>> = {
  'area, bbox, centroid': ['area', 'bbox', 'centroid'],
  'the default of segkit': [
    'area',
    'bbox',
    'centroid',
    'equivalentDiameterArea',
    'perimeter',
    'perimeterCrofton',
    'axisMajorLength',
    'axisMinorLength',
    'eccentricity',
    'orientation',
  ],
  'with hull, Feret, Euler, Hu': [
    'area',
    'bbox',
    'centroid',
    'equivalentDiameterArea',
    'perimeter',
    'perimeterCrofton',
    'feretDiameterMax',
    'eccentricity',
    'orientation',
    'axisMajorLength',
    'axisMinorLength',
    'solidity',
    'areaConvex',
    'extent',
    'eulerNumber',
    'momentsHu',
  ],
};
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const rows = Object.fromEntries(
  Object.entries(sets).map(([name, properties]) => {
    const ours = time(() => regionProperties(label(mask), { properties }), 9);
    const names = ['label', ...properties].map((property) => `'${snake(property)}'`).join(', ');
    const peer = timePython(
      [mask],
      'from skimage.measure import label, regionprops_table',
      `regionprops_table(label(arrays[0]), properties=(${names}))`,
      2,
    );
    return [name, report(`label + ${name}`, ours, peer)];
  }),
);
console.log(JSON.stringify({ rows }));
