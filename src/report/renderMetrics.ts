import { requireInteger, show } from '../core/check.js';
import { dice } from '../metrics/dice.js';
import { iou } from '../metrics/iou.js';
import { meanDice } from '../metrics/meanDice.js';
import { meanIou } from '../metrics/meanIou.js';
import { meanPrecision } from '../metrics/meanPrecision.js';
import { meanRecall } from '../metrics/meanRecall.js';
import { pixelAccuracy } from '../metrics/pixelAccuracy.js';
import { precision } from '../metrics/precision.js';
import { recall } from '../metrics/recall.js';
import { escapeMarkup, formatNumber, formatPercent } from './markup.js';
import { scrollable } from './renderTable.js';
import type { MetricsSection } from './sections.js';

/** Returns the HTML of the metrics of each class, their means, and the confusion matrix. */
export function renderMetrics(name: string, { confusion, classNames, heading }: MetricsSection): string {
  requireInteger(`${name}.confusion.classes`, confusion?.classes, { min: 1, max: 256 });
  const { classes, counts } = confusion;
  if (!(counts instanceof Float64Array) || counts.length !== classes * classes) {
    throw new RangeError(`${name}.confusion.counts must hold ${classes * classes} counts, got ${show(counts)}.`);
  }
  const names = classNames ?? Array.from({ length: classes }, (_, i) => (i === 0 ? 'background' : `class ${i}`));
  if (names.length !== classes) {
    throw new RangeError(`${name}.classNames must have a name for each of ${classes} classes, got ${names.length}.`);
  }
  const escaped = names.map(escapeMarkup);
  return `${classTable(heading, confusion, escaped)}${matrixTable(heading, confusion, escaped)}`;
}

function classTable(heading: string, confusion: MetricsSection['confusion'], names: readonly string[]): string {
  const { classes, counts } = confusion;
  const columns = [iou, dice, precision, recall].map((metric) => metric(confusion));
  const cells = (values: readonly number[]) =>
    values.map((value) => `<td class="number">${Number.isNaN(value) ? '–' : value.toFixed(4)}</td>`).join('');
  const rows = names.map((name, i) => {
    const pixels = counts.subarray(i * classes, (i + 1) * classes).reduce((sum, count) => sum + count, 0);
    const values = cells(columns.map((column) => column[i]!));
    return `<tr><th scope="row">${name}</th>${values}<td class="number">${formatNumber(pixels, 15)}</td></tr>`;
  });
  const total = counts.reduce((sum, count) => sum + count, 0);
  const means = cells([meanIou(confusion), meanDice(confusion), meanPrecision(confusion), meanRecall(confusion)]);
  const head = ['Class', 'IoU', 'Dice', 'Precision', 'Recall', 'True pixels'].map(
    (label, i) => `<th scope="col"${i > 0 ? ' class="number"' : ''}>${label}</th>`,
  );
  const table = scrollable(
    `${heading}: metrics of each class`,
    `<thead><tr>${head.join('')}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n` +
      `<tfoot><tr><th scope="row">mean</th>${means}<td class="number">${formatNumber(total, 15)}</td></tr></tfoot>`,
  );
  const note = `Pixel accuracy ${formatPercent(pixelAccuracy(confusion))}. Means skip classes that do not occur.`;
  return `${table}<p class="note">${note}</p>\n`;
}

function matrixTable(
  heading: string,
  { classes, counts }: MetricsSection['confusion'],
  names: readonly string[],
): string {
  const rows = names.map((name, target) => {
    const row = Array.from(counts.subarray(target * classes, (target + 1) * classes));
    const sum = row.reduce((total, count) => total + count, 0);
    const cells = row.map((count) => {
      const share = count / sum;
      const strength = Number.isNaN(share) ? 0 : share;
      const ink = strength > 0.55 ? '#fff' : 'inherit';
      const style = `background:rgba(0,90,160,${(0.9 * strength).toFixed(3)});color:${ink}`;
      return `<td class="number" style="${style}">${formatPercent(share)}<small>${formatNumber(count, 15)}</small></td>`;
    });
    return `<tr><th scope="row">${name}</th>${cells.join('')}</tr>`;
  });
  const head = names.map((name) => `<th scope="col" class="number">${name}</th>`).join('');
  return `<h3>Confusion matrix</h3>\n${scrollable(
    `${heading}: confusion matrix`,
    `<thead><tr><th scope="col">true \\ predicted</th>${head}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>`,
    'matrix',
  )}<p class="note">Rows are true classes: shares of their pixels, and counts.</p>\n`;
}
