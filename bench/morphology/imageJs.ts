import { createRequire } from 'node:module';
import type { Mask } from 'segkit/core';

/** image-js's regions of interest with the properties that it has; undefined where it is not installed. */
export async function loadImageJs(): Promise<((of: Mask) => unknown) | undefined> {
  try {
    createRequire(import.meta.url).resolve('image-js');
  } catch {
    console.log('image-js left out: npm install --no-save image-js');
    return undefined;
  }
  const name = 'image-js';
  const { fromMask, Mask: JsMask } = (await import(name)) as {
    fromMask: (mask: unknown) => { getRois: () => ImageJsRoi[] };
    Mask: new (width: number, height: number, options: { data: Uint8Array }) => unknown;
  };
  return (of) => {
    const [height, width] = of.shape as [number, number];
    const rois = fromMask(new JsMask(width, height, { data: of.data })).getRois();
    return rois.map((roi) => [
      roi.surface,
      roi.eqpc,
      roi.perimeter,
      roi.feret,
      roi.ellipse,
      roi.solidity,
      roi.convexHull,
      roi.centroid,
      roi.fillRatio,
    ]);
  };
}

interface ImageJsRoi {
  readonly surface: number;
  readonly eqpc: number;
  readonly perimeter: number;
  readonly feret: unknown;
  readonly ellipse: unknown;
  readonly solidity: number;
  readonly convexHull: unknown;
  readonly centroid: unknown;
  readonly fillRatio: number;
}
