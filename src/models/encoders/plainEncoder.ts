import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { show } from '../../core/check.js';
import type { Encoder } from './encoder.js';

/** Options as plain data, for a record: the encoder becomes its name and options. */
export function plainEncoder<Options extends { readonly encoder: Encoder }>({ encoder, ...rest }: Options): object {
  return { ...rest, encoder: { name: encoder.name, ...encoder.options } };
}

/** Throws unless `encoder` is one. */
export function requireEncoder(encoder: unknown): asserts encoder is Encoder {
  const known = encoder as Partial<Encoder> | null | undefined;
  const { name, channels, build } = known ?? {};
  if (
    typeof known !== 'object' ||
    typeof name !== 'string' ||
    typeof build !== 'function' ||
    !Array.isArray(channels)
  ) {
    throw new TypeError(`encoder must be an encoder such as resnet34(), got ${show(encoder)}.`);
  }
}

/**
 * Builds the stages of an encoder on an image.
 *
 * @throws RangeError where it returns others than it announces.
 */
export function encoderStages(encoder: Encoder, image: SymbolicTensor, depth: number): readonly SymbolicTensor[] {
  const stages = encoder.build(image, depth);
  const channels = Array.isArray(stages) ? stages.map((stage) => stage?.shape?.[3]) : [];
  const wanted = encoder.channels.slice(0, depth);
  if (channels.length !== depth || channels.some((count, stage) => count !== wanted[stage])) {
    throw new RangeError(
      `encoder must build ${depth} stages of ${show(wanted)} channels, as ${show(encoder.name)} says, got ${show(channels)}.`,
    );
  }
  return stages;
}
