import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { requireOneOf } from '../core/check.js';
import { fileError } from './fileErrors.js';

/** Folders of labels that are known beside `images`. */
export type LabelFolder = 'masks' | 'segmaps' | 'labels';

/** An image and its label. */
export interface FilePair {
  /** Name that both share. */
  readonly id: string;
  /** Path of the image. */
  readonly image: string;
  /** Path of the label. */
  readonly label: string;
}

/** The pairs of a folder, in natural order, and where the labels lie; none for pairs in one folder. */
export interface FolderPairs {
  readonly pairs: readonly FilePair[];
  readonly labelFolder: LabelFolder | undefined;
}

/** Finds the images and labels of a data set, or throws one line that says what is missing. */
export async function findPairs(folder: string, wanted: LabelFolder | undefined): Promise<FolderPairs> {
  const entries = await entriesOf(folder);
  const folders = entries.filter((entry) => entry.folder).map(({ name }) => name);
  const inOne = entries.filter(({ name, folder: is }) => !is && /\.(image|label)\.[^.]+$/i.test(name));
  if (!folders.includes('images')) {
    if (wanted !== undefined) throw new Error(`no folder images beside ${wanted} in ${folder}`);
    if (inOne.length > 0) return { pairs: pairInOneFolder(folder, inOne), labelFolder: undefined };
    const expected = 'images/ with masks/, segmaps/ or labels/, or pairs of *.image.* and *.label.*';
    throw new Error(`no data set in ${folder}: expected ${expected}, ${found(entries)}`);
  }
  if (inOne.length > 0) {
    throw new Error(`two data sets in ${folder}: the folder images, and the file ${inOne[0]!.name}; keep one of them`);
  }
  const known: readonly LabelFolder[] = ['masks', 'segmaps', 'labels'];
  const there = known.filter((name) => folders.includes(name));
  if (wanted !== undefined) requireOneOf('labelFolder', wanted, known);
  if (there.length > 1 && wanted === undefined) {
    throw new Error(`${there.join(' and ')} in ${folder}: say by labelFolder which of them holds the labels`);
  }
  const labelFolder = wanted ?? there[0];
  if (labelFolder === undefined || !there.includes(labelFolder)) {
    throw new Error(`no labels in ${folder}: expected ${wanted ?? 'masks, segmaps or labels'} beside images`);
  }
  const images = imagesOf(join(folder, 'images'), await entriesOf(join(folder, 'images')));
  const labels = labelsOf(join(folder, labelFolder), await entriesOf(join(folder, labelFolder)));
  return { pairs: pair(folder, images, labels), labelFolder };
}

interface Entry {
  readonly name: string;
  readonly folder: boolean;
}

interface Found {
  readonly id: string;
  readonly path: string;
}

async function entriesOf(folder: string): Promise<readonly Entry[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter(({ name }) => !name.startsWith('.'))
      .map((entry) => ({ name: entry.name, folder: entry.isDirectory() }));
  } catch (error) {
    throw fileError(folder, error, 'folder');
  }
}

function found(entries: readonly Entry[]): string {
  if (entries.length === 0) return 'but it is empty';
  const names = entries.slice(0, 4).map(({ name, folder }) => (folder ? `${name}/` : name));
  return `found ${names.join(', ')}${entries.length > 4 ? `, ... (${entries.length} in all)` : ''}`;
}

function pairInOneFolder(folder: string, entries: readonly Entry[]): readonly FilePair[] {
  const side = (word: string) => entries.filter(({ name }) => new RegExp(`\\.${word}\\.[^.]+$`, 'i').test(name));
  const short = ({ id, path }: Found) => ({ id: id.replace(/\.(image|label)$/i, ''), path });
  return pair(folder, imagesOf(folder, side('image')).map(short), labelsOf(folder, side('label')).map(short));
}

function imagesOf(folder: string, entries: readonly Entry[]): readonly Found[] {
  const unreadable = entries.find(({ name }) => /\.(bmp|gif|webp|jp2|heic|svg|dm3|dm4|emd|ser|mrc)$/i.test(name));
  if (unreadable) throw new Error(`images must be PNG, TIFF, JPEG or NPY: ${join(folder, unreadable.name)}`);
  return filesOf(folder, entries, /\.(png|tiff?|jpe?g|npy)$/i);
}

function labelsOf(folder: string, entries: readonly Entry[]): readonly Found[] {
  const lossy = entries.find(({ name }) => /\.(jpe?g|bmp|gif|webp|jp2)$/i.test(name));
  if (lossy) throw new Error(`labels must be PNG, TIFF or NPY, so that no id changes: ${join(folder, lossy.name)}`);
  return filesOf(folder, entries, /\.(png|tiff?|npy)$/i);
}

function filesOf(folder: string, entries: readonly Entry[], ending: RegExp): readonly Found[] {
  const files = entries.filter(({ name, folder: is }) => !is && ending.test(name));
  return files.map(({ name }) => ({ id: name.replace(ending, ''), path: join(folder, name) }));
}

function pair(folder: string, images: readonly Found[], labels: readonly Found[]): readonly FilePair[] {
  if (images.length === 0 && labels.length === 0) throw new Error(`no images in ${folder}`);
  const [imageOf, labelOf] = [byId(images), byId(labels)];
  const missing = [
    listed(
      'without a label',
      images.filter(({ id }) => !labelOf.has(id)),
    ),
    listed(
      'without an image',
      labels.filter(({ id }) => !imageOf.has(id)),
    ),
  ].filter((text) => text !== '');
  if (missing.length > 0) throw new Error(`images and labels must have the same names: ${missing.join('; ')}`);
  const order = new Intl.Collator('en', { numeric: true });
  return [...imageOf]
    .map(([id, image]) => ({ id, image, label: labelOf.get(id)! }))
    .sort((a, b) => order.compare(a.id, b.id) || (a.id < b.id ? -1 : 1));
}

function byId(files: readonly Found[]): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const { id, path } of files) {
    const other = map.get(id);
    if (other !== undefined) throw new Error(`two files of one name: ${other} and ${path}`);
    map.set(id, path);
  }
  return map;
}

function listed(what: string, files: readonly Found[]): string {
  if (files.length === 0) return '';
  const paths = files.slice(0, 5).map(({ path }) => path);
  return `${what}: ${paths.join(', ')}${files.length > 5 ? ` and ${files.length - 5} more` : ''}`;
}
