import { createMask } from '../core/arrays.js';
import { requireKnownOptions } from '../core/check.js';
import type { Mask } from '../core/types.js';
import { type ClassMapping, classLookup, type PictureSize, requireAnnotatedSize } from './classMapping.js';
import { isFilled, paintCvatShape } from './cvatRaster.js';
import type { CvatImage } from './parseCvatXml.js';

/** Options of {@link cvatToMask}. */
export interface CvatToMaskOptions {
  /** Class index of each label: `{ bubble: 1 }`, or the labels in order, `['bubble']`, the first being 1. */
  classes: ClassMapping;
  /** What a label that is not in `classes` does. @defaultValue 'error' */
  unknown?: 'error' | 'ignore';
  /** Size of the picture that the mask is for; another annotated size is refused. */
  size?: PictureSize;
}

/**
 * Paints the shapes of a CVAT image into a class mask, from the lowest to the highest `z_order`, later ones over earlier
 * ones. Coordinates are cut toward zero and filled as OpenCV does, the outline included; polylines and points are left
 * out.
 *
 * @throws FormatError for a label that is not in `classes`, or where the sizes differ.
 *
 * @example
 * ```ts
 * const { images } = parseCvatXml(`<annotations><image id="0" name="a.png" width="3" height="2">
 *   <box label="particle" xtl="1" ytl="0" xbr="2" ybr="1"/></image></annotations>`);
 * cvatToMask(images[0], { classes: ['particle'] }).data; // [0, 1, 1, 0, 1, 1]
 * ```
 */
export function cvatToMask(image: CvatImage, options: CvatToMaskOptions): Mask {
  requireKnownOptions('cvatToMask', options, ['classes', 'unknown', 'size']);
  const { classes, unknown = 'error', size } = options;
  const indexOf = classLookup(classes, unknown);
  const { height, width, shapes, name } = image;
  requireAnnotatedSize(`CVAT: image "${name}"`, image, size);
  const mask = createMask(undefined, [height, width]);
  const canvas = { data: mask.data, height, width };
  for (const shape of shapes) {
    const place = `CVAT: <${shape.kind}> of image "${name}"`;
    const index = indexOf(shape.label, place);
    if (index !== undefined && isFilled(shape)) paintCvatShape(canvas, shape, index, place);
  }
  return mask;
}
