import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Milliseconds for the commands of a suite, on a machine that has much else to do. */
export const patience = 240_000;

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of stdout. */
  readonly last: string;
}

/** A signal to send as soon as `when` holds. */
export interface Interrupt {
  readonly signal: NodeJS.Signals;
  readonly when: () => boolean;
}

/** Runs `npm run example -- ...` as a person does: the sources through tsx. */
export function runExample(args: readonly string[], interrupt?: Interrupt): Promise<Ended> {
  return runNode(['--import', 'tsx', 'examples/index.ts', ...args], interrupt);
}

/** Runs `npm run quickstart -- ...` as a person does: the sources through tsx. */
export function runQuickstart(args: readonly string[]): Promise<Ended> {
  return runNode(['--import', 'tsx', 'examples/quickstart.ts', ...args]);
}

/** The commands, bundled where they are first used in a test file, since tsx needs seconds to load all their parts. */
export interface Bundles {
  /** `npm run example -- ...`; as everywhere, each command goes through `runExample` at least once as well. */
  example(args: readonly string[], interrupt?: Interrupt): Promise<Ended>;
  /** The same with TensorFlow.js in the bundle: starts at once, but no engine starts in it. */
  quickExample(args: readonly string[]): Promise<Ended>;
  /** `npm run quickstart -- ...`, likewise. */
  quickQuickstart(args: readonly string[]): Promise<Ended>;
}

/** Returns the bundled commands, and removes them after the tests of a file. */
export function useBundles(): Bundles {
  const made = new Map<string, Promise<string>>();
  afterAll(async () => {
    for (const folder of made.values()) rmSync(await folder, { recursive: true, force: true });
  });
  const bundle = (external: readonly string[]) => {
    const key = external.join();
    const folder = made.get(key) ?? makeBundle(external);
    made.set(key, folder);
    return folder;
  };
  const run = async (external: readonly string[], file: string, args: readonly string[], interrupt?: Interrupt) =>
    runNode([join(await bundle(external), file), ...args], interrupt);
  return {
    example: (args, interrupt) => run(['@tensorflow/*'], 'index.mjs', args, interrupt),
    quickExample: (args) => run([], 'index.mjs', args),
    quickQuickstart: (args) => run([], 'quickstart.mjs', args),
  };
}

/** Makes the bundle where it finds TensorFlow.js. */
async function makeBundle(external: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(root, 'node_modules/.segkit-examples-'));
  await build({
    absWorkingDir: root,
    entryPoints: ['examples/index.ts', 'examples/quickstart.ts'],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: [...external],
    banner: { js: "import { createRequire as __by } from 'node:module'; const require = __by(import.meta.url);" },
  });
  return folder;
}

function runNode(args: readonly string[], interrupt?: Interrupt): Promise<Ended> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], timeout: patience / 2 });
  const chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  const text = (from: 'stdout' | 'stderr') => Buffer.concat(chunks[from]).toString('utf8');
  for (const from of ['stdout', 'stderr'] as const) child[from].on('data', (chunk: Buffer) => chunks[from].push(chunk));
  const watch = setInterval(() => {
    if (!interrupt?.when()) return;
    clearInterval(watch);
    child.kill(interrupt.signal);
  }, 20);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearInterval(watch);
      const stdout = text('stdout');
      resolve({ code, signal, stdout, stderr: text('stderr'), last: stdout.trimEnd().split('\n').at(-1)! });
    });
  });
}

/** Runs all works, two at a time, and returns what they return in order. */
export async function inPairs<T>(works: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async () => {
    while (next < works.length) {
      const at = next++;
      results[at] = await works[at]!();
    }
  };
  await Promise.all([worker(), worker()]);
  return results;
}
