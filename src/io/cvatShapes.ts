import type { XmlElement } from '@rgrove/parse-xml';
import { FormatError } from '../core/errors.js';
import type { Point } from '../core/types.js';

/** What every CVAT shape carries. */
export interface CvatShapeBase {
  /** Class name. */
  readonly label: string;
  /** Stacking order; bigger is nearer to the viewer. */
  readonly zOrder: number;
  /** Shapes of the same group belong together; `undefined` without one. */
  readonly groupId?: number;
  /** The annotator marked it as partly hidden. */
  readonly occluded: boolean;
  /** Further attributes by name. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A closed outline. */
export interface CvatPolygon extends CvatShapeBase {
  /** Tells shapes apart. */
  readonly kind: 'polygon';
  /** Corners `[x, y]` as stored. */
  readonly points: readonly Point[];
}

/** Lines or single points, which enclose nothing: kept, never filled. */
export interface CvatOpenShape extends CvatShapeBase {
  /** Tells shapes apart. */
  readonly kind: 'polyline' | 'points';
  /** Points `[x, y]` as stored. */
  readonly points: readonly Point[];
}

/** An ellipse. */
export interface CvatEllipse extends CvatShapeBase {
  /** Tells shapes apart. */
  readonly kind: 'ellipse';
  /** Column of the centre. */
  readonly cx: number;
  /** Row of the centre. */
  readonly cy: number;
  /** Half axis along x before turning. */
  readonly rx: number;
  /** Half axis along y before turning. */
  readonly ry: number;
  /** Degrees, clockwise on the screen. */
  readonly rotation: number;
}

/** A rectangle. */
export interface CvatBox extends CvatShapeBase {
  /** Tells shapes apart. */
  readonly kind: 'box';
  /** Left edge. */
  readonly xtl: number;
  /** Top edge. */
  readonly ytl: number;
  /** Right edge. */
  readonly xbr: number;
  /** Bottom edge. */
  readonly ybr: number;
  /** Degrees about the centre, clockwise on the screen. */
  readonly rotation: number;
}

/** Pixels painted with the brush. */
export interface CvatMask extends CvatShapeBase {
  /** Tells shapes apart. */
  readonly kind: 'mask';
  /** First column of the box that holds the pixels. */
  readonly left: number;
  /** First row of the box. */
  readonly top: number;
  /** Columns of the box. */
  readonly width: number;
  /** Rows of the box. */
  readonly height: number;
  /** Lengths of runs, row by row within the box, background first. */
  readonly runs: readonly number[];
}

/** One shape of an image; `kind` tells which. */
export type CvatShape = CvatPolygon | CvatOpenShape | CvatEllipse | CvatBox | CvatMask;

/** Reads the element of a shape; `undefined` for an element that is none. `where` names the image for messages. */
export function readCvatShape(element: XmlElement, where: string): CvatShape | undefined {
  const { name } = element;
  const place = `CVAT: <${name}> of ${where}`;
  const number = (key: string, otherwise?: number) => readNumber(element.attributes[key], key, place, otherwise);
  switch (name) {
    case 'polygon':
    case 'polyline':
    case 'points':
      return { kind: name, ...readBase(element, place), points: readPoints(element.attributes.points, place) };
    case 'ellipse': {
      const rotation = number('rotation', 0);
      const [cx, cy, rx, ry] = [number('cx'), number('cy'), number('rx'), number('ry')];
      if (rx < 0 || ry < 0) throw new FormatError(`${place}: rx and ry must not be negative, got ${rx} and ${ry}.`);
      return { kind: name, ...readBase(element, place), cx, cy, rx, ry, rotation };
    }
    case 'box': {
      const [xtl, ytl, xbr, ybr] = [number('xtl'), number('ytl'), number('xbr'), number('ybr')];
      if (xbr < xtl || ybr < ytl)
        throw new FormatError(`${place}: the right bottom corner must not lie left or above.`);
      return { kind: name, ...readBase(element, place), xtl, ytl, xbr, ybr, rotation: number('rotation', 0) };
    }
    case 'mask': {
      const [left, top, width, height] = [number('left'), number('top'), number('width'), number('height')];
      const runs = readRuns(element.attributes.rle, width, height, place);
      return { kind: name, ...readBase(element, place), left, top, width, height, runs };
    }
    default:
      return undefined;
  }
}

function readBase(element: XmlElement, place: string): CvatShapeBase {
  const { label, z_order, group_id, occluded } = element.attributes;
  if (label === undefined) throw new FormatError(`${place} has no label.`);
  const attributes: Record<string, string> = {};
  for (const child of element.children) {
    if (isElement(child) && child.name === 'attribute') attributes[child.attributes.name ?? ''] = child.text;
  }
  return {
    label,
    zOrder: readNumber(z_order, 'z_order', place, 0),
    ...(group_id !== undefined && { groupId: readNumber(group_id, 'group_id', place) }),
    occluded: occluded === '1',
    attributes,
  };
}

/** True for a node that is an element; text and comments are not. */
export function isElement(node: { readonly type: string }): node is XmlElement {
  return node.type === 'element';
}

/** Reads a finite number of an attribute, within the range of 32-bit integers. */
export function readNumber(text: string | undefined, key: string, place: string, otherwise?: number): number {
  if (text === undefined && otherwise !== undefined) return otherwise;
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  if (!(Math.abs(value) < 2 ** 31)) {
    throw new FormatError(
      `${place}: ${key} must be a finite number below 2^31, got ${text === undefined ? 'none' : `"${text}"`}.`,
    );
  }
  return value;
}

function readPoints(text: string | undefined, place: string): Point[] {
  if (text === undefined || text.trim() === '') throw new FormatError(`${place} has no points.`);
  return text.split(';').map((pair, i) => {
    const parts = pair.split(',');
    if (parts.length !== 2) throw new FormatError(`${place}: point ${i} must be "x,y", got "${pair}".`);
    return [readNumber(parts[0], `x of point ${i}`, place), readNumber(parts[1], `y of point ${i}`, place)];
  });
}

function readRuns(text: string | undefined, width: number, height: number, place: string): number[] {
  if (text === undefined) throw new FormatError(`${place} has no rle.`);
  const runs = text.split(',').map((run, i) => readNumber(run, `run ${i}`, place));
  const bad = runs.find((run) => !Number.isSafeInteger(run) || run < 0);
  if (bad !== undefined) throw new FormatError(`${place}: run lengths must be whole numbers of 0 or more, got ${bad}.`);
  const total = runs.reduce((sum, run) => sum + run, 0);
  if (total !== width * height) {
    throw new FormatError(
      `${place}: the runs must fill the box of ${height} x ${width} = ${width * height} pixels, got ${total}.`,
    );
  }
  return runs;
}
