import { randomBytes } from 'node:crypto';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { show } from '../core/check.js';
import { fileError, hasCode, requirePath } from './fileErrors.js';

/**
 * Writes a file so that its path holds either what was there before or all of `data`, whenever the process or the
 * machine stops: a temporary file in the same folder is written, flushed to the disk and renamed. A link is followed,
 * and the permissions of an earlier file stay.
 *
 * @param data - bytes, or a text that is written as UTF-8.
 * @throws Error of one line where the folder does not exist or cannot be written to, or `path` is a folder; nothing is
 * left behind then.
 *
 * @example
 * ```ts
 * const folder = await import('node:fs/promises').then((fs) => fs.mkdtemp('/tmp/segkit-'));
 * await writeFileAtomic(`${folder}/sizes.csv`, 'id,diameter\n1,4.2\n');
 * ```
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  requirePath('path', path);
  if (typeof data !== 'string' && !(data instanceof Uint8Array)) {
    throw new TypeError(`data must be a string or a Uint8Array, got ${show(data)}.`);
  }
  const target = await realpath(path).catch(() => path);
  const earlier = await stat(target).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw fileError(path, error);
  });
  if (earlier?.isDirectory()) throw new Error(`expected a file, got a folder: ${path}`);
  const folder = dirname(target);
  const temporary = join(
    folder,
    `.${basename(target).slice(0, 60)}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`,
  );
  try {
    await flushed(temporary, data, earlier?.mode);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) throw new Error(`no such folder: ${folder}`, { cause: error });
    throw fileError(path, error);
  }
  await flushFolder(folder);
}

async function flushed(path: string, data: string | Uint8Array, mode: number | undefined): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(data);
    if (mode !== undefined) await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the new name itself last; some systems cannot flush folders, and need not. */
async function flushFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch {
    // The data are safe already.
  } finally {
    await handle?.close();
  }
}
