import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const src = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/** Files on the backend `onnx` that register it anew, each with its options; they share the workers with each other. */
const backend = ['test/engine/onnx/*.test.ts'];

/**
 * Files that run in a process of their own each: they replace modules, hide packages, set engines or signals up, start
 * processes or weigh their own. All others share the two workers, and with them what they import, which saves a quarter
 * of the time: such a file must leave no mock, no environment and no handler behind.
 */
const alone = [
  'test/engine/*.test.ts',
  'test/engine/onnx/training.test.ts',
  'test/examples/**/*.test.ts',
  'test/inference/onnxRuntime.test.ts',
  'test/node/**/*.test.ts',
  'test/package/**/*.test.ts',
];

/** What takes longest, the longest first, so that neither worker ends long before the other. */
const longest = [
  'engine/webgpu',
  'examples/own-data',
  'examples/measure',
  'engine/onnx/training',
  'examples/import-smp',
  'examples/bubbles',
  'engine/preflight',
  'models/goldens',
  'models/smp',
  'losses/losses',
  'onnx/exportOnnx',
  'models/architectures',
  'losses/large',
];

const order = ['alone', 'backend', 'together'];

/** A worker is shared by files that follow each other: the projects one after another, in each the longest first. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ project, moduleId }: TestSpecification) => {
      const at = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return 100 * order.indexOf(project.name) + (at < 0 ? longest.length : at);
    };
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  resolve: {
    alias: [
      { find: /^segkit$/, replacement: src('index.ts') },
      { find: /^segkit\/([a-z]+)$/, replacement: src('$1/index.ts') },
    ],
  },
  test: {
    setupFiles: ['test/helpers/setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      { extends: true, test: { name: 'backend', include: backend, exclude: alone, isolate: false } },
      {
        extends: true,
        test: { name: 'together', include: ['test/**/*.test.ts'], exclude: [...alone, ...backend], isolate: false },
      },
    ],
  },
});
