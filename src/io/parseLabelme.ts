import { show } from '../core/check.js';
import { FormatError } from '../core/errors.js';
import type { Mask, Point } from '../core/types.js';
import { fromBase64, guarded } from './bytes.js';
import { decodePng } from './decodePng.js';

/** Kinds of LabelMe shapes. */
export type LabelmeShapeType =
  | 'polygon'
  | 'rectangle'
  | 'oriented_rectangle'
  | 'circle'
  | 'mask'
  | 'point'
  | 'points'
  | 'line'
  | 'linestrip';

/** One shape of a LabelMe file. */
export interface LabelmeShape {
  /** Class name. */
  readonly label: string;
  /** What `points` mean: corners; two corners; centre and a point on the rim; the box of a mask. */
  readonly shapeType: LabelmeShapeType;
  /** Points `[x, y]` as stored. */
  readonly points: readonly Point[];
  /** Shapes of the same label and group are one instance; `undefined` without a group. */
  readonly groupId?: number;
  /** Pixels of a shape of type mask, 0 and 1, whose first one lies at the upper left corner of the box. */
  readonly mask?: Mask;
}

/** What a LabelMe JSON file holds. */
export interface LabelmeAnnotations {
  /** Name of the image file, with forward slashes. */
  readonly imagePath: string;
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** Shapes in the order of the file. */
  readonly shapes: readonly LabelmeShape[];
  /** The embedded image file (PNG or JPEG), for {@link decodeImage}; `undefined` where it is not embedded. */
  readonly imageData?: Uint8Array;
}

/**
 * Reads a LabelMe JSON file. Flags and descriptions are not kept.
 *
 * @throws FormatError where the text is no JSON or no LabelMe file, a shape has an unknown type, a wrong number of points or
 * a coordinate that is not a finite number; the message names the shape.
 *
 * @example
 * ```ts
 * const annotations = parseLabelme(JSON.stringify({
 *   imagePath: '..\\a.png', imageHeight: 2, imageWidth: 3, imageData: null,
 *   shapes: [{ label: 'cell', shape_type: 'rectangle', points: [[2, 1], [1, 0]], group_id: null }],
 * }));
 * annotations.imagePath; // '../a.png'
 * ```
 */
export function parseLabelme(text: string): LabelmeAnnotations {
  if (typeof text !== 'string') throw new TypeError(`text must be a string of JSON, got ${show(text)}.`);
  const file: unknown = guarded('LabelMe: the JSON is malformed', () => JSON.parse(text.replace(/^\ufeff/, '')));
  if (!isRecord(file) || !Array.isArray(file.shapes)) {
    throw new FormatError('LabelMe: the file must be an object with a list "shapes".');
  }
  const side = (key: 'imageHeight' | 'imageWidth') => {
    const value = file[key];
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
      throw new FormatError(`LabelMe: ${key} must be a whole number above 0, got ${show(value)}.`);
    }
    return value;
  };
  const { imageData, imagePath } = file;
  return {
    imagePath: typeof imagePath === 'string' ? imagePath.replaceAll('\\', '/') : '',
    height: side('imageHeight'),
    width: side('imageWidth'),
    shapes: file.shapes.map(readShape),
    ...(typeof imageData === 'string' && { imageData: fromBase64('LabelMe: imageData', imageData) }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Fewest and most points of a shape. */
function pointRange(type: unknown): readonly [LabelmeShapeType, number, number] | undefined {
  const most = Number.POSITIVE_INFINITY;
  switch (type) {
    case 'polygon':
      return [type, 3, most];
    case 'rectangle':
    case 'circle':
    case 'line':
    case 'mask':
      return [type, 2, 2];
    case 'oriented_rectangle':
      return [type, 4, 4];
    case 'point':
      return [type, 1, 1];
    case 'points':
    case 'linestrip':
      return [type, 1, most];
    default:
      return undefined;
  }
}

function readShape(shape: unknown, index: number): LabelmeShape {
  if (!isRecord(shape) || typeof shape.label !== 'string') {
    throw new FormatError(`LabelMe: shape ${index} must be an object with a label.`);
  }
  const { label, group_id } = shape;
  const place = `LabelMe: shape ${index} ("${label}")`;
  const range = pointRange(shape.shape_type ?? 'polygon');
  if (range === undefined) throw new FormatError(`${place} has the unknown type ${show(shape.shape_type)}.`);
  const [shapeType, fewest, most] = range;
  if (!Array.isArray(shape.points)) throw new FormatError(`${place} has no list of points.`);
  const points = shape.points.map((point: unknown, i): Point => {
    const [x, y]: unknown[] = Array.isArray(point) ? point : [];
    if (typeof x !== 'number' || typeof y !== 'number' || !(Math.abs(x) < 2 ** 31 && Math.abs(y) < 2 ** 31)) {
      throw new FormatError(`${place}: point ${i} must be two finite numbers below 2^31, got ${show(point)}.`);
    }
    return [x, y];
  });
  if (points.length < fewest || points.length > most) {
    const count = fewest === most ? `${fewest}` : `at least ${fewest}`;
    throw new FormatError(`${place}: a ${shapeType} must have ${count} points, got ${points.length}.`);
  }
  if (group_id !== undefined && group_id !== null && !Number.isSafeInteger(group_id)) {
    throw new FormatError(`${place}: group_id must be a whole number or null, got ${show(group_id)}.`);
  }
  return {
    label,
    shapeType,
    points,
    ...(typeof group_id === 'number' && { groupId: group_id }),
    ...(shapeType === 'mask' && { mask: readMask(shape.mask, points, place) }),
  };
}

/** The PNG holds exactly the pixels of the box, whose corners are both included. */
function readMask(data: unknown, points: readonly Point[], place: string): Mask {
  if (typeof data !== 'string') throw new FormatError(`${place}: a mask must hold a base64 PNG, got ${show(data)}.`);
  const image = decodePng(fromBase64(`${place}: the mask`, data), { palette: 'indices' });
  const [[x1, y1], [x2, y2]] = points as readonly [Point, Point];
  const height = Math.trunc(y2) - Math.trunc(y1) + 1;
  const width = Math.trunc(x2) - Math.trunc(x1) + 1;
  if (image.shape.length !== 2 || !(image.data instanceof Uint8Array)) {
    throw new FormatError(`${place}: the mask must be one channel of 8 bits or less, got ${show(image)}.`);
  }
  if (image.shape[0] !== height || image.shape[1] !== width) {
    throw new FormatError(
      `${place}: the mask must fill its box of ${height} x ${width}, got ${image.shape[0]} x ${image.shape[1]}.`,
    );
  }
  const mask = image as Mask;
  for (let i = 0; i < mask.data.length; i++) if (mask.data[i]! > 0) mask.data[i] = 1;
  return mask;
}
