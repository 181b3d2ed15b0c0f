import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { createImage, createLabels, createMask, type Image, type Labels, type Mask } from 'segkit/core';
import { type GoldenArray, type GoldenCase, npy } from './golden.js';

const files = unzipSync(readFileSync(new URL('../fixtures/morphology/goldens.npz', import.meta.url)));
const cases = JSON.parse(new TextDecoder().decode(files['cases.json'])) as GoldenCase[];

/** The packed golden cases of the peer's function `fn`. */
export function packedCases(fn: string): GoldenCase[] {
  const found = cases.filter((one) => one.fn === fn);
  if (found.length === 0) throw new Error(`no packed golden case of ${fn}`);
  return found;
}

/** A packed golden array. */
export function packedArray(file: string | number | undefined): GoldenArray {
  const bytes = files[String(file)];
  if (bytes === undefined) throw new Error(`not the name of a packed golden array: ${file}`);
  return npy(bytes);
}

/** A golden array as a float image. */
export function floatImage(file: string | number | undefined): Image {
  const { data, shape } = packedArray(file);
  return createImage(Float32Array.from(data), shape);
}

/** A golden array as an image of bytes, where it holds such. */
export function byteImage(file: string | number | undefined): Image {
  const { data, shape } = packedArray(file);
  return createImage(data instanceof Uint8Array ? data : Float32Array.from(data), shape);
}

/** A golden array as a mask. */
export function goldenMask(file: string | number | undefined): Mask {
  const { data, shape } = packedArray(file);
  return createMask(Uint8Array.from(data), shape);
}

/** A golden array as labels. */
export function goldenLabels(file: string | number | undefined): Labels {
  const { data, shape } = packedArray(file);
  return createLabels(Int32Array.from(data), shape);
}
