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
  { name: 'segkit/core', code: `export * from 'segkit/core'`, limit: 20_000 },
  { name: 'segkit/metrics', code: `export * from 'segkit/metrics'`, limit: 66_000 },
  { name: '{ iou } of segkit/metrics', code: `export { iou } from 'segkit/metrics'`, limit: 3_000 },
  { name: '{ iou } of the root', code: `export { iou } from 'segkit'`, limit: 3_000 },
  { name: 'segkit/morphology', code: `export * from 'segkit/morphology'`, limit: 130_000 },
  { name: '{ label } of segkit/morphology', code: `export { label } from 'segkit/morphology'`, limit: 18_000 },
  { name: 'segkit/particles', code: `export * from 'segkit/particles'`, limit: 100_000 },
  { name: 'segkit/augment', code: `export * from 'segkit/augment'`, limit: 40_000 },
  {
    name: '{ horizontalFlip } of segkit/augment',
    code: `export { horizontalFlip } from 'segkit/augment'`,
    limit: 17_000,
  },
  { name: 'segkit/io', code: `export * from 'segkit/io'`, limit: 110_000, totalLimit: 140_000 },
  { name: '{ fillPolygon } of segkit/io', code: `export { fillPolygon } from 'segkit/io'`, limit: 15_000 },
  { name: 'segkit/simulate', code: `export * from 'segkit/simulate'`, limit: 32_000 },
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

/** Leaves out what loads on demand. */
const withoutDynamicImports: Plugin = {
  name: 'without-dynamic-imports',
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : undefined));
  },
};

/** Bundles one case as a browser app would, from `dist` (the built package) or `src`. */
export async function bundleSize({ code }: BundleCase, from: 'dist' | 'src'): Promise<BundleSize> {
  const sources = from === 'src' ? [fromSources] : [];
  const bundle = async (plugins: Plugin[]) => {
    const { metafile } = await build({
      stdin: { contents: code, resolveDir: root, sourcefile: 'case.js' },
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      outfile: resolve(root, 'bundle.js'),
      write: false,
      metafile: true,
      logLevel: 'error',
      plugins,
    });
    return Object.values(metafile.outputs)[0]!;
  };
  const everything = await bundle(sources);
  const used = Object.entries(everything.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return {
    initial: (await bundle([withoutDynamicImports, ...sources])).bytes,
    total: everything.bytes,
    tensorflow: used.map(([path]) => path).filter((path) => path.includes('@tensorflow/')),
  };
}
