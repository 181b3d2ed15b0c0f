import { extname } from 'node:path';
import { requirePath } from './fileErrors.js';

/** The format that the ending of a file's name asks for. */
export function outputFormat(path: string): 'png' | 'tiff' | 'npy' {
  requirePath('path', path);
  switch (extname(path).toLowerCase()) {
    case '.png':
      return 'png';
    case '.tif':
    case '.tiff':
      return 'tiff';
    case '.npy':
      return 'npy';
    default:
      throw new RangeError(`path must end in .png, .tif, .tiff or .npy, got "${path}".`);
  }
}
