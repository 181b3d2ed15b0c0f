// Packs the library and installs the tarball into a fresh Node app and a fresh Vite app, which import, type-check,
// build and run it: what a user's first hour looks like. Needs the npm registry and, for the Vite app, a Chromium
// (Debian: apt-get install chromium; another one by the variable CHROMIUM). Run after `npm run build`.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = resolve(import.meta.dirname, '..');
const { devDependencies, exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
  devDependencies: Record<string, string>;
  exports: Record<string, unknown>;
};
const work = await mkdtemp(join(tmpdir(), 'segkit-fresh-'));
const tensorflow = ['tfjs-core', 'tfjs-layers', 'tfjs-backend-cpu', 'tfjs-backend-wasm'].map(
  (name) => `@tensorflow/${name}@4.22.0`,
);

function run(command: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 300_000 });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed in ${cwd}:\n${stdout ?? ''}\n${stderr ?? ''}`);
  }
}

async function makeApp(name: string, tarball: string, packages: readonly string[]): Promise<string> {
  const app = join(work, name);
  await mkdir(app);
  await writeFile(join(app, 'package.json'), JSON.stringify({ name, private: true, type: 'module' }));
  await cp(join(root, 'scripts/fresh', name), app, { recursive: true });
  run('npm', ['install', '--no-audit', '--no-fund', tarball, ...packages], app);
  return app;
}

async function nodeApp(tarball: string): Promise<void> {
  const app = await makeApp('node-app', tarball, tensorflow);
  // Every entry point loads, silently, and holds something.
  const paths = Object.keys(exports).filter((path) => path !== './package.json');
  const loader = paths
    .map(
      (path) =>
        `if (Object.keys(await import('segkit${path.slice(1)}')).length === 0) throw new Error('${path} is empty');`,
    )
    .join('\n');
  await writeFile(join(app, 'imports.js'), loader);
  const noise = run('node', ['imports.js'], app);
  if (noise !== '') throw new Error(`importing the package printed: ${noise}`);
  const printed = run('node', ['main.js'], app);
  if (!printed.includes('fresh node app: ok')) throw new Error(`the fresh Node app printed: ${printed}`);
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  for (const [module, resolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--lib', 'es2023,dom'];
    run('node', [tsc, ...options, '--module', module!, '--moduleResolution', resolution!, 'types.ts'], app);
  }
  console.log(printed.trim());
}

async function viteApp(tarball: string): Promise<void> {
  const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(chromium))
    throw new Error(`the fresh Vite app needs a Chromium at ${chromium}: apt-get install chromium`);
  const app = await makeApp('vite-app', tarball, [...tensorflow, `vite@${devDependencies.vite}`]);
  run('npx', ['vite', 'build', '--logLevel', 'warn'], app);
  const server = spawn('npx', ['vite', 'preview', '--port', '4179', '--strictPort', '--host', '127.0.0.1'], {
    cwd: app,
    stdio: 'ignore',
    detached: true,
  });
  try {
    await waitFor('http://127.0.0.1:4179/');
    const profile = await mkdtemp(join(work, 'chromium-'));
    const quiet =
      '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
    const page = run(
      chromium,
      [
        '--headless',
        ...quiet.split(' '),
        `--user-data-dir=${profile}`,
        '--virtual-time-budget=120000',
        '--dump-dom',
        'http://127.0.0.1:4179/',
      ],
      app,
    );
    const result = /<output[^>]*>([^<]*)<\/output>/.exec(page)?.[1] ?? '';
    if (!result.startsWith('fresh vite app: ok')) throw new Error(`the fresh Vite app shows: ${result || page}`);
    console.log(result);
  } finally {
    if (server.pid !== undefined) process.kill(-server.pid);
  }
}

async function waitFor(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(200);
  }
  throw new Error(`no answer from ${url}`);
}

try {
  const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', work], root)) as [
    { filename: string },
  ];
  const tarball = join(work, filename);
  await nodeApp(tarball);
  await viteApp(tarball);
} finally {
  await rm(work, { recursive: true, force: true });
}
