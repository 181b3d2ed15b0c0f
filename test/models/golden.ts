import { readFileSync } from 'node:fs';
import { type Tensor4D, tensor, tensor4d, transpose } from '@tensorflow/tfjs-core';

/** One packed golden case: see ../fixtures/models/pack.mjs. */
export interface GoldenCase {
  name: string;
  params: Record<string, unknown>;
  inputs: Record<string, string>;
  outputs: Record<string, string>;
  tolerance: number;
}
interface Packed {
  dtype: string;
  shape: number[];
  base64: string;
}
interface Golden {
  cases: GoldenCase[];
  arrays: Record<string, Packed>;
  stateDicts: Record<string, [name: string, shape: number[]][]>;
  parameterCounts: {
    arch: 'Unet' | 'UnetPlusPlus';
    encoder: string;
    in_channels: number;
    classes: number;
    trainable: number;
    with_bn_stats: number;
  }[];
  training: { loss: number; gradientNorms: Record<string, number> };
}

export const golden = JSON.parse(
  readFileSync(new URL('../fixtures/models/golden.json', import.meta.url), 'utf8'),
) as Golden;

export function goldenCase(name: string): GoldenCase {
  const found = golden.cases.find((entry) => entry.name === name);
  if (found === undefined) throw new Error(`no golden case ${name}`);
  return found;
}

/** The values of a golden array as it lies in PyTorch's memory, and its shape. */
export function goldenArray(file: string | undefined): { data: Float64Array | Float32Array; shape: number[] } {
  const { dtype, shape, base64 } = golden.arrays[file ?? '']!;
  const { buffer } = Uint8Array.from(Buffer.from(base64, 'base64'));
  return { shape, data: dtype === '<f4' ? new Float32Array(buffer) : new Float64Array(buffer) };
}

/** A golden array with its axes in another order, as a float32 tensor. */
export function goldenTensor(file: string | undefined, axes?: number[]) {
  const { data, shape } = goldenArray(file);
  const plain = tensor(Float32Array.from(data), shape, 'float32');
  if (axes === undefined) return plain;
  const result = transpose(plain, axes);
  plain.dispose();
  return result;
}

/** PyTorch's NCHW as NHWC. */
export const NHWC = [0, 2, 3, 1];

function hash(key: string): number {
  let seed = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) seed = Math.imul(seed ^ key.charCodeAt(i), 0x01000193);
  return seed;
}

/** base + (u - 0.5) * scale with the formula's u. */
function fillUniform(result: Float32Array, key: string, scale: number, base = 0): Float32Array {
  const seed = hash(key);
  for (let i = 0; i < result.length; i++) {
    let x = (Math.imul(i, 0x9e3779b1) + seed) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    result[i] = base + (((x ^ (x >>> 16)) >>> 0) / 4294967296 - 0.5) * scale;
  }
  return result;
}

const uniform = (key: string, count: number, scale: number): Float32Array =>
  fillUniform(new Float32Array(count), key, scale);

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** The formula of golden/models/FILL.md for one tensor of a state dict, into memory of its size. */
export function filled(name: string, shape: readonly number[], result = new Float32Array(sizeOf(shape))): Float32Array {
  const weight = name.endsWith('.weight');
  if (weight && shape.length >= 2) {
    return fillUniform(result, name, 2 * Math.sqrt(6 / (result.length / shape[0]!)));
  }
  return fillUniform(result, name, 0.1, weight || name.endsWith('.running_var') ? 1 : 0);
}

/** The image of FILL.md, NHWC. */
export function filledImage(batch: number, height: number, width: number, channels: number): Tensor4D {
  const values = uniform(`image:${batch}x${channels}x${height}x${width}`, batch * channels * height * width, 2);
  const nchw = tensor4d(values, [batch, channels, height, width]);
  const image = transpose(nchw, NHWC);
  nchw.dispose();
  return image;
}

/** The target of FILL.md: class 1 where u < 0.3, int32. */
export function filledTarget(batch: number, height: number, width: number) {
  const centred = uniform(`target:${batch}x${height}x${width}`, batch * height * width, 1);
  return tensor(
    Array.from(centred, (value) => (value < -0.2 ? 1 : 0)),
    [batch, height, width],
    'int32',
  );
}

/** Writes a safetensors file, independently of the library; what brings no numbers has those of the formula. */
export function safetensors(
  entries: readonly [name: string, shape: readonly number[], data?: Float32Array][],
): Uint8Array {
  const header: Record<string, unknown> = {};
  let offset = 0;
  for (const [name, shape, data] of entries) {
    const counter = name.endsWith('num_batches_tracked');
    const end = offset + (counter ? 8 : 4 * (data?.length ?? sizeOf(shape)));
    header[name] = { dtype: counter ? 'I64' : 'F32', shape, data_offsets: [offset, end] };
    offset = end;
  }
  const head = Buffer.from(JSON.stringify(header));
  // At a multiple of four, behind a length of eight bytes, so that numbers can be written in place.
  const start = 8 + Math.ceil(head.length / 4) * 4;
  const file = Buffer.from(new ArrayBuffer(start + offset));
  file.writeBigUInt64LE(BigInt(start - 8));
  file.fill(' ', 8, start);
  head.copy(file, 8);
  let at = start;
  for (const [name, shape, data] of entries) {
    if (name.endsWith('num_batches_tracked')) {
      at += 8;
      continue;
    }
    const numbers = new Float32Array(file.buffer, at, data?.length ?? sizeOf(shape));
    if (data === undefined) filled(name, shape, numbers);
    else numbers.set(data);
    at += numbers.byteLength;
  }
  return new Uint8Array(file.buffer);
}

/** Names and shapes in a safetensors file. */
export function listed(bytes: Uint8Array): [name: string, shape: number[]][] {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString()) as Record<
    string,
    { shape: number[] }
  >;
  return Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, { shape }]) => [name, shape]);
}
