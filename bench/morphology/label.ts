// Labelling a 2048 x 2048 mask of about 3,600 particles, against scikit-image. Run: npx tsx bench/morphology/label.ts
import { label } from 'segkit/morphology';
import { discs, report, time, timePython } from './peer.js';

const mask = discs(2048, 6500, 1);
const rows = Object.fromEntries(
  ([4, 8] as const).map((connectivity) => {
    const name = `label, ${connectivity} neighbours`;
    const ours = time(() => label(mask, { connectivity }));
    const work = `label(arrays[0], connectivity=${connectivity / 4})`;
    return [name, report(name, ours, timePython([mask], 'from skimage.measure import label', work))];
  }),
);
console.log(JSON.stringify({ rows }));
