import { createLabels } from '../core/arrays.js';
import { requireKnownOptions, requireOneOf } from '../core/check.js';
import type { Labels } from '../core/types.js';
import { type ClassMapping, classLookup, type PictureSize, requireAnnotatedSize } from './classMapping.js';
import { isFilled, paintCvatShape } from './cvatRaster.js';
import { instanceCounter } from './instanceCounter.js';
import type { CvatImage } from './parseCvatXml.js';

/** Options of {@link cvatToLabels}. */
export interface CvatToLabelsOptions {
  /** Labels to paint, as for `cvatToMask`; without it every label. */
  classes?: ClassMapping;
  /** What a label that is not in `classes` does. @defaultValue 'error' */
  unknown?: 'error' | 'ignore';
  /** Whether shapes of one label and one group (`group_id` above 0) are one instance. @defaultValue 'separate' */
  groups?: 'separate' | 'merge';
  /** Size of the picture that the labels are for; another annotated size is refused. */
  size?: PictureSize;
}

/**
 * Paints the shapes of a CVAT image as instances 1, 2, 3, ... from the lowest to the highest `z_order`, else in the order
 * of the file; later ones overwrite earlier ones, so an id may be hidden. Filled as by {@link cvatToMask}.
 *
 * @throws FormatError for a label that is not in `classes`, or where the sizes differ.
 *
 * @example
 * ```ts
 * const { images } = parseCvatXml(`<annotations><image id="0" name="a.png" width="3" height="1">
 *   <box label="a" xtl="0" ytl="0" xbr="1" ybr="0"/><box label="b" xtl="1" ytl="0" xbr="2" ybr="0"/>
 *   </image></annotations>`);
 * cvatToLabels(images[0]).data; // [1, 2, 2]
 * ```
 */
export function cvatToLabels(image: CvatImage, options: CvatToLabelsOptions = {}): Labels {
  requireKnownOptions('cvatToLabels', options, ['classes', 'unknown', 'groups', 'size']);
  const { classes, unknown = 'error', groups = 'separate', size } = options;
  requireOneOf('groups', groups, ['separate', 'merge']);
  const indexOf = classes === undefined ? () => 1 : classLookup(classes, unknown);
  const { height, width, shapes, name } = image;
  requireAnnotatedSize(`CVAT: image "${name}"`, image, size);
  const labels = createLabels(undefined, [height, width]);
  const canvas = { data: labels.data, height, width };
  const idOf = instanceCounter();
  for (const shape of shapes) {
    const place = `CVAT: <${shape.kind}> of image "${name}"`;
    if (!indexOf(shape.label, place) || !isFilled(shape)) continue;
    const group = groups === 'merge' && shape.groupId ? shape.groupId : undefined;
    paintCvatShape(canvas, shape, idOf(shape.label, group), place);
  }
  return labels;
}
