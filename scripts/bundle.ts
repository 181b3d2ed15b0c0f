import { resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';

const root = resolve(import.meta.dirname, '..');

/** One import that a browser app might make, what it may weigh, and what must not come along. */
export interface BundleCase {
  /** What the case is called in the table. */
  readonly name: string;
  /** The module to bundle. */
  readonly code: string;
  /** Ceiling of the minified bytes that load at once. */
  readonly limit: number;
  /** Ceiling of all minified bytes, those loaded on demand included. */
  readonly totalLimit?: number;
}

/** What each part weighs at most; none of these may bring in TensorFlow.js. */
export const bundleCases: readonly BundleCase[] = [
  { name: 'segkit/core', code: `export * from 'segkit/core'`, limit: 16_000 },
  { name: 'segkit/metrics', code: `export * from 'segkit/metrics'`, limit: 12_000 },
  { name: '{ iou } of segkit/metrics', code: `export { iou } from 'segkit/metrics'`, limit: 1_000 },
  { name: '{ iou } of the root', code: `export { iou } from 'segkit'`, limit: 1_000 },
  { name: 'segkit/morphology', code: `export * from 'segkit/morphology'`, limit: 40_000 },
  { name: '{ label } of segkit/morphology', code: `export { label } from 'segkit/morphology'`, limit: 12_000 },
  { name: 'segkit/particles', code: `export * from 'segkit/particles'`, limit: 40_000 },
  { name: 'segkit/augment', code: `export * from 'segkit/augment'`, limit: 40_000 },
  {
    name: '{ horizontalFlip } of segkit/augment',
    code: `export { horizontalFlip } from 'segkit/augment'`,
    limit: 12_000,
  },
  { name: 'segkit/io', code: `export * from 'segkit/io'`, limit: 120_000, totalLimit: 400_000 },
  { name: '{ fillPolygon } of segkit/io', code: `export { fillPolygon } from 'segkit/io'`, limit: 14_000 },
  { name: 'segkit/simulate', code: `export * from 'segkit/simulate'`, limit: 30_000 },
];

/** What a case weighs. */
export interface BundleSize {
  /** Minified bytes that load at once. */
  readonly initial: number;
  /** Minified bytes with everything that loads on demand. */
  readonly total: number;
  /** Modules of TensorFlow.js that came along: must be none. */
  readonly tensorflow: readonly string[];
}

/** Takes `segkit/...` from the sources instead of the built package. */
const fromSources: Plugin = {
  name: 'segkit-sources',
  setup({ onResolve }) {
    onResolve({ filter: /^segkit(\/\w+)?$/ }, ({ path }) => ({
      path: path === 'segkit' ? resolve(root, 'src/index.ts') : resolve(root, 'src', path.slice(7), 'index.ts'),
      sideEffects: false,
    }));
    // The package is marked free of side effects; sources resolved by path are, too.
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, importer }) =>
      importer.startsWith(resolve(root, 'src'))
        ? { path: resolve(resolveDir, path.replace(/\.js$/, '.ts')), sideEffects: false }
        : undefined,
    );
  },
};

/** Bundles one case as a browser app would, from `dist` (the built package) or `src`. */
export async function bundleSize({ code }: BundleCase, from: 'dist' | 'src'): Promise<BundleSize> {
  const { metafile, outputFiles } = await build({
    stdin: { contents: code, resolveDir: root, sourcefile: 'case.js' },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    outdir: resolve(root, 'bundle'),
    write: false,
    metafile: true,
    logLevel: 'error',
    plugins: from === 'src' ? [fromSources] : [],
  });
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path),
  );
  // What loads at once: the entry and the chunks it imports statically, whatever those import in turn.
  const initial = new Set<string>();
  const follow = (path: string): void => {
    if (initial.has(path)) return;
    initial.add(path);
    for (const next of metafile.outputs[path]?.imports ?? []) if (next.kind === 'import-statement') follow(next.path);
  };
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) if (entryPoint === 'case.js') follow(path);
  const bytes = (paths: Iterable<string>) => [...paths].reduce((sum, path) => sum + metafile.outputs[path]!.bytes, 0);
  if (initial.size === 0 || outputFiles.length === 0) throw new Error(`nothing was bundled for: ${code}`);
  return {
    initial: bytes(initial),
    total: bytes(Object.keys(metafile.outputs)),
    tensorflow: used.filter((path) => path.includes('@tensorflow/')),
  };
}
