import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import type { Image, Mask } from 'segkit/core';
import { decodePng } from 'segkit/io';
import type { Particle } from 'segkit/particles';
import { overlay } from 'segkit/report';
import { runStory } from './story.js';

type Story = Awaited<ReturnType<typeof runStory>>;

setWasmPaths({
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  'tfjs-backend-wasm-threaded-simd.wasm': threaded,
});

/** Lets a worker measure the particles of a mask. */
function measure({ data, shape }: Mask): Promise<Particle[]> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  return new Promise<Particle[]>((resolve, reject) => {
    worker.onmessage = ({ data: particles }: MessageEvent<Particle[]>) => resolve(particles);
    worker.onerror = ({ message }) => reject(new Error(`the worker fails: ${message}`));
    worker.postMessage({ data, shape });
  }).finally(() => worker.terminate());
}

async function fetchBytes(path: string): Promise<Uint8Array> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

function show(image: Image) {
  const [height, width, channels = 1] = image.shape as [number, number, number?];
  const pixels = new ImageData(width, height);
  for (let i = 0; i < height * width; i++) {
    for (let c = 0; c < 3; c++) pixels.data[4 * i + c] = image.data[channels * i + Math.min(c, channels - 1)]!;
    pixels.data[4 * i + 3] = 255;
  }
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  canvas.getContext('2d')!.putImageData(pixels, 0, 0);
  document.querySelector('#pictures')!.append(canvas);
}

function addRow({ engine, losses, probability, particles, meanArea }: Story, milliseconds: number) {
  const row = document.createElement('tr');
  const numbers = [
    losses[0]!.toFixed(6),
    losses.at(-1)!.toFixed(6),
    probability.toFixed(6),
    particles,
    meanArea.toFixed(3),
  ];
  for (const text of [engine, ...numbers, (milliseconds / 1000).toFixed(1)]) {
    row.append(Object.assign(document.createElement('td'), { textContent: String(text) }));
  }
  document.querySelector('tbody')!.append(row);
}

const page = globalThis as { result?: { stories?: Omit<Story, 'mask'>[]; error?: string } };
try {
  const files = { image: await fetchBytes('/micrograph.png'), mask: await fetchBytes('/mask.png') };
  const image = await decodePng(files.image);
  show(image);
  const stories = [];
  for (const engine of (new URLSearchParams(location.search).get('engines') ?? 'wasm').split(',')) {
    const began = performance.now();
    const story = await runStory(engine, files, measure);
    addRow(story, performance.now() - began);
    show(overlay(image, story.mask));
    const { mask: _, ...numbers } = story;
    stories.push(numbers);
  }
  page.result = { stories };
} catch (error) {
  page.result = { error: error instanceof Error ? `${error.stack}` : String(error) };
}
document.querySelector('#note')!.textContent = page.result.error ?? 'done';
