// Metrics of 2048 x 2048 pixels against scikit-learn, NumPy and SciPy: npm run bench:metrics. The last line gives how many
// times ours are faster; /usr/bin/python3 needs python3-sklearn and python3-scipy.
import { createMask, Random } from 'segkit/core';
import {
  averagePrecision,
  boundaryDistances,
  confusionMatrix,
  hausdorffDistance,
  instanceCounts,
  multilabelCounts,
  thresholdSweep,
} from 'segkit/metrics';
import { label } from 'segkit/morphology';
import { discs, report, time, timePython } from '../morphology/peer.js';

const side = 2048;
const target = discs(side, 6500, 1);
const shifted = discs(side, 6500, 3);
const random = new Random(2);
const noisy = createMask(
  target.data.map((value) => (random.uniform() < 0.05 ? 1 - value : value)),
  [side, side],
);
// Scores of 256 levels, higher inside the target.
const levels = createMask(
  target.data.map((value) => Math.floor(random.uniform(0, 156)) + 100 * value),
  [side, side],
);
const scores = Float32Array.from(levels.data, (level) => level / 255);
const [targetInts, shiftedInts] = [Int32Array.from(target.data), Int32Array.from(shifted.data)];
const [targetLabels, shiftedLabels] = [label(target), label(shifted)];

const sklearn = 'from sklearn.metrics import confusion_matrix\nt, p = arrays[0].ravel(), arrays[1].ravel()';
const bincount = 't, p = arrays[0].ravel(), arrays[1].ravel()';
const counting = 'np.bincount(2 * t.astype(np.int64) + p, minlength=4)';
const rows: Record<string, { ms: number; ratio?: number }> = {};
const compare = (
  name: string,
  ours: () => unknown,
  masks: Parameters<typeof timePython>[0],
  prepare: string,
  work: string,
) => {
  rows[name] = report(name, time(ours, 9), timePython(masks, prepare, work, 3));
};

compare(
  'confusion matrix, scikit-learn',
  () => confusionMatrix(target, shifted, { classes: 2 }),
  [target, shifted],
  sklearn,
  'confusion_matrix(t, p)',
);
compare(
  'the same, 5 % noise',
  () => confusionMatrix(target, noisy, { classes: 2 }),
  [target, noisy],
  sklearn,
  'confusion_matrix(t, p)',
);
compare(
  'the same, numbers of int32',
  () => confusionMatrix(targetInts, shiftedInts, { classes: 2 }),
  [target, shifted],
  `${sklearn}\nt, p = t.astype(np.int32), p.astype(np.int32)`,
  'confusion_matrix(t, p)',
);
compare(
  'confusion matrix, NumPy bincount',
  () => confusionMatrix(target, shifted, { classes: 2 }),
  [target, shifted],
  bincount,
  counting,
);
compare(
  'binary counts of scores, NumPy',
  () => multilabelCounts(target, scores, { classes: 1, threshold: 0.5 }),
  [target, levels],
  `${bincount}\np = p.astype(np.float32) / 255`,
  'np.bincount(2 * t.astype(np.int64) + (p >= 0.5), minlength=4)',
);
compare(
  '99 thresholds, NumPy histograms',
  () => thresholdSweep(target, scores),
  [target, levels],
  `${bincount}\np = p.astype(np.float32) / 255\ne = np.concatenate([[-1], np.arange(1, 100) / 100, [2]])`,
  'np.histogram(p[t == 1], e); np.histogram(p[t == 0], e)',
);
compare(
  'average precision, scikit-learn',
  () => averagePrecision(target, scores),
  [target, levels],
  'from sklearn.metrics import average_precision_score\nt, p = arrays[0].ravel(), arrays[1].ravel().astype(np.float32) / 255',
  'average_precision_score(t, p)',
);
compare(
  'Hausdorff 95, SciPy',
  () => hausdorffDistance(boundaryDistances(target, shifted), { percentile: 95 }),
  [target, shifted],
  `from scipy.ndimage import distance_transform_edt as edt, binary_erosion as erode
def hd95(a, b):
    a, b = a ^ erode(a), b ^ erode(b)
    return max(np.percentile(edt(~b)[a], 95), np.percentile(edt(~a)[b], 95))
t, p = arrays[0] > 0, arrays[1] > 0`,
  'hd95(t, p)',
);
compare(
  'overlaps of 3,600 objects, SciPy',
  () => instanceCounts(targetLabels, shiftedLabels, { threshold: 0.5 }),
  [target, shifted],
  `from scipy.ndimage import label
from scipy.sparse import coo_matrix
t, p = (label(a, np.ones((3, 3)))[0] for a in arrays)
ones = np.ones(t.size, np.int32)
def iou():
    c = coo_matrix((ones, (t.ravel(), p.ravel()))).tocsr()
    c.sum_duplicates()
    a, b = np.bincount(t.ravel()), np.bincount(p.ravel())
    c = c.tocoo()
    return c.data / (a[c.row] + b[c.col] - c.data)`,
  'iou()',
);
const ratios = Object.fromEntries(Object.entries(rows).map(([name, { ratio }]) => [name, Number(ratio?.toFixed(2))]));
const milliseconds = Object.fromEntries(Object.entries(rows).map(([name, { ms }]) => [name, Number(ms.toFixed(2))]));
console.log(JSON.stringify({ ratios, milliseconds }));
