import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Preflight } from 'segkit/engine';
import { describe, expect, it } from 'vitest';

/** Debian's package chromium brings a Vulkan driver for the CPU, and Vulkan's loader. */
const chromium = '/usr/lib/chromium';
const driver = `${chromium}/vk_swiftshader_icd.json`;
const present = existsSync(driver);
// The CI installs chromium and then insists.
if (process.env.SEGKIT_REQUIRE_SWIFTSHADER && !present) throw new Error(`${driver} is missing: install chromium`);

interface Trained {
  readonly name: string;
  readonly reason: string;
  readonly preflight: Preflight;
  readonly losses: readonly number[];
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

/** Runs a script of test/engine/webgpu on SwiftShader and returns what it prints last. */
async function run<T>(script: string, ...args: readonly string[]): Promise<T> {
  const path = resolve(import.meta.dirname, 'webgpu', script);
  const env = { ...process.env, VK_DRIVER_FILES: driver, LD_LIBRARY_PATH: chromium };
  const options = { cwd: resolve(import.meta.dirname, '../..'), env, timeout: 300_000, maxBuffer: 2 ** 26 };
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', path, ...args], options);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as T;
}

const why = present ? '' : ` (skipped: no ${driver}; apt-get install chromium)`;

describe.skipIf(!present)(`WebGPU in Node, on SwiftShader${why}`, { timeout: 300_000 }, () => {
  it('a separable U-Net has the same weights after 3 steps on webgpu and on cpu', async () => {
    const expected = await run<Trained>('train.ts', 'cpu', '3');
    const actual = await run<Trained>('train.ts', 'webgpu', '3');
    expect(actual.name).toBe('webgpu');
    expect(actual.reason).toMatch(/^WebGPU adapter: .*swiftshader/i);
    expect(actual.preflight).toEqual({ missing: [], slow: [] });
    expect(actual.losses).toHaveLength(3);
    expect(actual.losses.at(-1)).toBeLessThan(actual.losses[0]!);
    expect(Object.keys(actual.weights)).toEqual(Object.keys(expected.weights));
    for (const [name, values] of Object.entries(expected.weights)) {
      const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - actual.weights[name]![i]!)), 0);
      // 3e-7 after 5 steps as measured; each of the 3 moves a weight by up to 1e-3.
      expect(worst, name).toBeLessThan(3e-6);
    }
  });

  it('converts casts, reads what came from the CPU at once and results by promise, and throws what the GPU complains of', async () => {
    expect(await run('reads.ts')).toEqual({
      value: 4,
      sums: Array.from({ length: 50 }, (_, i) => 100 * i),
      uploaded: 3,
      sync: 'EngineError: WebGPU in Node cannot read results synchronously (dataSync, arraySync); use await tensor.data().',
      failed: expect.stringMatching(/^EngineError: WebGPU has failed, and what was computed since is wrong: .*WGSL/),
      after: 6,
    });
  });
});
