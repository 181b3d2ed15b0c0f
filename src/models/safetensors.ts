import { FormatError } from '../core/errors.js';

/** One tensor of a safetensors file: its values as the file has them. */
export interface StoredTensor {
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Types that are read; `'F32'` and `'I64'` are written. */
export type StoredDtype = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32';

function bytesOf(dtype: unknown): number | undefined {
  switch (dtype) {
    case 'F64':
    case 'I64':
      return 8;
    case 'F32':
    case 'I32':
      return 4;
    case 'F16':
    case 'BF16':
      return 2;
    default:
      return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function parseHeader(bytes: Uint8Array): readonly [Record<string, unknown>, Uint8Array] {
  if (bytes.length < 8) throw new FormatError(`safetensors: the file must have at least 8 bytes, got ${bytes.length}.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(bytes.length - 8)) {
    throw new FormatError(`safetensors: the header of ${length} bytes must fit in the file of ${bytes.length} bytes.`);
  }
  const end = 8 + Number(length);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, end)));
  } catch (cause) {
    throw new FormatError(
      `safetensors: the header must be JSON, got ${cause instanceof Error ? cause.message : cause}.`,
    );
  }
  if (!isRecord(header)) throw new FormatError('safetensors: the header must be a JSON object.');
  return [header, bytes.subarray(end)];
}

function parseEntry(name: string, entry: unknown, body: Uint8Array): readonly [StoredTensor, number, number] {
  const fail = (what: string): never => {
    throw new FormatError(`safetensors: tensor "${name}" ${what}.`);
  };
  if (!isRecord(entry)) return fail('must be described by an object');
  const { dtype, shape, data_offsets: offsets } = entry;
  const size = bytesOf(dtype);
  if (size === undefined) return fail(`must have dtype F64, F32, F16, BF16, I64 or I32, got ${JSON.stringify(dtype)}`);
  if (!Array.isArray(shape) || !shape.every(isIndex)) return fail(`must have a shape, got ${JSON.stringify(shape)}`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isIndex)) {
    return fail(`must have two data_offsets, got ${JSON.stringify(offsets)}`);
  }
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > body.length) {
    return fail(`must lie within the ${body.length} bytes of data, got ${begin} to ${end}`);
  }
  const wanted = shape.reduce((product, side) => product * side, size);
  if (wanted !== end - begin) {
    return fail(`of shape [${shape.join(', ')}] must have ${wanted} bytes, got ${end - begin}`);
  }
  return [{ dtype: dtype as StoredDtype, shape, bytes: body.subarray(begin, end) }, begin, end];
}

/**
 * Returns the tensors of a safetensors file by name; nothing is copied.
 *
 * @throws FormatError where the header is none, a tensor lies outside the file, overlaps another, or has a type or
 * shape that does not fit, which the message names, or where bytes belong to no tensor.
 */
export function readSafetensors(bytes: Uint8Array): ReadonlyMap<string, StoredTensor> {
  return readAnnotatedSafetensors(bytes).tensors;
}

/**
 * Returns the tensors of a safetensors file and the texts of its `__metadata__`.
 *
 * @throws FormatError as {@link readSafetensors} does, and where the metadata are no texts.
 */
export function readAnnotatedSafetensors(bytes: Uint8Array): {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: ReadonlyMap<string, string>;
} {
  // The slice of a Buffer of Node is no copy.
  const [header, body] = parseHeader(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const metadata = new Map<string, string>();
  const { __metadata__: notes = {} } = header;
  if (!isRecord(notes)) throw new FormatError('safetensors: __metadata__ must be an object.');
  for (const [key, text] of Object.entries(notes)) {
    if (typeof text !== 'string') throw new FormatError(`safetensors: __metadata__ "${key}" must be a text.`);
    metadata.set(key, text);
  }
  const tensors = new Map<string, StoredTensor>();
  const spans: [begin: number, end: number, name: string][] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const [stored, begin, end] = parseEntry(name, entry, body);
    tensors.set(name, stored);
    if (end > begin) spans.push([begin, end, name]);
  }
  spans.sort((a, b) => a[0] - b[0]);
  for (let i = 1; i < spans.length; i++) {
    if (spans[i]![0] < spans[i - 1]![1]) {
      throw new FormatError(`safetensors: tensor "${spans[i]![2]}" must not overlap "${spans[i - 1]![2]}".`);
    }
  }
  const last = spans.at(-1)?.[1] ?? 0;
  const covered = spans.reduce((sum, [begin, end]) => sum + end - begin, 0);
  if (covered !== body.length) {
    throw new FormatError(
      `safetensors: the tensors must fill the ${body.length} bytes of data, got ${covered}` +
        `${last < body.length ? `, the last of them ending at ${last}` : ''}.`,
    );
  }
  return { tensors, metadata };
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return (sign * fraction) / 16777216;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Returns the values of a stored tensor as they are, in doubles: integers to 2^53 are exact. */
export function toCounts(stored: StoredTensor): Float64Array {
  const { buffer } = stored.bytes.slice();
  switch (stored.dtype) {
    case 'F64':
      return new Float64Array(buffer);
    case 'I64':
      return Float64Array.from(new BigInt64Array(buffer), Number);
    case 'I32':
      return Float64Array.from(new Int32Array(buffer));
    default:
      return Float64Array.from(toFloats(stored));
  }
}

/** Returns the values of a stored tensor as float32; whatever its alignment in the file. */
export function toFloats({ dtype, bytes }: StoredTensor): Float32Array {
  const { buffer } = bytes.slice();
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'F64':
      return Float32Array.from(new Float64Array(buffer));
    case 'I32':
      return Float32Array.from(new Int32Array(buffer));
    case 'I64':
      return Float32Array.from(new BigInt64Array(buffer), Number);
    case 'F16':
      return Float32Array.from(new Uint16Array(buffer), halfToNumber);
    case 'BF16':
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
  }
}

/**
 * Returns a safetensors file; tensors lie in the order of the map, the header padded to a multiple of 8 bytes. Further
 * texts go into its `__metadata__`.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array | BigInt64Array }>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt', ...metadata } };
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    const end = offset + data.byteLength;
    header[name] = { dtype: data instanceof Float32Array ? 'F32' : 'I64', shape, data_offsets: [offset, end] };
    offset = end;
  }
  let text = JSON.stringify(header);
  const encoder = new TextEncoder();
  text += ' '.repeat((8 - (encoder.encode(text).length % 8)) % 8);
  const head = encoder.encode(text);
  const bytes = new Uint8Array(8 + head.length + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true);
  bytes.set(head, 8);
  let at = 8 + head.length;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}
