import { requireInteger } from '../core/check.js';

/** Red, green and blue, each an integer in 0..255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * Returns the colour of a class or instance id: the seven hues of Okabe and Ito, which people with any of the common
 * colour-vision deficiencies tell apart, then the same seven lighter, then darker, then from the start again. Id 0,
 * the background, is black.
 *
 * @throws RangeError for an id that is not an integer of 0 or more.
 * @see M. Okabe, K. Ito: Color Universal Design (2002), jfly.uni-koeln.de/color
 *
 * @example
 * ```ts
 * labelColor(1); // [230, 159, 0]
 * labelColor(0); // [0, 0, 0]
 * ```
 */
export function labelColor(id: number): Rgb {
  requireInteger('id', id, { min: 0 });
  if (id === 0) return [0, 0, 0];
  const hues: readonly Rgb[] = [
    [230, 159, 0],
    [86, 180, 233],
    [0, 158, 115],
    [240, 228, 66],
    [0, 114, 178],
    [213, 94, 0],
    [204, 121, 167],
  ];
  const [red, green, blue] = hues[(id - 1) % hues.length]!;
  const tier = Math.floor((id - 1) / hues.length) % 3;
  const toward = tier === 1 ? 255 : 0;
  const share = tier === 0 ? 0 : 0.4;
  const blend = (value: number) => Math.round(value + (toward - value) * share);
  return [blend(red), blend(green), blend(blue)];
}
