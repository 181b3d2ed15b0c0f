/**
 * Files of `exportOnnx` as Python sees them: each builder in both layouts is checked by the package `onnx` and run by
 * `onnxruntime`, whichever of them the interpreter has, against the model itself on TensorFlow.js:
 * `PYTHON=/path/to/python npx tsx bench/onnx/python.ts`. PYTHON is /usr/bin/python3 by default. The last line is the
 * largest difference over the largest logit, null where there was no onnxruntime.
 */
import '@tensorflow/tfjs-backend-cpu';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Tensor4D, tensor4d, tidy, transpose } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { Random } from 'segkit/core';
import { useEngine } from 'segkit/engine';
import { horwathUnet, plainUnet, resnet18, separableUnet, unet, unetPlusPlus } from 'segkit/models';
import { exportOnnx, type OnnxLayout } from 'segkit/onnx';

const inputShape = [null, null, 3] as const;
const models: Record<string, () => LayersModel> = {
  plainUnet: () => plainUnet({ inputShape, classes: 2, baseFilters: 8, levels: 3, activation: 'mish' }),
  plainUnetBilinear: () => plainUnet({ inputShape, classes: 1, baseFilters: 8, levels: 2, upsampling: 'bilinear' }),
  separableUnet: () => separableUnet({ inputShape, classes: 2, baseFilters: 8, levels: 3 }),
  horwathUnet: () => horwathUnet({ inputShape: [null, null, 3] }),
  unet: () => unet({ inputShape, classes: 2, encoder: resnet18() }),
  unetPlusPlus: () => unetPlusPlus({ inputShape, classes: 2, encoder: resnet18() }),
};

/** What Python is told about a file. */
interface Case {
  readonly name: string;
  readonly path: string;
  readonly layout: OnnxLayout;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
}

async function writeCase(folder: string, name: string, model: LayersModel, layout: OnnxLayout): Promise<Case> {
  const path = join(folder, `${name}-${layout}.onnx`);
  writeFileSync(path, await exportOnnx(model, { layout }));
  const random = new Random(1);
  const values: Numbers[] = [];
  tidy(() => {
    const pixels = tensor4d(
      Float32Array.from({ length: 2 * 64 * 96 * 3 }, () => random.normal()),
      [2, 64, 96, 3],
    );
    for (const x of [pixels, model.apply(pixels, { training: false }) as Tensor4D]) {
      const arranged = layout === 'NCHW' ? transpose(x, [0, 3, 1, 2]) : x;
      values.push({ shape: arranged.shape, data: arranged.dataSync() as Float32Array });
    }
  });
  const [image, logits] = values as [Numbers, Numbers];
  writeFileSync(path.replace('.onnx', '.in'), bytesOf(image.data));
  writeFileSync(path.replace('.onnx', '.out'), bytesOf(logits.data));
  return { name: `${name} ${layout}`, path, layout, inputShape: image.shape, outputShape: logits.shape };
}

interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

const folder = mkdtempSync(join(tmpdir(), 'segkit-onnx-'));
try {
  await useEngine('wasm');
  const cases: Case[] = [];
  for (const [name, build] of Object.entries(models)) {
    const model = build();
    for (const layout of ['NHWC', 'NCHW'] as const) cases.push(await writeCase(folder, name, model, layout));
    model.dispose();
  }
  const list = join(folder, 'cases.json');
  writeFileSync(list, JSON.stringify(cases));
  const python = process.env.PYTHON ?? '/usr/bin/python3';
  const script = fileURLToPath(new URL('check.py', import.meta.url));
  const { stdout, stderr, status, error } = spawnSync(python, ['-B', script, list], { encoding: 'utf8' });
  process.stdout.write(stdout ?? '');
  if (status !== 0) throw new Error(error?.message ?? stderr.trim());
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { difference?: number });
  const differences = lines.map(({ difference }) => difference ?? Number.NaN);
  const largest = Math.max(...differences);
  console.log(JSON.stringify({ files: lines.length, largestDifference: largest }));
  if (largest > 1e-4) process.exitCode = 1;
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
