// Packs the library and installs the tarball into a fresh Node app and a fresh Vite app, which import, type-check,
// build and run it: what a user's first hour looks like. The Vite app trains in a real browser, and must come to the
// numbers of the Node app. Needs the npm registry and a Chromium (Debian: apt-get install chromium; another one by the
// variable CHROMIUM). SEGKIT_SCREENSHOT names a PNG file for a picture of the page. Run after `npm run build`.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createImage } from 'segkit/core';
import { encodePng } from 'segkit/io';
import { simulateMicrograph } from 'segkit/simulate';
import { openPage } from './chromium.js';
import { checkStory, type Story } from './story.js';

const root = resolve(import.meta.dirname, '..');
const { devDependencies, exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
  devDependencies: Record<string, string>;
  exports: Record<string, unknown>;
};
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
const work = await mkdtemp(join(tmpdir(), 'segkit-fresh-'));
const tensorflow = (...names: readonly string[]) => names.map((name) => `@tensorflow/tfjs-${name}@4.22.0`);

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
  await cp(join(root, 'scripts/fresh/story.js'), join(app, 'story.js'));
  run('npm', ['install', '--no-audit', '--no-fund', tarball, ...packages], app);
  return app;
}

/** The micrograph and the mask that both apps load. */
async function writePictures(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { image, mask } = simulateMicrograph({ seed: 1, height: 128, width: 128 });
  await writeFile(join(folder, 'micrograph.png'), await encodePng(image));
  await writeFile(join(folder, 'mask.png'), await encodePng(createImage(mask.data, [128, 128])));
}

/** Checks the Node app and returns the numbers of its story. */
async function nodeApp(tarball: string): Promise<Story> {
  const app = await makeApp('node-app', tarball, tensorflow('core', 'layers', 'backend-cpu', 'backend-wasm'));
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
  // onnxruntime-node is not installed here: the engine must be the next one.
  const printed = run('node', ['main.js'], app);
  if (!printed.includes('fresh node app: ok (wasm)')) throw new Error(`the fresh Node app printed: ${printed}`);
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  for (const [module, resolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--lib', 'es2023,dom'];
    run('node', [tsc, ...options, '--module', module!, '--moduleResolution', resolution!, 'types.ts'], app);
  }
  console.log(printed.trim());
  await writePictures(app);
  return JSON.parse(run('node', ['story-node.js', 'wasm'], app)) as Story;
}

/** Lets the Vite app live the same story in a browser, on each of its engines. */
async function viteApp(tarball: string, expected: Story): Promise<void> {
  const packages = tensorflow('core', 'layers', 'backend-wasm', 'backend-webgl', 'backend-webgpu');
  const app = await makeApp('vite-app', tarball, [...packages, `vite@${devDependencies.vite}`]);
  await writePictures(join(app, 'public'));
  run('npx', ['vite', 'build', '--logLevel', 'warn'], app);
  const server = spawn('npx', ['vite', 'preview', '--port', '4179', '--strictPort', '--host', '127.0.0.1'], {
    cwd: app,
    stdio: 'ignore',
    detached: true,
  });
  try {
    await waitFor('http://127.0.0.1:4179/');
    await visit('http://127.0.0.1:4179/?engines=wasm,webgl,webgpu', expected);
  } finally {
    if (server.pid !== undefined) process.kill(-server.pid);
  }
}

async function visit(url: string, expected: Story): Promise<void> {
  const page = await openPage(chromium, url, await mkdtemp(join(work, 'chromium-')));
  try {
    const { stories, error } = await page.waitFor<{ stories: Story[]; error?: string }>('globalThis.result', 300_000);
    if (process.env.SEGKIT_SCREENSHOT) await writeFile(process.env.SEGKIT_SCREENSHOT, await page.screenshot());
    if (error) throw new Error(`the fresh Vite app shows: ${error}\n${page.complaints.join('\n')}`);
    for (const story of stories) checkStory(story, expected);
    const loaded = await page.evaluate<string[]>(`performance.getEntriesByType('resource').map(({ name }) => name)`);
    const nodeOnly = loaded.filter((name) => /onnx/i.test(name));
    if (nodeOnly.length > 0) throw new Error(`the browser loads what is for Node: ${nodeOnly.join(', ')}`);
    if (page.complaints.length > 0) console.log(`the page complains of: ${page.complaints.join('\n')}`);
    console.log(`fresh vite app: ok (${stories.map(({ engine }) => engine).join(', ')})`);
  } finally {
    await page.close();
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

if (!existsSync(chromium))
  throw new Error(`the fresh Vite app needs a Chromium at ${chromium}: apt-get install chromium`);
try {
  const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', work], root)) as [
    { filename: string },
  ];
  const tarball = join(work, filename);
  const numbers = await nodeApp(tarball);
  await viteApp(tarball, numbers);
} finally {
  await rm(work, { recursive: true, force: true });
}
