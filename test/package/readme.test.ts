import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { fencesOf, runFence } from '../helpers/runFence.js';
import { useCpuBackend } from '../helpers/tensorflow.js';

const root = resolve(import.meta.dirname, '../..');
const text = readFileSync(resolve(root, 'README.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const modules = import.meta.glob('../../src/*/index.ts');
// The engine of the README is chosen by the reader's machine; the tests have theirs.
const engine = { useEngine: async () => ({ name: 'cpu' }) };
const load = async (specifier: string) =>
  specifier === 'segkit/engine' ? engine : modules[`../../src/${/^segkit\/(\w+)$/.exec(specifier)![1]}/index.ts`]!();

useCpuBackend();

describe('the README', () => {
  const fences = fencesOf(text);

  it('shows the first steps as they are in examples/', () => {
    expect(fences[0]!.code.trim()).toBe(readFileSync(resolve(root, 'examples/first-steps.ts'), 'utf8').trim());
  });

  it('prints what it says it prints', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      await runFence(fences[0]!.code, {}, load);
      const printed = log.mock.calls.map((call) => call.join(' ')).join('\n');
      expect(printed).toBe(/prints\n\n```text\n([\s\S]*?)\n```/.exec(text)![1]);
    } finally {
      log.mockRestore();
    }
  });

  it.each(fences.slice(1).map(({ code, line }) => [line, code] as const))(
    'runs the code of line %d',
    async (_, code) => {
      expect(await runFence(code, {}, load)).toBeGreaterThan(0);
    },
  );

  it('has no other code than what these tests run, prints or look up', () => {
    const kinds = [...text.matchAll(/^```(\w*)$/gm)].map((match) => match[1]).filter((kind) => kind !== '');
    expect(kinds.filter((kind) => !['ts', 'sh', 'text'].includes(kind!))).toEqual([]);
    expect(kinds.filter((kind) => kind === 'ts')).toHaveLength(fences.length);
  });

  it('names commands that exist', () => {
    const commands = [...text.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1]!);
    expect(commands.length).toBeGreaterThan(4);
    for (const command of commands) expect(Object.keys(scripts)).toContain(command);
    for (const [, path] of text.matchAll(/npx tsx (\S+?\.ts)/g))
      expect(existsSync(resolve(root, path!)), path).toBe(true);
    for (const [, path] of text.matchAll(/\]\((?!http)([^)#]+)\)/g))
      expect(existsSync(resolve(root, path!)), path).toBe(true);
  });
});
