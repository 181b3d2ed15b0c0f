import type { Transform } from '../augment/index.js';
import { dtypeOf, pixels } from '../core/arrays.js';
import { requireImage, requireInteger, requireMask, requireSameSize, show } from '../core/check.js';
import type { Random } from '../core/random.js';
import type { Image, Mask, Sample } from '../core/types.js';
import type { SampleSource } from './sampleSource.js';
import type { SegmentationModel } from './segmentationModel.js';

/** One sample, checked against the model. */
export interface ReadSample {
  /** Its name for messages. */
  readonly name: string;
  readonly image: Image;
  readonly mask: Mask;
}

/** Reads, transforms and checks samples. Internal to the library. */
export interface SampleReader {
  readonly length: number;
  read(index: number, random: Random): Promise<ReadSample>;
}

/** Makes a reader of an option named `name`. */
export function sampleReader(
  name: string,
  data: readonly Sample[] | SampleSource,
  transform: Transform | undefined,
  target: SegmentationModel,
  ignoreIndex?: number,
): SampleReader {
  const get = 'get' in Object(data) ? (data as SampleSource).get : undefined;
  if (!Array.isArray(data) && typeof get !== 'function') {
    throw new TypeError(`${name} must be an array of samples or a SampleSource, got ${show(data)}.`);
  }
  requireInteger(`${name}.length`, data.length, { min: 0 });
  if (data.length === 0) throw new RangeError(`${name} must hold at least one sample, got none.`);
  return {
    length: data.length,
    async read(index, random) {
      const sample = Array.isArray(data) ? (data as Sample[])[index] : await (data as SampleSource).get(index);
      const label = sample?.id === undefined ? `sample ${index} of ${name}` : `sample ${show(sample.id)} of ${name}`;
      if (sample === undefined) throw new TypeError(`${label} must be a sample, got undefined.`);
      requireImage(`the image of ${label}`, sample.image);
      if (sample.mask === undefined) throw new TypeError(`${label} must have a mask to learn from, got none.`);
      requireMask(`the mask of ${label}`, sample.mask);
      requireSameSize(`the mask of ${label}`, sample.mask, 'its image', sample.image);
      const { image, mask } = transform === undefined ? sample : transform(sample, random);
      if (mask === undefined) throw new TypeError(`the transform must keep the mask of ${label}, got none.`);
      requireMask(`the transformed mask of ${label}`, mask);
      checkImage(label, image, mask, target);
      checkMask(label, mask, target.classes, ignoreIndex);
      return { name: label, image, mask };
    },
  };
}

function checkImage(label: string, image: Image, mask: Mask, { channels, size }: SegmentationModel): void {
  const grid = pixels(image);
  requireSameSize(`the transformed mask of ${label}`, mask, 'its image', image);
  if (!(grid.data instanceof Float32Array)) {
    throw new TypeError(
      `the image of ${label} must hold float samples when it reaches the model, got ${dtypeOf(image)}; ` +
        'put normalize() at the end of the transform, or convert with toFloat32.',
    );
  }
  if (grid.channels !== channels) {
    throw new RangeError(`the image of ${label} must have ${channels} channels, as the model, got ${grid.channels}.`);
  }
  const [height, width] = size;
  if ((height !== -1 && grid.height !== height) || (width !== -1 && grid.width !== width)) {
    throw new RangeError(
      `the image of ${label} must be ${height} x ${width}, as the model's input, got ${grid.height} x ${grid.width}; ` +
        'crop, resize or pad in the transform.',
    );
  }
}

function checkMask(label: string, mask: Mask, classes: number, ignoreIndex: number | undefined): void {
  const { data, height, width } = pixels(mask);
  for (let i = 0; i < height * width; i++) {
    const id = data[i]!;
    if (id >= classes && id !== ignoreIndex) {
      throw new RangeError(
        `the mask of ${label} must hold class ids in 0..${classes - 1}, ` +
          `got ${id} at [row, column] [${Math.floor(i / width)}, ${i % width}].`,
      );
    }
  }
}
