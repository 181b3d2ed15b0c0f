import { readFile } from 'node:fs/promises';
import { fileError, requirePath } from './fileErrors.js';

/** Reads a file whole, or throws one clear line. */
export async function readBytes(path: string): Promise<Uint8Array> {
  requirePath('path', path);
  try {
    return await readFile(path);
  } catch (error) {
    throw fileError(path, error);
  }
}
