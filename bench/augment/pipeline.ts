/**
 * Throughput of the transforms on one core: `npx tsx bench/augment/pipeline.ts [size]`. Where `python3` has OpenCV and
 * NumPy (PYTHON names another interpreter), the same work there stands beside it, on one thread.
 */
import { spawnSync } from 'node:child_process';
import {
  compose,
  flip,
  gaussianBlur,
  gaussNoise,
  horizontalFlip,
  normalize,
  padToDivisor,
  randomBrightnessContrast,
  resize,
  rotate90,
  shiftScaleRotate,
  type Transform,
} from '../../src/augment/index.js';
import { createImage, createMask, Random } from '../../src/core/index.js';

const size = Number(process.argv[2] ?? 512);
if (!Number.isInteger(size) || size < 32) throw new RangeError(`size must be an integer of 32 or more, got ${size}.`);

/** The same work in OpenCV and NumPy, as Albumentations 1.3 does it. */
const PYTHON = `
import json, sys, time
try:
    import cv2, numpy as np
except ImportError as error:
    print(json.dumps({"missing": str(error)})); sys.exit()
cv2.setNumThreads(1)
n = ${size}
rng = np.random.default_rng(1)
matrix = cv2.getRotationMatrix2D((n / 2 - 0.5, n / 2 - 0.5), 23.7, 1.05)
half = n // 2
steps = {
    "resize": lambda x, m: (cv2.resize(x, (half, half)), cv2.resize(m, (half, half), interpolation=cv2.INTER_NEAREST)),
    "horizontalFlip": lambda x, m: (cv2.flip(x, 1), cv2.flip(m, 1)),
    "rotate90": lambda x, m: (np.ascontiguousarray(np.rot90(x)), np.ascontiguousarray(np.rot90(m))),
    "shiftScaleRotate": lambda x, m: (cv2.warpAffine(x, matrix, (n, n), borderMode=cv2.BORDER_REFLECT_101),
        cv2.warpAffine(m, matrix, (n, n), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT_101)),
    "gaussNoise": lambda x, m: np.clip(x.astype(np.float32) + rng.normal(0, 5, x.shape), 0, 255).astype(np.uint8),
    "gaussianBlur": lambda x, m: cv2.GaussianBlur(x, (5, 5), 0),
    "randomBrightnessContrast": lambda x, m: cv2.LUT(x, np.clip(np.arange(256) * 1.1 + 10, 0, 255).astype(np.uint8)),
    "normalize": lambda x, m: (x.astype(np.float32) - 127.5) * np.float32(1 / 127.5),
}
result = {}
for channels in (1, 3):
    x = rng.integers(0, 256, (n, n) if channels == 1 else (n, n, 3), dtype=np.uint8)
    m = rng.integers(0, 2, (n, n), dtype=np.uint8)
    for name, step in steps.items():
        step(x, m); times = []
        for _ in range(15):
            start = time.perf_counter(); step(x, m); times.append(time.perf_counter() - start)
        result[f"{name} {channels}"] = sorted(times)[7] * 1000
print(json.dumps({"cv2": cv2.__version__, "times": result}))
`;

function medianTime(work: (i: number) => unknown): number {
  for (let i = 0; i < 4; i++) work(i);
  const times = Array.from({ length: 15 }, (_, i) => {
    const start = performance.now();
    work(i);
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[7]!;
}

const transforms: Record<string, Transform> = {
  resize: resize({ height: size >> 1, width: size >> 1 }),
  horizontalFlip: horizontalFlip({ p: 1 }),
  rotate90: rotate90({ p: 1, turns: 1 }),
  shiftScaleRotate: shiftScaleRotate({ p: 1, rotateLimit: [23.7, 23.7] }),
  gaussNoise: gaussNoise({ p: 1 }),
  gaussianBlur: gaussianBlur({ p: 1, blurLimit: [5, 5] }),
  randomBrightnessContrast: randomBrightnessContrast({ p: 1 }),
  normalize: normalize({ mean: 0.5, std: 0.5 }),
};

const python = spawnSync(process.env.PYTHON ?? 'python3', ['-c', PYTHON], { encoding: 'utf8' });
const reference = (
  python.status === 0 ? JSON.parse(python.stdout) : { missing: python.stderr || String(python.error) }
) as { missing?: string; cv2?: string; times?: Record<string, number> };
console.log(reference.missing ? `no OpenCV to compare with: ${reference.missing}` : `OpenCV ${reference.cv2}`);

const random = new Random(1);
for (const channels of [1, 3]) {
  const data = Uint8Array.from({ length: size * size * channels }, () => random.integer(0, 256));
  const sample = {
    image: createImage(data, channels === 1 ? [size, size] : [size, size, channels]),
    mask: createMask(
      Uint8Array.from({ length: size * size }, () => random.integer(0, 2)),
      [size, size],
    ),
  };
  console.log(`\n${size} x ${size} x ${channels} uint8 with mask, ms a sample (median of 15)`);
  for (const [name, transform] of Object.entries(transforms)) {
    const ours = medianTime((i) => transform(sample, random.split(i)));
    const theirs = reference.times?.[`${name} ${channels}`];
    console.log(`${name.padEnd(26)}${ours.toFixed(2).padStart(8)}${theirs ? theirs.toFixed(2).padStart(10) : ''}`);
  }
  const train = compose(
    [flip(), shiftScaleRotate(), gaussNoise(), normalize({ mean: 0.5, std: 0.25 }), padToDivisor()],
    { seed: 1 },
  );
  const whole = medianTime((index) => train(sample, { index }));
  console.log(`${'flip, warp, noise, normalize'.padEnd(28)}${whole.toFixed(2).padStart(6)}`);
}
