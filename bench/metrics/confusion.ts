// The confusion matrix of two 2048 x 2048 masks, against scikit-learn's. Run: npx tsx bench/metrics/confusion.ts
import { createMask, Random } from 'segkit/core';
import { confusionMatrix } from 'segkit/metrics';
import { discs, report, time, timePython } from '../morphology/peer.js';

const target = discs(2048, 6500, 1);
const random = new Random(2);
const noisy = createMask(
  target.data.map((value) => (random.uniform() < 0.05 ? 1 - value : value)),
  [2048, 2048],
);
const shifted = discs(2048, 6500, 3);

const prepare = 'from sklearn.metrics import confusion_matrix\nt, p = arrays[0].ravel(), arrays[1].ravel()';
const rows = Object.fromEntries(
  [['clean masks', shifted] as const, ['5 % of the pixels wrong at random', noisy] as const].map(
    ([name, predicted]) => {
      const ours = time(() => confusionMatrix(target, predicted, { classes: 2 }));
      return [name, report(name, ours, timePython([target, predicted], prepare, 'confusion_matrix(t, p)', 3))];
    },
  ),
);
console.log(JSON.stringify({ rows }));
