// A very small WebAssembly assembler: instructions are functions that return code, functions are built from code, and
// a module is a list of functions over one imported memory. Only what the kernels of this folder need.

/** WebAssembly code: bytes, nested at will. */
export type Code = number | readonly Code[];

/** The types a local variable may have. */
export type ValueType = 'i32' | 'f32' | 'v128';

/** A local variable or parameter of a function. */
export interface Local {
  /** Puts its value on the stack. */
  readonly get: Code;
  /** Assigns `value`. */
  set(value: Code): Code;
  /** Assigns `value` and leaves it on the stack. */
  tee(value: Code): Code;
}

/** Declares the parameters (first) and local variables of a function while its code is written. */
export interface Scope {
  /** The next parameter. */
  parameter(type?: ValueType): Local;
  /** A fresh local variable, zero at the start. */
  local(type?: ValueType): Local;
}

/** A function of the module under construction. */
export interface Callable {
  /** Calls it from other code of the module. */
  call(...values: readonly Code[]): Code;
}

interface BuiltFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

function typeByte(type: ValueType): number {
  return type === 'i32' ? 0x7f : type === 'f32' ? 0x7d : 0x7b;
}

/** LEB128 of an unsigned integer below 2^32. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return bytes;
}

/** LEB128 of a signed 32-bit integer. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 127;
    rest >>= 7;
    if ((rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0)) return [...bytes, low];
    bytes.push(low + 128);
  }
}

function flatten(code: Code, into: number[]): number[] {
  if (typeof code === 'number') into.push(code);
  else for (const part of code) flatten(part, into);
  return into;
}

function vector(items: readonly Code[]): Code {
  return [unsigned(items.length), items];
}

function sized(code: Code): number[] {
  const bytes = flatten(code, []);
  return unsigned(bytes.length).concat(bytes);
}

function text(value: string): Code {
  return vector(Array.from(value, (letter) => letter.charCodeAt(0)));
}

/** Collects functions and writes them as one WebAssembly module that imports `env.memory` and exports them all. */
export class Assembler {
  private readonly functions: BuiltFunction[] = [];

  /** Adds a function without result; `build` declares its parameters and locals and returns its code. */
  define(name: string, build: (scope: Scope) => Code): Callable {
    const parameters: ValueType[] = [];
    const locals: ValueType[] = [];
    const variable = (list: ValueType[], type: ValueType): Local => {
      list.push(type);
      const index = unsigned(parameters.length + locals.length - 1);
      return { get: [0x20, index], set: (value) => [value, 0x21, index], tee: (value) => [value, 0x22, index] };
    };
    const body = build({
      parameter: (type = 'i32') => variable(parameters, type),
      local: (type = 'i32') => variable(locals, type),
    });
    const index = unsigned(this.functions.length);
    this.functions.push({ name, parameters, locals, body });
    return { call: (...values) => [values, 0x10, index] };
  }

  /** The bytes of the module. `shared` must say whether the memory given to it is a shared one. */
  toBytes({ shared = false }: { readonly shared?: boolean } = {}): Uint8Array<ArrayBuffer> {
    const section = (id: number, items: readonly Code[]): Code => [id, sized(vector(items))];
    const limits: Code = shared ? [3, unsigned(0), unsigned(65536)] : [0, unsigned(0)];
    return Uint8Array.from(
      flatten(
        [
          [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
          section(
            1,
            this.functions.map(({ parameters }) => [0x60, vector(parameters.map(typeByte)), 0]),
          ),
          section(2, [[text('env'), text('memory'), 2, limits]]),
          section(
            3,
            this.functions.map((_, index) => unsigned(index)),
          ),
          section(
            7,
            this.functions.map(({ name }, index) => [text(name), 0, unsigned(index)]),
          ),
          section(
            10,
            this.functions.map(({ locals, body }) =>
              sized([vector(locals.map((type) => [1, typeByte(type)])), body, 0x0b]),
            ),
          ),
        ],
        [],
      ),
    );
  }
}
