import { FormatError } from '../core/errors.js';
import type { CvatAnnotations, CvatImage } from './parseCvatXml.js';

/**
 * Returns the annotations of one image by its name: the full name, else the file name without folders. Without a name,
 * the only image of the file; never "all": exports often repeat the shapes of one image under several names.
 *
 * @throws FormatError where no image or more than one fits; the message lists the names.
 *
 * @example
 * ```ts
 * const annotations = parseCvatXml(`<annotations>
 *   <image id="0" name="day1/a.png" width="2" height="2"/>
 *   <image id="1" name="day1/b.png" width="2" height="2"/></annotations>`);
 * selectCvatImage(annotations, 'b.png').id; // 1
 * ```
 */
export function selectCvatImage({ images }: CvatAnnotations, name?: string): CvatImage {
  const names = images.map((image) => `"${image.name}"`).join(', ');
  if (name === undefined) {
    if (images.length === 1) return images[0]!;
    throw new FormatError(`CVAT: the file holds ${images.length} images, say which by its name: ${names}.`);
  }
  const exact = images.filter((image) => image.name === name);
  const base = baseName(name);
  const found = exact.length > 0 ? exact : images.filter((image) => baseName(image.name) === base);
  if (found.length === 1) return found[0]!;
  const count = found.length === 0 ? 'no image' : `${found.length} images`;
  throw new FormatError(`CVAT: the file holds ${count} named "${name}"; it holds ${names}.`);
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
