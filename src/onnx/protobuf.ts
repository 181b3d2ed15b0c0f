/**
 * A protocol-buffer message being written: fields in the order of the calls, nested messages by their finished bytes.
 *
 * Only what ONNX needs: variable-length integers, 32-bit floats, strings, bytes and packed lists of them.
 */
export class ProtobufWriter {
  private readonly parts: Uint8Array[] = [];
  private length = 0;

  /** A field holding an integer (int32, int64, enum, bool), negative ones in ten bytes as the format has it. */
  integer(field: number, value: number | bigint): this {
    this.append(varint((field << 3) | 0));
    return this.append(varint(value));
  }

  /** A field holding a 32-bit float. */
  float(field: number, value: number): this {
    this.append(varint((field << 3) | 5));
    return this.append(new Uint8Array(Float32Array.of(value).buffer));
  }

  /** A field holding text. */
  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  /** A field holding bytes, which are not copied before {@link toBytes}. */
  bytes(field: number, value: Uint8Array): this {
    this.append(varint((field << 3) | 2));
    this.append(varint(value.length));
    return this.append(value);
  }

  /** A field holding a message. */
  message(field: number, value: ProtobufWriter): this {
    this.append(varint((field << 3) | 2));
    this.append(varint(value.length));
    for (const part of value.parts) this.append(part);
    return this;
  }

  /** A field holding packed integers. */
  integers(field: number, values: readonly (number | bigint)[]): this {
    const packed = new ProtobufWriter();
    for (const value of values) packed.append(varint(value));
    return this.message(field, packed);
  }

  /** A field holding packed 32-bit floats. */
  floats(field: number, values: readonly number[]): this {
    return this.bytes(field, new Uint8Array(Float32Array.from(values).buffer));
  }

  /** All that was written, in one piece. */
  toBytes(): Uint8Array {
    const all = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  private append(part: Uint8Array): this {
    this.parts.push(part);
    this.length += part.length;
    return this;
  }
}

/** Seven bits a byte, least significant first, the top bit set on all but the last. */
function varint(value: number | bigint): Uint8Array {
  if (typeof value === 'number' && value >= 0 && value < 128) return Uint8Array.of(value);
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
