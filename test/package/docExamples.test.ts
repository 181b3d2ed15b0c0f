import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fencesOf, runFence } from '../helpers/runFence.js';
import { useCpuBackend } from '../helpers/tensorflow.js';

const src = resolve(import.meta.dirname, '../../src');
const modules = import.meta.glob('../../src/*/index.ts');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .sort();

const load = async (specifier: string) => {
  if (specifier === 'segkit') return import('../../src/index.js');
  const part = /^segkit\/(\w+)$/.exec(specifier)?.[1];
  return part ? modules[`../../src/${part}/index.ts`]!() : import(/* @vite-ignore */ specifier);
};

useCpuBackend();

let scope: Record<string, unknown> = {};
const home = process.cwd();
let folder = '';

beforeAll(async () => {
  scope = { ...(await import('../../src/index.js')), ...((await load('segkit/node')) as object) };
  // Examples that write files do so in a folder of their own.
  folder = await mkdtemp(join(tmpdir(), 'segkit-examples-'));
  process.chdir(folder);
});
afterAll(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true, force: true });
});

describe.each(files)('the examples in src/%s', (file) => {
  const fences = fencesOf(readFileSync(join(src, file), 'utf8'));
  it.each(fences.map(({ code, line }) => [line, code] as const))('line %d', async (_, code) => {
    await runFence(code, scope, load);
  });
  // Vitest wants a test in every group; a file without examples is right only where it exports no function.
  if (fences.length === 0) it('has none', () => expect(fences).toEqual([]));
});

describe('the runner of examples', () => {
  it('fails where a value differs from its comment', async () => {
    await expect(runFence('1 + 1; // 3', {}, load)).rejects.toThrow('1 + 1 must be 3, got 2');
    await expect(runFence('[1, 2.26]; // [1, 2.3]', {}, load)).resolves.toBe(1);
    await expect(runFence('[1, 2.36]; // [1, 2.3]', {}, load)).rejects.toThrow('must be');
    await expect(runFence('new Uint8Array([1]); // Uint8Array [1]', {}, load)).resolves.toBe(1);
    await expect(runFence('({ a: Number.NaN }); // { a: NaN }', {}, load)).resolves.toBe(1);
    await expect(runFence('1; // prose is passed over', {}, load)).resolves.toBe(0);
    await expect(runFence('throw new Error("no")', {}, load)).rejects.toThrow('no');
  });
});
