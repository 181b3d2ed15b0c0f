import { requireInteger, requireOneOf, show } from '../core/check.js';
import { FormatError } from '../core/errors.js';

/**
 * Class index by label: an object, or a list of labels whose first one becomes 1, the next 2, since 0 is background.
 */
export type ClassMapping = Readonly<Record<string, number>> | readonly string[];

/** Turns a mapping into a look-up; `undefined` for a label that is ignored. */
export function classLookup(
  classes: ClassMapping | undefined,
  unknown: 'error' | 'ignore',
): (label: string, place: string) => number | undefined {
  requireOneOf('unknown', unknown, ['error', 'ignore']);
  if (classes === null || typeof classes !== 'object') {
    throw new TypeError(`classes must be an object of label and index, or a list of labels, got ${show(classes)}.`);
  }
  const entries = Array.isArray(classes)
    ? classes.map((label: string, i): [string, number] => [label, i + 1])
    : Object.entries(classes);
  const indices = new Map<string, number>(entries);
  for (const [label, index] of indices) requireInteger(`classes["${label}"]`, index, { min: 0, max: 255 });
  return (label, place) => {
    const index = indices.get(label);
    if (index === undefined && unknown === 'error') {
      const known = [...indices.keys()].map((name) => `"${name}"`).join(', ');
      throw new FormatError(`${place}: the label "${label}" is not among the classes ${known || '(none)'}.`);
    }
    return index;
  };
}

/** Height and width of a picture. */
export interface PictureSize {
  /** Rows of pixels. */
  readonly height: number;
  /** Columns of pixels. */
  readonly width: number;
}

/** Throws where the annotations belong to an image of another size. */
export function requireAnnotatedSize(what: string, annotated: PictureSize, size: PictureSize | undefined): void {
  if (size !== undefined && (size.height !== annotated.height || size.width !== annotated.width)) {
    throw new FormatError(
      `${what} is annotated at ${annotated.height} x ${annotated.width} (height x width), ` +
        `but the image has ${size.height} x ${size.width}.`,
    );
  }
}
