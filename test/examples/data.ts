import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createImage, createLabels, createMask, type Image, type Labels, type Mask, Random } from 'segkit/core';
import { afterAll, beforeAll } from 'vitest';

/** A disc: row and column of its centre, radius in pixels. Radii 3, 4, 5 and 8 give 29, 49, 81 and 197 pixels. */
export type Disc = readonly [row: number, column: number, radius: number];

/** A small micrograph of bright discs on a dark, noisy support, with the truth. */
export function picture(seed: number, height: number, width: number, discs: readonly Disc[]): Picture {
  const random = new Random(seed);
  const labels = createLabels(undefined, [height, width]);
  const image = createImage(new Uint8Array(height * width), [height, width]);
  for (let at = 0; at < labels.data.length; at++) {
    const [row, column] = [Math.floor(at / width), at % width];
    const inside = discs.findIndex(([y, x, radius]) => (row - y) ** 2 + (column - x) ** 2 <= radius ** 2);
    labels.data[at] = inside + 1;
    image.data[at] = random.integer(40, 70) + (inside < 0 ? 0 : 120);
  }
  return { image, labels, mask: createMask(Uint8Array.from(labels.data, Math.sign), [height, width]) };
}

/** What `picture` returns. */
export interface Picture {
  readonly image: Image;
  readonly labels: Labels;
  readonly mask: Mask;
}

/** One `<image>` of a CVAT file with a box for every disc: `[xtl, xbr]` includes both ends. */
export function cvatImage(name: string, height: number, width: number, discs: readonly Disc[]): string {
  const boxes = discs.map(
    ([y, x, r]) =>
      `<box label="Bubble" xtl="${x - r}" ytl="${y - r}" xbr="${x + r}" ybr="${y + r}" occluded="0" z_order="0"/>`,
  );
  return `<image id="0" name="${name}" width="${width}" height="${height}">${boxes.join('')}</image>`;
}

/** A CVAT-for-images file. */
export function cvatFile(...images: readonly string[]): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n<annotations><version>1.1</version>${images.join('\n')}</annotations>\n`;
}

/** An empty folder for a whole test file, of a name with spaces and letters of several scripts. */
export function useSharedFolder(): { at(...names: string[]): string } {
  let path = '';
  beforeAll(() => {
    path = mkdtempSync(join(tmpdir(), 'segkit exämple 粒子-'));
  });
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return { at: (...names) => join(path, ...names) };
}

/** Everything below a folder, hidden files too: path and digest of each file, paths of folders. */
export function contents(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    found[path.slice(folder.length + 1)] = entry.isDirectory()
      ? 'folder'
      : createHash('sha256').update(readFileSync(path)).digest('hex');
  }
  return found;
}

/** Results of an earlier run, under the names that every command uses. */
export function earlierResults(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of ['report.html', 'particles.csv', 'training.csv', 'weights.safetensors', 'overlay.png', 'mine.txt'])
    writeFileSync(join(folder, name), `earlier ${name}`);
}
