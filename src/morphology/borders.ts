import { requireOneOf } from '../core/check.js';

/**
 * What lies beyond the border of an image `a b c d`: `'nearest'` d d d, `'reflect'` d c b, `'mirror'` c b a, `'wrap'`
 * a b c, `'constant'` 0 0 0. The names are SciPy's.
 */
export type BorderMode = 'nearest' | 'reflect' | 'mirror' | 'wrap' | 'constant';

/** Throws unless `mode` is a border mode. */
export function requireBorderMode(mode: unknown): asserts mode is BorderMode {
  requireOneOf('mode', mode, ['nearest', 'reflect', 'mirror', 'wrap', 'constant']);
}

/** The index that stands for one beyond the border, -1 where that is 0. */
export function beyond(index: number, length: number, mode: BorderMode): number {
  if (index >= 0 && index < length) return index;
  switch (mode) {
    case 'constant':
      return -1;
    case 'nearest':
      return index < 0 ? 0 : length - 1;
    case 'wrap':
      return ((index % length) + length) % length;
    case 'reflect': {
      const place = ((index % (2 * length)) + 2 * length) % (2 * length);
      return place < length ? place : 2 * length - 1 - place;
    }
    case 'mirror': {
      if (length === 1) return 0;
      const period = 2 * length - 2;
      const place = ((index % period) + period) % period;
      return place < length ? place : period - place;
    }
  }
}

/** Places of the columns -before .. length + after - 1, see {@link beyond}. */
export function paddedPlaces(length: number, before: number, after: number, mode: BorderMode): Int32Array {
  return Int32Array.from({ length: length + before + after }, (_, i) => beyond(i - before, length, mode));
}
