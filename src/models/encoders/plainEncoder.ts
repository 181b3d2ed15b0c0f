import { show } from '../../core/check.js';
import type { Encoder } from './encoder.js';

/** Options as plain data, for a record: the encoder becomes its name and options. */
export function plainEncoder<Options extends { readonly encoder: Encoder }>({ encoder, ...rest }: Options): object {
  return { ...rest, encoder: { name: encoder.name, ...encoder.options } };
}

/** Throws unless `encoder` is one. */
export function requireEncoder(encoder: unknown): asserts encoder is Encoder {
  if (typeof encoder === 'object' && encoder !== null && 'build' in encoder && typeof encoder.build === 'function')
    return;
  throw new TypeError(`encoder must be an encoder such as resnet34(), got ${show(encoder)}.`);
}
