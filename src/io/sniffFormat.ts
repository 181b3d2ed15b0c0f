/** File formats that {@link sniffFormat} tells apart. */
export type ImageFormat = 'png' | 'jpeg' | 'tiff' | 'npy';

/**
 * Tells the format of an image file from its first bytes, whatever its name says; `undefined` for anything else.
 *
 * @example
 * ```ts
 * sniffFormat(encodePng(createImage(new Uint8Array(4), [2, 2]))); // 'png'
 * ```
 */
export function sniffFormat(bytes: Uint8Array): ImageFormat | undefined {
  const starts = (...signature: readonly number[]) => signature.every((byte, i) => bytes[i] === byte);
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (starts(0xff, 0xd8, 0xff)) return 'jpeg';
  if (starts(0x49, 0x49, 42, 0) || starts(0x4d, 0x4d, 0, 42)) return 'tiff';
  if (starts(0x49, 0x49, 43, 0) || starts(0x4d, 0x4d, 0, 43)) return 'tiff';
  if (starts(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59)) return 'npy';
  return undefined;
}
