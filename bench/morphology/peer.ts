import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { NdArray } from 'ndarray';
import { createMask, type Mask, Random } from 'segkit/core';

/** Median and spread of several runs, in milliseconds. */
export interface Timing {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Times a function: some runs to warm up, then `runs` that count. Where there is a warm-up it lasts a second at least: the
 * engine compiles what runs often, long functions after some ten calls only.
 */
export function time(work: () => unknown, runs = 15, warmUp = 3): Timing {
  const begun = performance.now();
  for (let i = 0; i < warmUp || (warmUp > 0 && performance.now() - begun < 1000); i++) work();
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return summary(times);
}

/** Median, smallest and largest. */
export function summary(times: readonly number[]): Timing {
  const sorted = [...times].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)]!, min: sorted[0]!, max: sorted[sorted.length - 1]! };
}

/**
 * Times a Python expression on masks in the same run: `prepare` imports and makes `arrays` (one uint8 array a mask) into
 * what `work` needs. Undefined where /usr/bin/python3 or a package is missing, which is printed.
 */
export function timePython(masks: readonly Mask[], prepare: string, work: string, runs = 7): Timing | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'segkit-bench-'));
  try {
    masks.forEach((mask, i) => {
      writeFileSync(join(folder, `${i}.raw`), mask.data);
    });
    const [height, width] = masks[0]!.shape as [number, number];
    const script = `
import json, time
import numpy as np
arrays = [np.fromfile(f"${folder}/{i}.raw", np.uint8).reshape(${height}, ${width}) for i in range(${masks.length})]
${prepare}
times = []
for run in range(${runs + 1}):
    start = time.perf_counter()
    ${work}
    times.append((time.perf_counter() - start) * 1000)
print(json.dumps(times[1:]))
`;
    const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
    const out = execFileSync('/usr/bin/python3', ['-c', script], {
      encoding: 'utf8',
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return summary(JSON.parse(out) as number[]);
  } catch (error) {
    const reason = String(error).trim().split('\n').at(-1);
    console.log(`peer left out: ${reason} (apt-get install python3-skimage python3-sklearn)`);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Python expressions timed in one process and thread, whenever asked. */
export interface Peers {
  /** Times an expression `runs` times; before the first time it is run once more. */
  readonly time: (work: string, runs: number) => Promise<number[]>;
  readonly close: () => void;
}

/**
 * Starts Python with OpenCV as `cv2`, NumPy as `np`, SciPy's `ndimage`, scikit-image's `measure`, `segmentation`,
 * `morphology`, `filters`; the arrays by their names, `inside` the mask as booleans, `disk5` a footprint. Undefined where
 * Python or a package is missing, which is printed.
 */
export async function startPeers(arrays: Readonly<Record<string, NdArray>>): Promise<Peers | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'segkit-bench-'));
  const loads = Object.entries(arrays).map(([name, { data, shape }]) => {
    writeFileSync(join(folder, name), data as Uint8Array);
    const types = { Uint8Array: 'uint8', Int32Array: 'int32', Float32Array: 'float32' };
    const type = types[data.constructor.name as keyof typeof types];
    return `${name} = np.fromfile("${join(folder, name)}", np.${type}).reshape(${shape.join(', ')})`;
  });
  const script = `
import json, time, sys
import cv2
import numpy as np
from scipy import ndimage
from skimage import filters, measure, morphology, segmentation
cv2.setNumThreads(1)
${loads.join('\n')}
inside = mask > 0
disk5 = morphology.disk(5)
codes = {}
print("ready", flush=True)
for line in sys.stdin:
    work, runs = json.loads(line)
    if work not in codes:
        codes[work] = compile(work, "work", "eval")
        eval(codes[work])
    times = []
    for run in range(runs):
        start = time.perf_counter()
        eval(codes[work])
        times.append((time.perf_counter() - start) * 1000)
    print(json.dumps(times), flush=True)
`;
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const python = spawn('/usr/bin/python3', ['-c', script], { env });
  let said = '';
  python.stderr.on('data', (text) => {
    said += text;
  });
  python.on('error', (error) => {
    said += error.message;
  });
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  const ready = await lines.next();
  rmSync(folder, { recursive: true, force: true });
  if (ready.done) {
    const reason = said.trim().split('\n').at(-1);
    console.log(`peers left out: ${reason} (apt-get install python3-skimage python3-opencv python3-scipy)`);
    return undefined;
  }
  return {
    time: async (work, runs) => {
      python.stdin.write(`${JSON.stringify([work, runs])}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${work}: ${said}`);
      return JSON.parse(value) as number[];
    },
    close: () => python.stdin.end(),
  };
}

/** Prints a row: our time, the peer's, and how many times ours is faster. */
export function report(name: string, ours: Timing, peer?: Timing): { ms: number; ratio?: number } {
  const show = ({ median, min, max }: Timing) => `${median.toFixed(1)} ms (${min.toFixed(1)} to ${max.toFixed(1)})`;
  const ratio = peer === undefined ? undefined : peer.median / ours.median;
  console.log(
    `${name.padEnd(34)} segkit ${show(ours)}${peer ? `, peer ${show(peer)}, ratio ${ratio!.toFixed(1)}` : ''}`,
  );
  return { ms: ours.median, ...(ratio === undefined ? {} : { ratio }) };
}

/** A mask of random discs of radius 4 to 10 pixels: 6,500 of them at 2048 x 2048 make about 3,600 particles. */
export function discs(side: number, count: number, seed: number): Mask {
  const random = new Random(seed);
  const mask = createMask(undefined, [side, side]);
  for (let i = 0; i < count; i++) {
    const row = random.uniform(0, side);
    const column = random.uniform(0, side);
    const radius = random.uniform(4, 10);
    for (let y = Math.max(0, Math.ceil(row - radius)); y <= Math.min(side - 1, row + radius); y++) {
      for (let x = Math.max(0, Math.ceil(column - radius)); x <= Math.min(side - 1, column + radius); x++) {
        if ((y - row) ** 2 + (x - column) ** 2 <= radius * radius) mask.data[y * side + x] = 1;
      }
    }
  }
  return mask;
}
