import { FormatError } from '../core/errors.js';

/** Whether an error is one of the system calls', with a code such as `ENOENT`. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** Returns an error of one clear line for a system call that failed on `path`; other errors as they are. */
export function fileError(path: string, error: unknown, kind: 'file' | 'folder' = 'file'): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const texts: Readonly<Record<string, string>> = {
    ENOENT: `no such ${kind}: ${path}`,
    EISDIR: `expected a file, got a folder: ${path}`,
    ENOTDIR: kind === 'folder' ? `expected a folder, got a file: ${path}` : `no such file: ${path}`,
    EACCES: `no permission to use ${path}`,
    EPERM: `no permission to use ${path}`,
    EROFS: `cannot write to a read-only disk: ${path}`,
    ENOSPC: `no space left on the disk for ${path}`,
    ENAMETOOLONG: `the name is too long: ${path}`,
    ELOOP: `the links of this path lead in a circle: ${path}`,
  };
  const text = texts[error.code];
  return text === undefined ? error : new Error(text, { cause: error });
}

/** Runs `work`, and puts the path in front of what a decoder or a check complains about. */
export async function withPath<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FormatError) throw new FormatError(`${path}: ${error.message}`, { cause: error });
    if (error instanceof RangeError) throw new RangeError(`${path}: ${error.message}`, { cause: error });
    if (error instanceof TypeError) throw new TypeError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Throws unless `path` is a text that can name a file. */
export function requirePath(name: string, path: unknown): asserts path is string {
  if (typeof path !== 'string' || path === '' || path.includes('\0')) {
    throw new TypeError(`${name} must be a path, got ${typeof path === 'string' ? `"${path}"` : typeof path}.`);
  }
}
