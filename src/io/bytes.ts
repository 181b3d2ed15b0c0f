import { show } from '../core/check.js';
import { FormatError } from '../core/errors.js';

/** Throws unless `bytes` is a Uint8Array. */
export function requireBytes(name: string, bytes: unknown): asserts bytes is Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`${name} must be a Uint8Array, got ${show(bytes)}.`);
}

/** A view of the bytes for reading numbers. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Throws unless the samples fit into one array of the engine: sizes of a damaged file are often absurd. */
export function requireMemory(format: string, height: number, width: number, samples: number): void {
  const limit = 2 ** 31 - 1;
  if (height * width * samples > limit) {
    throw new FormatError(`${format}: ${height} x ${width} pixels with ${samples} channels are more than can be held.`);
  }
}

/** Runs a decoder of another package, whose errors become a {@link FormatError} of one line. */
export function guarded<T>(what: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof FormatError) throw error;
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new FormatError(`${what} (${reason}).`, { cause: error });
  }
}

/** Decodes base64, with or without a `data:` prefix. */
export function fromBase64(what: string, text: string): Uint8Array {
  const body = text.startsWith('data:') ? text.slice(text.indexOf(',') + 1) : text;
  const binary = guarded(`${what} must be base64`, () => atob(body));
  const result = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) result[i] = binary.charCodeAt(i);
  return result;
}

/** Copies samples of two bytes or more of the given byte order out of a file; other orders than the machine's too. */
export function readSamples<
  T extends Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array,
>(
  type: { new (buffer: ArrayBuffer): T; readonly BYTES_PER_ELEMENT: number },
  bytes: Uint8Array,
  littleEndian: boolean,
): T {
  // A plain copy: the slice of a Node Buffer would share its memory.
  const copy = new Uint8Array(bytes);
  if (littleEndian !== isMachineLittleEndian()) reverseBytes(copy, type.BYTES_PER_ELEMENT);
  return new type(copy.buffer as ArrayBuffer);
}

/** True on machines that store the low byte first: nearly all. */
export function isMachineLittleEndian(): boolean {
  return new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
}

/** Reverses the bytes within each sample, in place. */
export function reverseBytes(bytes: Uint8Array, size: number): void {
  if (size === 2) {
    for (let i = 1; i < bytes.length; i += 2) {
      const kept = bytes[i]!;
      bytes[i] = bytes[i - 1]!;
      bytes[i - 1] = kept;
    }
    return;
  }
  for (let start = 0; start + size <= bytes.length; start += size) {
    for (let i = start, j = start + size - 1; i < j; i++, j--) {
      const kept = bytes[i]!;
      bytes[i] = bytes[j]!;
      bytes[j] = kept;
    }
  }
}
