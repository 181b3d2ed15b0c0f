/**
 * What each pixel of a feature map sees of the image along one axis, from `first` to `last` pixel. Maps of nets that
 * halve and double have no one window for all: pixel 7 behind a doubling sees what pixel 6 does. The windows repeat,
 * shifted, every {@link PERIOD} pixels of the image, so that one period of them says it all.
 */
export interface Windows {
  readonly first: Float64Array;
  readonly last: Float64Array;
}

/** No network halves its image more than eight times. */
const PERIOD = 256;

/** Pixels of the image itself. */
export function imageWindows(): Windows {
  const pixels = Float64Array.from({ length: PERIOD }, (_, i) => i);
  return { first: pixels, last: pixels };
}

/** Maps of which every pixel sees all. */
export function allWindows({ first }: Windows): Windows {
  const { length } = first;
  return {
    first: new Float64Array(length).fill(Number.NEGATIVE_INFINITY),
    last: new Float64Array(length).fill(Number.POSITIVE_INFINITY),
  };
}

/** The windows of a map of `factor` times the size, pixel `at` of which takes pixels `from(at)` to `to(at)`. */
export function windowsThrough(
  { first, last }: Windows,
  factor: number,
  from: (at: number) => number,
  to: (at: number) => number,
): Windows {
  const { length } = first;
  const shift = (at: number): number => Math.floor(at / length) * PERIOD;
  const within = (at: number): number => at - Math.floor(at / length) * length;
  const result = {
    first: new Float64Array(length * factor).fill(Number.POSITIVE_INFINITY),
    last: new Float64Array(length * factor).fill(Number.NEGATIVE_INFINITY),
  };
  for (let at = 0; at < length * factor; at++) {
    for (let source = from(at); source <= to(at); source++) {
      result.first[at] = Math.min(result.first[at]!, first[within(source)]! + shift(source));
      result.last[at] = Math.max(result.last[at]!, last[within(source)]! + shift(source));
    }
  }
  return result;
}

/** What a pixel sees that takes the same pixel of each of several maps of one size. */
export function joinWindows(maps: readonly Windows[]): Windows {
  const [one] = maps as readonly [Windows];
  return {
    first: one.first.map((_, at) => Math.min(...maps.map(({ first }) => first[at]!))),
    last: one.last.map((_, at) => Math.max(...maps.map(({ last }) => last[at]!))),
  };
}

/** Side of the largest window. */
export function largestWindow({ first, last }: Windows): number {
  return last.reduce((most, end, at) => Math.max(most, end - first[at]! + 1), 0);
}
