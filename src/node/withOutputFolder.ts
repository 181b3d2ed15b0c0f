import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileError, hasCode, requirePath } from './fileErrors.js';

/**
 * Runs `work` with the path of an empty temporary folder to write results to, and moves them into `folder` once it has
 * ended well. Where it throws or the process is interrupted, `folder` stays as it was: nothing half-done, earlier
 * results untouched, no folder where there was none. On success only files of the same names are replaced; all others
 * stay.
 *
 * The temporary folder lies inside `folder`, or beside it where that does not exist yet, so that moving is renaming.
 * Should moving fail midway, what had been moved is put back. Only `kill -9` or a power cut can leave the temporary
 * folder, `.segkit-partial-…`, behind; it may then be deleted.
 *
 * @param folder - where the results go; made with its parents where it does not exist.
 * @param work - writes files, in folders as it likes, below the path that it is given.
 * @returns what `work` returns.
 * @throws what `work` throws; Error of one line where `folder` is a file or cannot be written to.
 *
 * @example
 * ```ts
 * const folder = await import('node:fs/promises').then((fs) => fs.mkdtemp('/tmp/segkit-'));
 * await withOutputFolder(`${folder}/results`, async (stage) => {
 *   await writeFileAtomic(`${stage}/sizes.csv`, 'id,diameter\n1,4.2\n');
 * });
 * ```
 */
export async function withOutputFolder<T>(folder: string, work: (stage: string) => Promise<T>): Promise<T> {
  requirePath('folder', folder);
  const target = resolve(folder);
  const home = await nearestFolder(target);
  const stage = await mkdtemp(join(home, '.segkit-partial-')).catch((error: unknown) => {
    throw fileError(folder, error, 'folder');
  });
  const release = removeOnExit(stage);
  try {
    const results = join(stage, 'new');
    await mkdir(results);
    const returned = await work(results);
    await moveInto(results, target, join(stage, 'old'));
    return returned;
  } finally {
    release();
    await rm(stage, { recursive: true, force: true });
  }
}

/** Returns the folder itself, or the nearest one above it that exists. */
async function nearestFolder(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    try {
      if ((await stat(at)).isDirectory()) return at;
      throw new Error(`expected a folder, got a file: ${at}`);
    } catch (error) {
      if (!hasCode(error, 'ENOENT', 'ENOTDIR') || at === dirname(at)) throw fileError(path, error, 'folder');
    }
  }
}

/** Removes the folder where the process ends before `work` does; the returned function ends this watch. */
function removeOnExit(stage: string): () => void {
  const remove = () => rmSync(stage, { recursive: true, force: true });
  const onSignal = Object.assign(
    (signal: NodeJS.Signals) => {
      // Others who listen decide what an interrupt means: abortOnInterrupt makes `work` throw.
      if (!process.listeners(signal).every((listener) => 'removesStage' in listener)) return;
      remove();
      release();
      process.kill(process.pid, signal);
    },
    { removesStage: true },
  );
  const release = () => {
    process.off('exit', remove);
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
  process.on('exit', remove);
  // First in line, so that a listener that goes once it has heard is still seen.
  process.prependListener('SIGINT', onSignal);
  process.prependListener('SIGTERM', onSignal);
  return release;
}

/** Moves all files below `from` to the same places below `to`, those replaced to `backup`; all of them or none. */
async function moveInto(from: string, to: string, backup: string): Promise<void> {
  const undo: (() => Promise<unknown>)[] = [];
  const made = await mkdir(to, { recursive: true });
  if (made !== undefined) undo.push(() => rm(made, { recursive: true, force: true }));
  try {
    await mkdir(backup, { recursive: true });
    await moveEntries(from, to, backup, undo);
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

async function moveEntries(from: string, to: string, backup: string, undo: (() => Promise<unknown>)[]): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, place, kept] = [join(from, entry.name), join(to, entry.name), join(backup, entry.name)];
    const earlier = await stat(place).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw fileError(place, error);
    });
    if (earlier !== undefined && earlier.isDirectory() !== entry.isDirectory()) {
      const [is, should] = earlier.isDirectory() ? ['folder', 'file'] : ['file', 'folder'];
      throw new Error(`cannot write the ${should} ${place}: there is a ${is} of this name`);
    }
    if (earlier?.isDirectory()) {
      await mkdir(kept);
      await moveEntries(source, place, kept, undo);
      continue;
    }
    if (earlier !== undefined) {
      await rename(place, kept);
      undo.push(() => rename(kept, place));
    }
    await rename(source, place);
    undo.push(() => rename(place, source));
  }
}
