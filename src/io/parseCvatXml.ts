import { parseXml, type XmlElement } from '@rgrove/parse-xml';
import { FormatError } from '../core/errors.js';
import { guarded } from './bytes.js';
import { type CvatShape, isElement, readCvatShape, readNumber } from './cvatShapes.js';

/** The shapes drawn on one image. */
export interface CvatImage {
  /** Number that CVAT gave the image. */
  readonly id: number;
  /** File name, with folders where the task has them. */
  readonly name: string;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Shapes from the lowest to the highest `z_order`, else as in the file. */
  readonly shapes: readonly CvatShape[];
  /** Names of elements of the image that are not read, each once: `cuboid`, `skeleton`, `tag`. */
  readonly skipped: readonly string[];
}

/** What a "CVAT for images 1.1" file holds. The names and e-mail addresses of annotators are not kept. */
export interface CvatAnnotations {
  /** Class names that the task declares, in its order. */
  readonly labels: readonly string[];
  /** The images in the order of the file. */
  readonly images: readonly CvatImage[];
}

/**
 * Reads a "CVAT for images 1.1" XML file: polygons, ellipses, boxes, brush masks (RLE), and polylines and points.
 * Choose one of its images with {@link selectCvatImage}.
 *
 * @throws FormatError where the XML is malformed or of another kind (CVAT for video), a coordinate is not a finite number,
 * or the runs of a mask do not fill its box; the message names the element and the image.
 *
 * @example
 * ```ts
 * const { images } = parseCvatXml(`<annotations><version>1.1</version>
 *   <image id="0" name="a.png" width="4" height="3">
 *     <polygon label="bubble" points="0.5,0.2;2.9,0;2,2" z_order="0"/>
 *   </image></annotations>`);
 * images[0].shapes[0].label; // 'bubble'
 * ```
 */
export function parseCvatXml(text: string): CvatAnnotations {
  if (typeof text !== 'string') throw new TypeError(`text must be a string of XML, got ${typeof text}.`);
  const document = guarded('CVAT: the XML is malformed', () => parseXml(text.replace(/^\ufeff/, '')));
  const root = document.root;
  if (root?.name !== 'annotations') {
    throw new FormatError(`CVAT: the root element must be <annotations>, got <${root?.name}>.`);
  }
  const elements = root.children.filter(isElement);
  if (elements.some(({ name }) => name === 'track')) {
    throw new FormatError('CVAT: the file is "CVAT for video 1.1" (it holds tracks); export "CVAT for images 1.1".');
  }
  const images = elements.filter(({ name }) => name === 'image').map(readImage);
  if (images.length === 0) throw new FormatError('CVAT: the file holds no <image>.');
  const meta = elements.find(({ name }) => name === 'meta');
  return { labels: meta === undefined ? [] : [...new Set(declaredLabels(meta))], images };
}

function readImage(element: XmlElement, index: number): CvatImage {
  const { name, id, width, height } = element.attributes;
  const place = `CVAT: <image> ${index}`;
  if (name === undefined) throw new FormatError(`${place} has no name.`);
  const side = (text: string | undefined, key: string) => {
    const value = readNumber(text, key, `${place} ("${name}")`);
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new FormatError(`${place} ("${name}"): ${key} must be a whole number above 0, got ${value}.`);
    }
    return value;
  };
  const shapes: CvatShape[] = [];
  const skipped = new Set<string>();
  for (const child of element.children.filter(isElement)) {
    const shape = readCvatShape(child, `image "${name}"`);
    if (shape === undefined) skipped.add(child.name);
    else shapes.push(shape);
  }
  return {
    id: readNumber(id, 'id', place, index),
    name,
    width: side(width, 'width'),
    height: side(height, 'height'),
    shapes: shapes.sort((a, b) => a.zOrder - b.zOrder),
    skipped: [...skipped],
  };
}

/** Names within meta > task | job | project > labels > label. */
function declaredLabels(element: XmlElement): string[] {
  return element.children.filter(isElement).flatMap((child) => {
    if (child.name !== 'label') return declaredLabels(child);
    const name = child.children.filter(isElement).find((part) => part.name === 'name');
    return name === undefined ? [] : [name.text.trim()];
  });
}
