import { join } from 'node:path';
import { withOutputFolder } from 'segkit/node';
import { runStory } from './runStory.js';

/**
 * Runs a story that writes to the folder it is given, and prints what it returns as one line of JSON, the last one.
 * Only where it ends well do its files appear in `out`; that results can go there is known before it begins.
 */
export function runStoryInto(
  out: string,
  story: (folder: string, signal: AbortSignal) => Promise<object>,
): Promise<void> {
  return runStory(async (signal) => {
    const result = await withOutputFolder(out, async (folder) => {
      const told = await story(folder, signal);
      signal.throwIfAborted();
      return told;
    });
    console.log(`open ${join(out, 'report.html')}`);
    console.log(JSON.stringify(result));
  });
}
