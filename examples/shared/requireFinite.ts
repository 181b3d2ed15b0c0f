import { contiguous, type Image } from 'segkit';

/** Throws where an image of floats holds a sample that is no finite number: no network and no picture can show it. */
export function requireFinite(path: string, image: Image): void {
  if (!(image.data instanceof Float32Array)) return;
  const { data, shape } = contiguous(image);
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const [, width, channels = 1] = shape as [number, number, number?];
  const pixel = Math.floor(at / channels);
  throw new RangeError(
    `${path}: it must hold finite samples, got ${data[at]} at row ${Math.floor(pixel / width)}, column ${pixel % width}.`,
  );
}
