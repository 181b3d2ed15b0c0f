import { createImage } from '../core/arrays.js';
import { FormatError } from '../core/errors.js';
import type { Image } from '../core/types.js';
import { guarded, requireBytes, requireMemory, viewOf } from './bytes.js';
import { sniffFormat } from './sniffFormat.js';

/**
 * Decodes a JPEG file, baseline or progressive, 8 bits: uint8, `[height, width]` for grey or `[height, width, 3]` RGB.
 * The orientation in Exif data is not applied. Asynchronous, since the decoder (jpeg-js) is loaded when first needed.
 *
 * @throws FormatError where the file is no JPEG, is damaged or ends early (never part of an image), and for CMYK,
 * lossless, arithmetic and 12-bit files.
 *
 * @example
 * ```ts
 * const broken = new Uint8Array([0xff, 0xd8, 0xff, 0xd9]);
 * const message = await decodeJpeg(broken).catch((error) => error.name);
 * message; // 'FormatError'
 * ```
 */
export async function decodeJpeg(bytes: Uint8Array): Promise<Image> {
  requireBytes('bytes', bytes);
  if (sniffFormat(bytes) !== 'jpeg') throw new FormatError('JPEG: the file does not begin with the JPEG signature.');
  const { width, height, components } = checkMarkers(bytes);
  requireMemory('JPEG', height, width, 3);
  const { default: jpeg } = await import('jpeg-js');
  const { data } = guarded('JPEG: the image data cannot be decoded', () =>
    jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxResolutionInMP: (width * height) / 1e6 + 1,
      maxMemoryUsageInMB: 16384,
    }),
  );
  if (components === 3) return createImage(new Uint8Array(data), [height, width, 3]);
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i++) grey[i] = data[i * 3]!;
  return createImage(grey, [height, width]);
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: number;
}

/** Follows the markers from start to end of image: jpeg-js fills up a file that ends early. */
function checkMarkers(bytes: Uint8Array): Frame {
  const view = viewOf(bytes);
  const endsEarly = () => new FormatError(`JPEG: the file ends at byte ${bytes.length}, before its end mark.`);
  let frame: Frame | undefined;
  let scans = 0;
  for (let at = 2; ; ) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
    if (at + 2 > bytes.length) throw endsEarly();
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff) throw new FormatError(`JPEG: a marker was expected at byte ${at}.`);
    if (marker === 0xd9) break;
    if (at + 4 > bytes.length) throw endsEarly();
    const length = view.getUint16(at + 2);
    const end = at + 2 + length;
    if (length < 2) throw new FormatError(`JPEG: the segment at byte ${at} has a wrong length.`);
    if (end > bytes.length) throw endsEarly();
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      if (frame !== undefined) throw new FormatError('JPEG: there must be one frame, got several.');
      frame = readFrame(bytes.subarray(at + 4, end), marker);
    }
    at = end;
    if (marker === 0xda) {
      scans++;
      while (at + 1 < bytes.length && (bytes[at] !== 0xff || isWithinScan(bytes[at + 1]!))) at++;
      if (at + 1 >= bytes.length) throw endsEarly();
    }
  }
  if (frame === undefined || scans === 0) throw new FormatError('JPEG: the file holds no image data.');
  return frame;
}

/** A stuffed zero, a restart mark or a fill byte after 0xff: the scan goes on. */
function isWithinScan(next: number): boolean {
  return next === 0 || next === 0xff || (next >= 0xd0 && next <= 0xd7);
}

function readFrame(segment: Uint8Array, marker: number): Frame {
  if (segment.length < 6) throw new FormatError('JPEG: the frame header is too short.');
  const view = viewOf(segment);
  const precision = view.getUint8(0);
  const height = view.getUint16(1);
  const width = view.getUint16(3);
  const components = view.getUint8(5);
  if (marker > 0xc2) throw new FormatError('JPEG: lossless, hierarchical and arithmetic coding are not supported.');
  if (precision !== 8) throw new FormatError(`JPEG: samples must have 8 bits, got ${precision}.`);
  if (width === 0 || height === 0)
    throw new FormatError(`JPEG: the image must not be empty, got ${width} x ${height}.`);
  if (components !== 1 && components !== 3) {
    throw new FormatError(`JPEG: the image must be grey or of three colours, got ${components} components.`);
  }
  return { width, height, components };
}
