import { createImage, createMask, pixels } from '../core/arrays.js';
import type { Image, Labels, Mask } from '../core/types.js';
import { decodeLabels } from '../io/decodeLabels.js';
import { decodeMask } from '../io/decodeMask.js';
import { withPath } from './fileErrors.js';
import type { FilePair } from './folderPairs.js';
import { readBytes } from './readBytes.js';
import { readImage } from './readImage.js';

/** One image with its label as the files hold them. */
export interface DecodedPair {
  readonly image: Image;
  readonly mask: Mask;
  readonly labels?: Labels;
}

/** Reads a pair, and throws one line with the path of what is wrong. */
export async function readPair(
  { image: imagePath, label: labelPath }: FilePair,
  kind: 'class' | 'instance',
  classes: number | undefined,
): Promise<DecodedPair> {
  const image = withoutAlpha(imagePath, await readImage(imagePath));
  const bytes = await readBytes(labelPath);
  const decoded: Omit<DecodedPair, 'image'> = await withPath(labelPath, async () => {
    if (kind === 'class') return { mask: await classMask(bytes, classes) };
    const labels = await decodeLabels(bytes);
    return {
      mask: createMask(
        Uint8Array.from(labels.data, (id) => (id > 0 ? 1 : 0)),
        labels.shape,
      ),
      labels,
    };
  });
  const [height, width] = image.shape;
  if (decoded.mask.shape[0] !== height || decoded.mask.shape[1] !== width) {
    throw new RangeError(
      `image and label must have the same size: ${imagePath} is ${height} x ${width}, ` +
        `${labelPath} is ${decoded.mask.shape.join(' x ')} (rows x columns).`,
    );
  }
  return { image, ...decoded };
}

/** With two classes, masks of 0 and 255 and nothing else are read as 0 and 1: there is no other reading of them. */
async function classMask(bytes: Uint8Array, classes: number | undefined): Promise<Mask> {
  if (classes === 2) {
    const whole = await decodeMask(bytes, { binary: true });
    const stored = await decodeMask(bytes);
    if (stored.data.every((value) => value === 0 || value === 255)) return whole;
  }
  return decodeMask(bytes, classes === undefined ? {} : { classes });
}

/** Drops an alpha channel that is opaque everywhere. */
function withoutAlpha(path: string, image: Image): Image {
  const { data, height, width, channels } = pixels(image);
  if (channels === 1) return channels === image.shape[2] ? createImage(data, [height, width]) : image;
  if (channels === 3) return image;
  if (channels > 4) throw new RangeError(`${path}: the image must have 1 to 4 channels, got ${channels}.`);
  const opaque = data instanceof Uint8Array ? 255 : data instanceof Uint16Array ? 65535 : 1;
  for (let i = channels - 1; i < data.length; i += channels) {
    if (data[i] !== opaque) throw new RangeError(`${path}: the image must be opaque, got an alpha of ${data[i]}.`);
  }
  return channels === 2 ? image.pick(null, null, 0) : image.hi(height, width, 3);
}

/** Whether all channels of an image are alike, so that one says it all. */
export function isGrey(image: Image): boolean {
  const { data, channels } = pixels(image);
  if (channels === 1) return true;
  for (let i = 0; i < data.length; i += 3) {
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  }
  return true;
}

/**
 * Returns an image with the channels asked for, in its own sample type. Colours become grey as 0.299 R + 0.587 G +
 * 0.114 B, rounded for integers; alike channels are kept exactly.
 */
export function withChannels(image: Image, channels: 'grey' | 'rgb'): Image {
  const { data, height, width, channels: given } = pixels(image);
  const size = height * width;
  if (channels === 'grey') {
    if (given === 1) return image;
    const whole = !(data instanceof Float32Array);
    const grey = data.slice(0, size);
    for (let i = 0, from = 0; i < size; i++, from += 3) {
      const value = (299 * data[from]! + 587 * data[from + 1]! + 114 * data[from + 2]!) / 1000;
      const same = data[from] === data[from + 1] && data[from] === data[from + 2];
      grey[i] = same ? data[from]! : whole ? Math.round(value) : value;
    }
    return createImage(grey, [height, width]);
  }
  if (given === 3) return image;
  const Samples = data.constructor as { new (length: number): typeof data };
  const colors = new Samples(size * 3);
  for (let i = 0; i < colors.length; i++) colors[i] = data[Math.floor(i / 3)]!;
  return createImage(colors, [height, width, 3]);
}
