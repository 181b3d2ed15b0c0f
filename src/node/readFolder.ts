import { requireInteger, requireKnownOptions, requireNumber, requireOneOf } from '../core/check.js';
import { FormatError } from '../core/errors.js';
import type { Sample } from '../core/types.js';
import type { SampleSource } from '../training/sampleSource.js';
import { requirePath } from './fileErrors.js';
import { type FilePair, findPairs, type LabelFolder } from './folderPairs.js';
import { type DecodedPair, isGrey, readPair, withChannels } from './folderSample.js';

/** Options of {@link readFolder}. */
export interface ReadFolderOptions {
  /**
   * What the labels hold: a class index a pixel, or an instance id a pixel (0 is background, all others foreground).
   * `'auto'` takes instances in `segmaps/` and classes elsewhere. @defaultValue 'auto'
   */
  readonly kind?: 'auto' | 'class' | 'instance';
  /**
   * Number of classes with the background; a larger index is an error. With 2, masks of 0 and 255 count as 0 and 1.
   * @defaultValue one more than the largest index; 2 for instances
   */
  readonly classes?: number;
  /**
   * Channels of all images. `'auto'` takes grey where every image is grey or has equal channels, else RGB.
   * @defaultValue 'auto'
   */
  readonly channels?: 'auto' | 'grey' | 'rgb';
  /** Which folder holds the labels, where there are several. @defaultValue the one that is there */
  readonly labelFolder?: LabelFolder;
  /** Samples are kept in memory up to this size, and read again beyond it. @defaultValue 1024 */
  readonly cacheMegabytes?: number;
}

/** The samples of a folder; {@link readFolder} has read and checked each of them once. */
export interface FolderSamples extends SampleSource {
  /** Images with their labels, in natural order (`frame2` before `frame10`). */
  readonly files: readonly FilePair[];
  /** What the labels hold. */
  readonly kind: 'class' | 'instance';
  /** Number of classes with the background. */
  readonly classes: number;
  /** Channels of all images. */
  readonly channels: 'grey' | 'rgb';
  /** Returns a sample: image, mask, for instances also labels, and its name as `id`. */
  get(index: number): Promise<Sample>;
  /** Returns all samples. */
  all(): Promise<Sample[]>;
}

/**
 * Reads a data set: `images/` beside `masks/`, `segmaps/` or `labels/`, or pairs of `*.image.*` and `*.label.*` in one
 * folder. Images are PNG, TIFF, JPEG or NPY, labels PNG, TIFF or NPY; an image belongs to the label of the same name.
 * Folders below these and hidden files are not looked at. Every file is read once at the start, so that whatever is
 * wrong with it shows before a training begins.
 *
 * @throws Error of one line where there is no folder, nothing in it, or an image or a label without its partner (all
 * named); FormatError or RangeError with the paths where a file is damaged, the sizes of an image and its label differ,
 * a class is out of range, or an image is partly transparent.
 *
 * @example
 * ```ts
 * const folder = await import('node:fs/promises').then((fs) => fs.mkdtemp('/tmp/segkit-'));
 * await writeImage(`${folder}/a.image.png`, createImage(new Uint8Array([1, 2, 3, 4]), [2, 2]));
 * await writeMask(`${folder}/a.label.png`, createMask([0, 1, 1, 0], [2, 2]));
 * const samples = await readFolder(folder, { classes: 2 });
 * [samples.length, (await samples.get(0)).id]; // [1, 'a']
 * ```
 */
export async function readFolder(folder: string, options: ReadFolderOptions = {}): Promise<FolderSamples> {
  requirePath('folder', folder);
  requireKnownOptions('readFolder', options, ['kind', 'classes', 'channels', 'labelFolder', 'cacheMegabytes']);
  const { kind = 'auto', channels = 'auto', labelFolder: wanted, cacheMegabytes = 1024 } = options;
  requireOneOf('kind', kind, ['auto', 'class', 'instance']);
  requireOneOf('channels', channels, ['auto', 'grey', 'rgb']);
  requireNumber('cacheMegabytes', cacheMegabytes, { min: 0 });
  if (options.classes !== undefined) requireInteger('classes', options.classes, { min: 2, max: 256 });

  const { pairs, labelFolder } = await findPairs(folder, wanted);
  const chosen = kind === 'auto' ? (labelFolder === 'segmaps' ? 'instance' : 'class') : kind;
  if (chosen === 'instance' && options.classes !== undefined && options.classes !== 2) {
    throw new RangeError(`classes must be 2, background and foreground, for instances, got ${options.classes}.`);
  }
  const read = (pair: FilePair) => readPair(pair, chosen, options.classes).catch(adviseOnKind(kind, chosen));
  const cache = new Map<number, DecodedPair>();
  let room = cacheMegabytes * 2 ** 20;
  let largest = 1;
  let grey = true;
  for (const [index, pair] of pairs.entries()) {
    const decoded = await read(pair);
    for (const value of decoded.mask.data) if (value > largest) largest = value;
    grey = grey && isGrey(decoded.image);
    room -= sizeOf(decoded);
    if (room >= 0) cache.set(index, decoded);
  }
  const shown = channels === 'auto' ? (grey ? 'grey' : 'rgb') : channels;
  for (const [index, decoded] of cache) cache.set(index, { ...decoded, image: withChannels(decoded.image, shown) });

  const get = async (index: number): Promise<Sample> => {
    requireInteger('index', index, { min: 0, below: pairs.length });
    const pair = pairs[index]!;
    const decoded = cache.get(index) ?? (await read(pair));
    return { ...decoded, image: withChannels(decoded.image, shown), id: pair.id };
  };
  return {
    length: pairs.length,
    files: pairs,
    kind: chosen,
    classes: options.classes ?? largest + 1,
    channels: shown,
    get,
    all: () => Promise.all(pairs.map((_, index) => get(index))),
  };
}

/** A class out of range in labels that nobody has said to be classes may well be an instance id. */
function adviseOnKind(asked: string, chosen: string): (error: unknown) => never {
  return (error) => {
    if (asked === 'auto' && chosen === 'class' && error instanceof FormatError && /class ind/.test(error.message)) {
      throw new FormatError(`${error.message} Where these are instance ids, say kind "instance".`, { cause: error });
    }
    throw error;
  };
}

function sizeOf({ image, mask, labels }: DecodedPair): number {
  return image.data.byteLength + mask.data.byteLength + (labels?.data.byteLength ?? 0);
}
