import { createLabels } from '../core/arrays.js';
import { requireKnownOptions } from '../core/check.js';
import type { Labels } from '../core/types.js';
import { type ClassMapping, classLookup, type PictureSize, requireAnnotatedSize } from './classMapping.js';
import { instanceCounter } from './instanceCounter.js';
import { isFilled, paintLabelmeShape } from './labelmeRaster.js';
import type { LabelmeAnnotations } from './parseLabelme.js';

/** Options of {@link labelmeToLabels}. */
export interface LabelmeToLabelsOptions {
  /** Labels to paint, as for `labelmeToMask`; without it every label. */
  classes?: ClassMapping;
  /** What a label that is not in `classes` does. @defaultValue 'error' */
  unknown?: 'error' | 'ignore';
  /** Size of the picture that the labels are for; another annotated size is refused. */
  size?: PictureSize;
}

/**
 * Paints the shapes of a LabelMe file as instances 1, 2, 3, ... in the order of the file. Shapes of the same label and
 * group are one instance, a shape without a group is always its own; later ones overwrite earlier ones. Filled as by
 * {@link labelmeToMask}.
 *
 * @throws FormatError for a label that is not in `classes`, or where the sizes differ.
 *
 * @example
 * ```ts
 * const box = (x, group_id) => ({ label: 'cell', shape_type: 'rectangle', points: [[x, 0], [x, 0]], group_id });
 * const shapes = [box(0, 5), box(1, null), box(2, 5)];
 * const annotations = parseLabelme(JSON.stringify({ imageHeight: 1, imageWidth: 4, shapes }));
 * labelmeToLabels(annotations).data; // [1, 2, 1, 0]
 * ```
 */
export function labelmeToLabels(annotations: LabelmeAnnotations, options: LabelmeToLabelsOptions = {}): Labels {
  requireKnownOptions('labelmeToLabels', options, ['classes', 'unknown', 'size']);
  const { classes, unknown = 'error', size } = options;
  const indexOf = classes === undefined ? () => 1 : classLookup(classes, unknown);
  const { height, width, shapes, imagePath } = annotations;
  requireAnnotatedSize(`LabelMe: image "${imagePath}"`, annotations, size);
  const labels = createLabels(undefined, [height, width]);
  const canvas = { data: labels.data, height, width };
  const idOf = instanceCounter();
  shapes.forEach((shape, i) => {
    const place = `LabelMe: shape ${i} of "${imagePath}"`;
    if (!indexOf(shape.label, place) || !isFilled(shape)) return;
    paintLabelmeShape(canvas, shape, idOf(shape.label, shape.groupId), place);
  });
  return labels;
}
