import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { type Ended, inPairs, patience } from './commands.js';
import { contents, earlierResults } from './data.js';

/** A command that must be refused: its arguments without `--out`, and what the line must name. */
export interface Refusal {
  readonly title: string;
  readonly args: () => readonly string[];
  readonly names: readonly (string | (() => string))[];
  /** Where results shall go, where that is what is wrong. */
  readonly out?: () => string;
}

/**
 * Runs each command with an output folder that holds earlier results, or with one that does not exist, by turns; a test
 * each: one line on stderr that names what is wrong, exit code 1, nothing written, no engine started.
 */
export function itRefuses(
  run: (args: readonly string[]) => Promise<Ended>,
  folder: { at(...names: string[]): string },
  refusals: readonly Refusal[],
): void {
  let ended: { result: Ended; before: Record<string, string>; after: Record<string, string> }[] = [];
  beforeAll(async () => {
    ended = await inPairs(
      refusals.map(({ args, out }, index) => async () => {
        const own = folder.at(`refusal-${index}`);
        mkdirSync(own);
        if (index % 2 === 0) earlierResults(join(own, 'out'));
        const before = contents(own);
        const target = out === undefined ? join(own, 'out', index % 4 === 1 ? 'deep' : '') : out();
        const result = await run([...args(), '--out', target]);
        return { result, before, after: contents(own) };
      }),
    );
  }, patience);
  it.each(refusals.map(({ title, names }, index) => ({ title, names, index })))('$title', ({ names, index }) => {
    const { result, before, after } = ended[index]!;
    expect(result.stderr).toMatch(/^error: [^\n]+\n$/);
    for (const name of names) expect(result.stderr).toContain(typeof name === 'string' ? name : name());
    expect(result.stdout).toBe('');
    expect(result.code).toBe(1);
    expect(after).toEqual(before);
  });
}
