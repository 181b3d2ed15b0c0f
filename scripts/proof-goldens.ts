/**
 * Every golden case that the tests compare, from the folder of all goldens (SEGKIT_GOLDENS, default
 * ../shared/golden): compares the packed copies of the tests with that folder, number for number, runs the tests on them,
 * lists the cases that no test compares, and fails where a copy or a result differs. npm run proof:goldens [-- --list]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';

const golden = resolve(process.env.SEGKIT_GOLDENS ?? '../shared/golden');
const root = fileURLToPath(new URL('..', import.meta.url));
const fixtures = join(root, 'test/fixtures');
const failures: string[] = [];

interface Case {
  readonly name: string;
  readonly fn: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const areas = readdirSync(golden, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const casesOf = (area: string): Case[] => JSON.parse(readFileSync(join(golden, area, 'cases.json'), 'utf8')) as Case[];

/** Names of packed cases. */
const packed = new Set<string>();
function note(json: unknown): void {
  const list = Array.isArray(json) ? json : (json as { cases?: unknown[] }).cases;
  for (const one of list ?? []) if (typeof (one as Case).name === 'string') packed.add((one as Case).name);
}

/** Arrays are named with the folder of their area, or lie in that of any area. */
function compareArray(name: string, bytes: Uint8Array, from: string): void {
  const places = [join(golden, name), ...areas.map((area) => join(golden, area, name))];
  if (!places.some((path) => sameFile(path, bytes))) failures.push(`${from}: ${name} is no array of the goldens`);
}

function sameFile(path: string, bytes: Uint8Array): boolean {
  try {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).equals(readFileSync(path));
  } catch {
    return false;
  }
}

let arrays = 0;
for (const folder of ['augment', 'losses', 'metrics', 'models', 'morphology', 'particles', 'training']) {
  for (const file of readdirSync(join(fixtures, folder))) {
    const path = join(fixtures, folder, file);
    if (file.endsWith('.json') && file !== 'large.json') note(JSON.parse(readFileSync(path, 'utf8')));
    if (file.endsWith('.json.gz')) note(JSON.parse(gunzipSync(readFileSync(path)).toString()));
    if (file.endsWith('.npy')) {
      arrays++;
      compareArray(file, readFileSync(path), folder);
    }
    if (!file.endsWith('.npz')) continue;
    for (const [name, bytes] of Object.entries(unzipSync(readFileSync(path)))) {
      if (name === 'cases.json') note(JSON.parse(Buffer.from(bytes).toString()));
      if (!name.endsWith('.npy')) continue;
      arrays++;
      compareArray(name, bytes, `${folder}/${file}`);
    }
  }
}

/** Packs anew what a script packs into one file, beside a copy of the script, and compares. */
function comparePacked(area: string, script: string, file: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'segkit-goldens-'));
  try {
    copyFileSync(join(fixtures, area, script), join(folder, script));
    execFileSync(process.execPath, [join(folder, script), join(golden, area)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const read = (path: string): Buffer => (path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path));
    if (!read(join(folder, file)).equals(read(join(fixtures, area, file)))) {
      failures.push(`${area}/${file} is not what ${script} packs from ${golden}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
comparePacked('losses', 'pack.mjs', 'golden.json');
comparePacked('metrics', 'pack.mjs', 'golden.json.gz');
comparePacked('models', 'pack.mjs', 'golden.json');
comparePacked('models', 'pack-smp.mjs', 'smp.json.gz');
console.log(`${arrays} arrays and 4 packed files compared with ${golden}`);

// Parameter counts are compared as one table.
for (const { name, fn } of casesOf('models'))
  if (/^(parameter count|layout table|fill formula)/.test(fn)) packed.add(name);
const missing: string[] = [];
console.log(`\n${'area'.padEnd(14)}${'cases'.padStart(8)}${'compared'.padStart(10)}   not compared`);
let [all, held] = [0, 0];
for (const area of areas) {
  const cases = casesOf(area);
  const absent = cases.filter(({ name }) => !packed.has(name));
  all += cases.length;
  held += cases.length - absent.length;
  const functions = new Map<string, number>();
  for (const { fn } of absent) functions.set(fn, (functions.get(fn) ?? 0) + 1);
  missing.push(...[...functions].map(([fn, count]) => `  ${area}: ${fn}${count > 1 ? ` (${count})` : ''}`));
  const last = absent.length === 0 ? '-' : `${absent.length} of ${functions.size} functions`;
  console.log(
    `${area.padEnd(14)}${String(cases.length).padStart(8)}${String(cases.length - absent.length).padStart(10)}   ${last}`,
  );
}
console.log(`${'all'.padEnd(14)}${String(all).padStart(8)}${String(held).padStart(10)}   ${all - held}`);
console.log(`\nnot compared, mostly because segkit has no such function:\n${missing.join('\n')}`);
for (const failure of failures) console.error(failure);
if (failures.length > 0) process.exit(1);
if (process.argv.includes('--list')) process.exit(0);

const tests = ['augment', 'losses', 'metrics', 'models', 'morphology', 'particles', 'training'];
const { status } = spawnSync('npx', ['vitest', 'run', ...tests.map((area) => `test/${area}/`)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, SEGKIT_GOLDENS: golden },
});
process.exit(status ?? 1);
