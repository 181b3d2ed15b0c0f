import type { NdArray } from 'ndarray';
import type { Image, Labels, LengthUnit, Mask, PerAxis } from './types.js';

/** A short picture of any value for an error message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return value.length > 60 ? `"${value.slice(0, 57)}..."` : `"${value}"`;
  if (typeof value === 'function') return `a function`;
  if (value === null || typeof value !== 'object') return String(value);
  if (isNdArray(value)) return `a ${value.data?.constructor?.name} of shape [${value.shape.join(', ')}]`;
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name} of ${(value as Uint8Array).length} elements`;
  if (Array.isArray(value)) {
    return value.length > 8 ? `an array of ${value.length} elements` : `[${value.map(show).join(', ')}]`;
  }
  const name = value.constructor?.name;
  return name && name !== 'Object' ? `a ${name}` : `an object with keys ${Object.keys(value).join(', ') || '(none)'}`;
}

/** Whether a value is an ndarray. */
export function isNdArray(value: unknown): value is NdArray {
  return typeof value === 'object' && value !== null && 'shape' in value && 'stride' in value && 'data' in value;
}

/** Bounds of a number; `min` and `max` are inclusive, `above` and `below` exclusive. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly below?: number;
}

function boundsText({ min, max, above, below }: Bounds): string {
  const parts: string[] = [];
  if (min !== undefined) parts.push(`at least ${min}`);
  if (above !== undefined) parts.push(`above ${above}`);
  if (max !== undefined) parts.push(`at most ${max}`);
  if (below !== undefined) parts.push(`below ${below}`);
  return parts.length > 0 ? ` ${parts.join(' and ')}` : '';
}

function within(value: number, { min, max, above, below }: Bounds): boolean {
  return (
    (min === undefined || value >= min) &&
    (max === undefined || value <= max) &&
    (above === undefined || value > above) &&
    (below === undefined || value < below)
  );
}

/** Throws unless `value` is a finite number within `bounds`. */
export function requireNumber(name: string, value: unknown, bounds: Bounds = {}): asserts value is number {
  if (typeof value !== 'number')
    throw new TypeError(`${name} must be a number${boundsText(bounds)}, got ${show(value)}.`);
  if (!Number.isFinite(value) || !within(value, bounds)) {
    throw new RangeError(`${name} must be a finite number${boundsText(bounds)}, got ${value}.`);
  }
}

/** Throws unless `value` is a safe integer within `bounds`. */
export function requireInteger(name: string, value: unknown, bounds: Bounds = {}): asserts value is number {
  if (typeof value !== 'number')
    throw new TypeError(`${name} must be an integer${boundsText(bounds)}, got ${show(value)}.`);
  if (!Number.isSafeInteger(value) || !within(value, bounds)) {
    throw new RangeError(`${name} must be an integer${boundsText(bounds)}, got ${value}.`);
  }
}

/** Throws unless `value` is a probability in 0..1. */
export function requireProbability(name: string, value: unknown): asserts value is number {
  requireNumber(name, value, { min: 0, max: 1 });
}

/** Throws unless `value` is one of `allowed`. */
export function requireOneOf<T>(name: string, value: unknown, allowed: readonly T[]): asserts value is T {
  if (!allowed.includes(value as T)) {
    throw new RangeError(`${name} must be one of ${allowed.map(show).join(', ')}, got ${show(value)}.`);
  }
}

/** Throws unless `value` is a unit of length. */
export function requireLengthUnit(name: string, value: unknown): asserts value is LengthUnit {
  requireOneOf<LengthUnit>(name, value, ['px', 'pm', 'nm', 'um', 'mm', 'm']);
}

/** Throws where `options` has a key that is not known: an option that is accepted is never ignored. */
export function requireKnownOptions(name: string, options: unknown, known: readonly string[]): void {
  if (options === null || typeof options !== 'object' || Array.isArray(options)) {
    throw new TypeError(`the options of ${name} must be an object, got ${show(options)}.`);
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new RangeError(`${name} has no option ${show(key)}; it takes ${known.join(', ')}.`);
    }
  }
}

/** Returns a quantity for rows and columns; throws unless each is a finite number within `bounds`. */
export function rowAndColumn(name: string, value: PerAxis, bounds: Bounds): [row: number, column: number] {
  if (typeof value === 'object' && value !== null) {
    requireKnownOptions(name, value, ['row', 'column']);
    requireNumber(`${name}.row`, value.row, bounds);
    requireNumber(`${name}.column`, value.column, bounds);
    return [value.row, value.column];
  }
  requireNumber(name, value, bounds);
  return [value, value];
}

function requireArray(name: string, value: unknown, what: string, ranks: readonly number[]): asserts value is NdArray {
  if (!isNdArray(value)) throw new TypeError(`${name} must be ${what}, got ${show(value)}.`);
  if (!ranks.includes(value.shape.length) || value.shape.some((side) => !Number.isInteger(side) || side < 1)) {
    throw new RangeError(`${name} must be ${what} without empty axes, got shape [${value.shape.join(', ')}].`);
  }
}

/** Throws unless `value` is an ndarray of 8-bit, 16-bit or float samples, `[height, width]` or `[height, width, channels]`. */
export function requireImage(name: string, value: unknown): asserts value is Image {
  requireArray(name, value, 'an image, an ndarray of shape [height, width] or [height, width, channels]', [2, 3]);
  const { data } = value;
  if (!(data instanceof Uint8Array || data instanceof Uint16Array || data instanceof Float32Array)) {
    throw new TypeError(`${name} must hold a Uint8Array, Uint16Array or Float32Array, got ${show(data)}.`);
  }
}

/** Throws unless `value` is an ndarray of Uint8Array class indices, `[height, width]`. */
export function requireMask(name: string, value: unknown): asserts value is Mask {
  requireArray(name, value, 'a mask, an ndarray of shape [height, width]', [2]);
  if (!(value.data instanceof Uint8Array)) {
    throw new TypeError(`${name} must hold a Uint8Array of class indices, got ${show(value.data)}.`);
  }
}

/** Throws unless `value` is an ndarray of Int32Array instance ids, `[height, width]`. */
export function requireLabels(name: string, value: unknown): asserts value is Labels {
  requireArray(name, value, 'labels, an ndarray of shape [height, width]', [2]);
  if (!(value.data instanceof Int32Array)) {
    throw new TypeError(`${name} must hold an Int32Array of instance ids, got ${show(value.data)}.`);
  }
}

/** Throws unless both arrays have the same height and width. */
export function requireSameSize(name: string, value: NdArray, otherName: string, other: NdArray): void {
  if (value.shape[0] !== other.shape[0] || value.shape[1] !== other.shape[1]) {
    throw new RangeError(
      `${name} must have the height and width of ${otherName}, ${other.shape[0]} x ${other.shape[1]}, ` +
        `got ${value.shape[0]} x ${value.shape[1]}.`,
    );
  }
}

/** Throws unless `actual` equals `expected`; `-1` in `expected` allows any side. */
export function requireShape(name: string, actual: readonly number[], expected: readonly number[]): void {
  if (actual.length !== expected.length || expected.some((side, axis) => side !== -1 && side !== actual[axis])) {
    const picture = expected.map((side) => (side === -1 ? 'any' : side)).join(', ');
    throw new RangeError(`${name} must have shape [${picture}], got [${actual.join(', ')}].`);
  }
}
