import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import type { Sample } from 'segkit/core';
import { createImage, createMask } from 'segkit/core';

/** An array of a NPY file. */
export interface Golden {
  readonly shape: number[];
  readonly data: Uint8Array | Float32Array | Float64Array | Int32Array;
}

/** One case of the reference programs. */
export interface GoldenCase {
  readonly name: string;
  readonly fn: string;
  readonly params: Record<string, number | string | boolean | number[]>;
  readonly inputs: Record<string, string>;
  readonly outputs: Record<string, string | number>;
  readonly tolerance: number;
}

const files = unzipSync(readFileSync(new URL('../fixtures/augment/goldens.npz', import.meta.url)));

const all = JSON.parse(new TextDecoder().decode(files['cases.json'])) as GoldenCase[];

/** The cases of one function of the reference. */
export function casesOf(fn: string): GoldenCase[] {
  const cases = all.filter((one) => one.fn === fn);
  if (cases.length === 0) throw new Error(`no golden case of ${fn}`);
  return cases;
}

/** Reads an array of a case. */
export function golden(file: string | number | undefined): Golden {
  const bytes = files[String(file)];
  if (!bytes) throw new Error(`no golden array ${file}`);
  const headerSize = bytes[8]! + 256 * bytes[9]!;
  const header = new TextDecoder('latin1').decode(bytes.subarray(10, 10 + headerSize));
  const shape = [...(/'shape': \(([^)]*)\)/.exec(header)![1]!.matchAll(/\d+/g) ?? [])].map(Number);
  const descr = /'descr': '([^']+)'/.exec(header)![1]!;
  const buffer = bytes.slice(10 + headerSize).buffer;
  const types = { '|u1': Uint8Array, '<f4': Float32Array, '<f8': Float64Array, '<i4': Int32Array };
  return { shape, data: new types[descr as keyof typeof types](buffer) };
}

/** The inputs of the image cases: a grey image and a colour image of 33 x 47, and a mask of 4 classes. */
export function goldenSample(kind: 'gray' | 'rgb', float = false): Sample {
  const { shape, data } = golden(`hflip__image_${kind}.npy`);
  const mask = golden('hflip__mask.npy');
  const pixels = float ? Float32Array.from(data, (value) => value / 255) : (data as Uint8Array);
  return { image: createImage(pixels, shape), mask: createMask(mask.data as Uint8Array, mask.shape) };
}

/** The largest difference of two arrays of the same length. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`lengths differ: ${a.length} and ${b.length}`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}

/** The number of places where two arrays differ. */
export function differingPixels(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) count++;
  return count + Math.abs(a.length - b.length);
}
