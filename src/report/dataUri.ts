import { requireImage, show } from '../core/check.js';
import type { Image } from '../core/types.js';
import { encodePng } from '../io/encodePng.js';
import { type Stretch, toRgb } from './rgb.js';

/** A picture that needs no file beside the page. */
export interface EmbeddedPng {
  readonly uri: string;
  readonly height: number;
  readonly width: number;
}

/** Returns an image, or the bytes of a PNG file, as a data URI. */
export function embedPng(name: string, image: Image | Uint8Array, stretch: Stretch): EmbeddedPng {
  const bytes = image instanceof Uint8Array ? image : encodeShown(name, image, stretch);
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  if (bytes.length < 33 || signature.some((byte, i) => bytes[i] !== byte)) {
    throw new RangeError(`${name} must be an image or the bytes of a PNG file, got ${show(bytes)}.`);
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { uri: `data:image/png;base64,${toBase64(bytes)}`, width: header.getUint32(16), height: header.getUint32(20) };
}

function encodeShown(name: string, image: Image, stretch: Stretch): Uint8Array {
  requireImage(name, image);
  const grey = image.shape.length === 2 && image.data instanceof Uint8Array && stretch === 'auto';
  return encodePng(grey ? image : toRgb(name, image, stretch));
}

/** Base64 in pieces whose length is a multiple of three, so that they join without padding. */
function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 24576) {
    parts.push(btoa(String.fromCharCode(...bytes.subarray(at, at + 24576))));
  }
  return parts.join('');
}
