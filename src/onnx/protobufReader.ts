import { FormatError } from '../core/errors.js';

/** One field of a message. */
export interface ProtobufField {
  readonly number: number;
  /** Its value as a whole number below 2^53. */
  integer(): number;
  /** Its value as text. */
  text(): string;
  /** Its value as a message; `name` is for errors. */
  message(name: string): ProtobufReader;
  /** Its value as bytes, not copied. */
  bytes(): Uint8Array;
}

/** Reads a protocol-buffer message field by field; nothing is copied. */
export class ProtobufReader {
  readonly #bytes: Uint8Array;
  readonly #name: string;

  /** @param name - what the bytes are, for errors. */
  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes;
    this.#name = name;
  }

  /** The fields in their order. */
  *fields(): Generator<ProtobufField> {
    const bytes = this.#bytes;
    let at = 0;
    const varint = (): number => {
      let value = 0;
      for (let scale = 1; ; scale *= 128) {
        if (at >= bytes.length) throw this.#error('it ends inside a number');
        const byte = bytes[at++]!;
        value += (byte & 127) * scale;
        if (byte < 128) return value;
        if (scale > 2 ** 63) throw this.#error(`a number of more than ten bytes lies before byte ${at}`);
      }
    };
    const take = (length: number): Uint8Array => {
      if (at + length > bytes.length) {
        throw this.#error(`${length} bytes must follow byte ${at}, got ${bytes.length - at}`);
      }
      at += length;
      return bytes.subarray(at - length, at);
    };
    while (at < bytes.length) {
      const tag = varint();
      const [number, wire] = [Math.floor(tag / 8), tag % 8];
      if (number === 0) throw this.#error(`a field must have a number, got 0 before byte ${at}`);
      if (wire === 0) yield this.#field(number, varint());
      else if (wire === 2) yield this.#field(number, take(varint()));
      else if (wire === 1 || wire === 5) take(wire === 1 ? 8 : 4);
      else throw this.#error(`a field of unknown kind ${wire} lies before byte ${at}`);
    }
  }

  #field(number: number, value: number | Uint8Array): ProtobufField {
    const bytes = (): Uint8Array => {
      if (typeof value === 'number') throw this.#error(`field ${number} must hold bytes, got a number`);
      return value;
    };
    return {
      number,
      integer: () => {
        if (typeof value !== 'number') throw this.#error(`field ${number} must hold a number, got bytes`);
        return value;
      },
      bytes,
      text: () => new TextDecoder().decode(bytes()),
      message: (name) => new ProtobufReader(bytes(), name),
    };
  }

  /** The last field of a number. */
  only(number: number): ProtobufField | undefined {
    let found: ProtobufField | undefined;
    for (const field of this.fields()) if (field.number === number) found = field;
    return found;
  }

  /** The text of a field; `''` where it is left out. */
  text(number: number): string {
    return this.only(number)?.text() ?? '';
  }

  #error(what: string): FormatError {
    return new FormatError(`ONNX: ${this.#name} is damaged: ${what}.`);
  }
}
