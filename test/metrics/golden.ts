import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createLabels, createMask, type Labels, type Mask } from 'segkit/core';

/** An array of a golden case. */
export interface GoldenArray {
  readonly data: Uint8Array | Int32Array | Float32Array | Float64Array;
  readonly shape: readonly number[];
}

type Packed = number | string | { readonly array: number };

/** A golden case; `tolerance` is that for double precision. */
export interface GoldenCase {
  readonly name: string;
  readonly fn: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, Packed>>;
  readonly outputs: Readonly<Record<string, Packed>>;
  readonly tolerance: number;
}

const { arrays, cases } = JSON.parse(
  gunzipSync(readFileSync(new URL('../fixtures/metrics/golden.json.gz', import.meta.url))).toString(),
) as { arrays: { dtype: string; shape: number[]; base64: string }[]; cases: GoldenCase[] };

/** All cases. */
export const allCases: readonly GoldenCase[] = cases;

/** The cases of a peer's function, by name. */
export function casesOf(fn: string): [string, GoldenCase][] {
  const list = cases.filter((one) => one.fn.startsWith(fn)).map((one) => [one.name, one] as [string, GoldenCase]);
  if (list.length === 0) throw new Error(`no golden case of ${fn}`);
  return list;
}

/** An array of a case. */
export function arrayOf(value: Packed | undefined): GoldenArray {
  if (typeof value !== 'object') throw new Error(`not a golden array: ${value}`);
  const { dtype, shape, base64 } = arrays[value.array]!;
  const { buffer } = Uint8Array.from(Buffer.from(base64, 'base64'));
  const types = { '|u1': Uint8Array, '<i4': Int32Array, '<f4': Float32Array, '<f8': Float64Array };
  return { data: new types[dtype as keyof typeof types](buffer), shape };
}

/** A number of a case; the cases spell those that JSON lacks. */
export function numberOf(value: Packed | undefined): number {
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  if (typeof value !== 'number') throw new Error(`not a golden number: ${value}`);
  return value;
}

/** A mask of a case, of one image of several where `index` is given. */
export function maskOf(value: Packed | undefined, index?: number): Mask {
  const { data, shape } = arrayOf(value);
  const [height, width] = shape.slice(-2) as [number, number];
  const from = (index ?? 0) * height * width;
  return createMask(Uint8Array.from(data.subarray(from, from + height * width)), [height, width]);
}

/** Labels of a case. */
export function labelsOf(value: Packed | undefined): Labels {
  const { data, shape } = arrayOf(value);
  return createLabels(Int32Array.from(data), shape);
}
