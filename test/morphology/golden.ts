import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** An array of a golden case. */
export interface GoldenArray {
  readonly data: Uint8Array | Int32Array | Float32Array | Float64Array;
  readonly shape: number[];
}

/** A golden case; see ../../shared/golden/README.md. */
export interface GoldenCase {
  readonly name: string;
  readonly fn: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, string | number>>;
  readonly outputs: Readonly<Record<string, string | number>>;
  readonly tolerance: number;
  readonly tolerance_f64: number;
}

function path(folder: string, file: string): string {
  return fileURLToPath(new URL(`../fixtures/${folder}/${file}`, import.meta.url));
}

/** The golden cases of a folder of fixtures that come from the peer's function `fn`. */
export function goldenCases(folder: string, fn: string): GoldenCase[] {
  const all = JSON.parse(readFileSync(path(folder, 'cases.json'), 'utf8')) as GoldenCase[];
  const cases = all.filter((one) => one.fn === fn);
  if (cases.length === 0) throw new Error(`no golden case of ${fn} in ${folder}`);
  return cases;
}

/** Reads a .npy file of the dtypes that the goldens use. */
export function goldenArray(folder: string, file: string | number | undefined): GoldenArray {
  if (typeof file !== 'string') throw new Error(`not the name of a golden array: ${file}`);
  return npy(readFileSync(path(folder, file)));
}

/** Decodes a .npy file of the dtypes that the goldens use. */
export function npy(file: Uint8Array): GoldenArray {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, start);
  const shape = [...header.match(/'shape': \(([^)]*)\)/)![1]!.matchAll(/\d+/g)].map(Number);
  const buffer = Uint8Array.from(bytes.subarray(start)).buffer;
  const types = { '|u1': Uint8Array, '<i4': Int32Array, '<f4': Float32Array, '<f8': Float64Array };
  const type = types[header.match(/'descr': '([^']*)'/)![1] as keyof typeof types];
  return { data: new type(buffer), shape };
}

/** A golden number; the cases spell those that JSON lacks. */
export function goldenNumber(value: string | number | undefined): number {
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  if (typeof value !== 'number') throw new Error(`not a golden number: ${value}`);
  return value;
}

/** Whether |actual - expected| <= tolerance * (1 + |expected|), or both are not a number, or the same infinity. */
export function near(actual: number, expected: number, tolerance: number): boolean {
  if (Number.isNaN(expected)) return Number.isNaN(actual);
  return actual === expected || Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected));
}

/** The places where two arrays differ by more than the tolerance, as text; empty where there is none. */
export function differences(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 0): string[] {
  const result: string[] = actual.length === expected.length ? [] : [`${actual.length} != ${expected.length} elements`];
  for (let i = 0; i < expected.length && result.length < 5; i++) {
    if (!near(actual[i]!, expected[i]!, tolerance)) result.push(`at ${i}: ${actual[i]} != ${expected[i]}`);
  }
  return result;
}
