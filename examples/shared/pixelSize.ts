import { readFile } from 'node:fs/promises';
import type { Calibration, LengthUnit } from 'segkit';
import { decodeTiff, sniffFormat } from 'segkit/io';

/** The size of a pixel: as given, else as the tags of a TIFF file have it. */
export async function pixelSizeOf(
  path: string,
  { pixelSize, unit = 'nm' }: { readonly pixelSize?: number; readonly unit?: LengthUnit },
): Promise<Calibration> {
  if (pixelSize !== undefined) return { pixelSize, unit };
  const bytes = await readFile(path);
  const tagged = sniffFormat(bytes) === 'tiff' ? decodeTiff(bytes)[0]?.calibration : undefined;
  if (tagged !== undefined) return tagged;
  throw new RangeError(`say --pixel-size: no size of a pixel was found in the tags of the image (${path}).`);
}

/** The edge of a pixel, or both where they differ. */
export function edgesOf({ pixelSize }: Calibration): number | string {
  if (typeof pixelSize === 'number') return pixelSize;
  return `${pixelSize.row} (rows) x ${pixelSize.column} (columns)`;
}
