import { createMask } from '../core/arrays.js';
import { requireKnownOptions } from '../core/check.js';
import type { Mask } from '../core/types.js';
import { type ClassMapping, classLookup, type PictureSize, requireAnnotatedSize } from './classMapping.js';
import { isFilled, paintLabelmeShape } from './labelmeRaster.js';
import type { LabelmeAnnotations } from './parseLabelme.js';

/** Options of {@link labelmeToMask}. */
export interface LabelmeToMaskOptions {
  /** Class index of each label: `{ cell: 1 }`, or the labels in order, `['cell']`, the first being 1. */
  classes: ClassMapping;
  /** What a label that is not in `classes` does. @defaultValue 'error' */
  unknown?: 'error' | 'ignore';
  /** Size of the picture that the mask is for; another annotated size is refused. */
  size?: PictureSize;
}

/**
 * Paints the shapes of a LabelMe file into a class mask, later ones over earlier ones, pixel for pixel as LabelMe does
 * (Pillow's polygons and ellipses, coordinates cut toward zero): polygons, rectangles, circles and masks. Points, lines
 * and linestrips enclose nothing and are left out (LabelMe itself draws them 10 pixels wide).
 *
 * @throws FormatError for a label that is not in `classes`, a mask that does not lie within the image, or where the sizes
 * differ.
 *
 * @example
 * ```ts
 * const shape = { label: 'cell', shape_type: 'rectangle', points: [[2, 1], [1, 0]] };
 * const annotations = parseLabelme(JSON.stringify({ imageHeight: 2, imageWidth: 3, shapes: [shape] }));
 * labelmeToMask(annotations, { classes: { cell: 7 } }).data; // [0, 7, 7, 0, 7, 7]
 * ```
 */
export function labelmeToMask(annotations: LabelmeAnnotations, options: LabelmeToMaskOptions): Mask {
  requireKnownOptions('labelmeToMask', options, ['classes', 'unknown', 'size']);
  const { classes, unknown = 'error', size } = options;
  const indexOf = classLookup(classes, unknown);
  const { height, width, shapes, imagePath } = annotations;
  requireAnnotatedSize(`LabelMe: image "${imagePath}"`, annotations, size);
  const mask = createMask(undefined, [height, width]);
  const canvas = { data: mask.data, height, width };
  shapes.forEach((shape, i) => {
    const place = `LabelMe: shape ${i} of "${imagePath}"`;
    const index = indexOf(shape.label, place);
    if (index !== undefined && isFilled(shape)) paintLabelmeShape(canvas, shape, index, place);
  });
  return mask;
}
