import { createMask, type Mask } from 'segkit';
import { diceLoss, type Loss } from 'segkit/losses';
import { type ConfusionMatrix, confusionMatrix, meanIou } from 'segkit/metrics';

const mask: Mask = createMask([0, 1], [1, 2]);
const matrix: ConfusionMatrix = confusionMatrix(mask, mask, { classes: 2 });
export const score: number = meanIou(matrix);
export const loss: Loss = diceLoss({ mode: 'multiclass' });
// @ts-expect-error classes is needed
confusionMatrix(mask, mask, {});
