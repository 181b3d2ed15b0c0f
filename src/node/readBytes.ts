import { readFile } from 'node:fs/promises';
import { fileError, requirePath } from './fileErrors.js';

/** Reads a file whole, or throws one clear line. */
export async function readBytes(path: string): Promise<Uint8Array> {
  requirePath('path', path);
  try {
    const { buffer, byteOffset, length } = await readFile(path);
    // A plain view: the slice of a Buffer shares its memory, that of a Uint8Array copies it.
    return new Uint8Array(buffer, byteOffset, length);
  } catch (error) {
    throw fileError(path, error);
  }
}
