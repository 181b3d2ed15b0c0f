import { contiguous, createImage, createLabels, createMask, type Pixels, pixels } from '../core/arrays.js';
import { requireLabels, requireMask, requireSameSize, show } from '../core/check.js';
import type { Box, Image, PixelData, Point, Polygon, Sample } from '../core/types.js';

/** Throws unless the parts of a sample fit together. */
export function requireSample(sample: Sample): void {
  if (typeof sample !== 'object' || sample === null || !('image' in sample)) {
    throw new TypeError(`sample must be an object with an image, got ${show(sample)}.`);
  }
  pixels(sample.image);
  if (sample.mask !== undefined) {
    requireMask('mask', sample.mask);
    requireSameSize('mask', sample.mask, 'image', sample.image);
  }
  if (sample.labels !== undefined) {
    requireLabels('labels', sample.labels);
    requireSameSize('labels', sample.labels, 'image', sample.image);
  }
}

/** Returns an image of other samples; a grey image keeps its number of axes. */
export function imageLike(image: Image, data: PixelData, height: number, width: number): Image {
  return createImage(data, image.shape.length === 2 ? [height, width] : [height, width, image.shape[2]!]);
}

/** Returns the sample with other pixel values in the same places. */
export function changeValues(sample: Sample, change: (image: Pixels) => PixelData): Sample {
  requireSample(sample);
  const image = pixels(sample.image);
  return { ...sample, image: imageLike(sample.image, change(image), image.height, image.width) };
}

/** How a transform moves pixels and points. */
export interface Geometry {
  /** Rows of the result. */
  readonly height: number;
  /** Columns of the result. */
  readonly width: number;
  /** The image, moved. */
  readonly image: (image: Pixels) => PixelData;
  /** Class indices or instance ids, moved without interpolation; `fill` where nothing is known. */
  readonly ids: <T extends Uint8Array | Int32Array>(data: T, fill: number) => T;
  /** Where a point goes; pixel centres are integers. */
  readonly point: (x: number, y: number) => Point;
  /** Class index of the mask where nothing is known. */
  readonly fillMask: number;
}

/**
 * Moves all parts of a sample alike. Boxes become the bounds of their moved corners, cut at the frame; boxes and
 * polygons that leave the frame altogether are left out. Only the fields of `Sample` are carried on: others would no
 * longer be true.
 */
export function move(sample: Sample, geometry: Geometry): Sample {
  requireSample(sample);
  const { height, width } = geometry;
  const { image, mask, labels, boxes, polygons, id } = sample;
  return {
    image: imageLike(image, geometry.image(pixels(image)), height, width),
    ...(mask && { mask: createMask(geometry.ids(contiguous(mask).data, geometry.fillMask), [height, width]) }),
    ...(labels && { labels: createLabels(geometry.ids(contiguous(labels).data, 0), [height, width]) }),
    ...(boxes && { boxes: boxes.flatMap((box) => moveBox(box, geometry)) }),
    ...(polygons && { polygons: polygons.flatMap((polygon) => movePolygon(polygon, geometry)) }),
    ...(id !== undefined && { id }),
  };
}

function moveBox(box: Box, { point, height, width }: Geometry): Box[] {
  // The sides of a half-open box run half a pixel before the centres of its first and next pixels.
  const corners = [
    point(box.xMin - 0.5, box.yMin - 0.5),
    point(box.xMax - 0.5, box.yMin - 0.5),
    point(box.xMin - 0.5, box.yMax - 0.5),
    point(box.xMax - 0.5, box.yMax - 0.5),
  ];
  const xs = corners.map(([x]) => x + 0.5);
  const ys = corners.map(([, y]) => y + 0.5);
  const xMin = Math.max(0, Math.min(...xs));
  const yMin = Math.max(0, Math.min(...ys));
  const xMax = Math.min(width, Math.max(...xs));
  const yMax = Math.min(height, Math.max(...ys));
  return xMin < xMax && yMin < yMax ? [{ ...box, xMin, yMin, xMax, yMax }] : [];
}

function movePolygon(polygon: Polygon, { point, height, width }: Geometry): Polygon[] {
  const points = polygon.points.map(([x, y]) => point(x, y));
  const beyond =
    points.every(([x]) => x < -0.5) ||
    points.every(([, y]) => y < -0.5) ||
    points.every(([x]) => x > width - 0.5) ||
    points.every(([, y]) => y > height - 0.5);
  return beyond ? [] : [{ ...polygon, points }];
}
