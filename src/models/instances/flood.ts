/** Arguments of {@link flood}. */
export interface FloodConfig {
  readonly foreground: Uint8Array;
  /** How far inside its object a pixel lies, 0 to 1. */
  readonly depth: Float32Array;
  readonly height: number;
  readonly width: number;
  readonly markerThreshold: number;
  readonly minMarkerSize: number;
}

/** Levels that depths are rounded to: ties are then taken in the order of their coming. */
const LEVELS = 256;

/**
 * Ids of objects: 4-connected pixels above the threshold are markers, in raster order, and grow over the foreground,
 * the deepest pixels first.
 */
export function flood({ foreground, depth, height, width, markerThreshold, minMarkerSize }: FloodConfig): Int32Array {
  const ids = new Int32Array(height * width);
  const queues: number[][] = Array.from({ length: LEVELS }, () => []);
  const levelOf = (pixel: number): number =>
    Math.min(LEVELS - 1, Math.max(0, Math.floor((1 - depth[pixel]!) * (LEVELS - 1))));
  const around = (pixel: number, visit: (neighbour: number) => void): void => {
    const x = pixel % width;
    if (pixel >= width) visit(pixel - width);
    if (x > 0) visit(pixel - 1);
    if (x < width - 1) visit(pixel + 1);
    if (pixel < ids.length - width) visit(pixel + width);
  };
  const isMarker = (pixel: number): boolean => foreground[pixel] === 1 && depth[pixel]! > markerThreshold;

  const seen = new Uint8Array(ids.length);
  let next = 1;
  for (let start = 0; start < ids.length; start++) {
    if (seen[start] === 1 || !isMarker(start)) continue;
    const members = [start];
    seen[start] = 1;
    for (let i = 0; i < members.length; i++) {
      around(members[i]!, (pixel) => {
        if (seen[pixel] === 1 || !isMarker(pixel)) return;
        seen[pixel] = 1;
        members.push(pixel);
      });
    }
    if (members.length < minMarkerSize) continue;
    for (const pixel of members) {
      ids[pixel] = next;
      queues[levelOf(pixel)]!.push(pixel);
    }
    next++;
  }
  for (let level = 0; level < LEVELS; level++) {
    const queue = queues[level]!;
    for (let i = 0; i < queue.length; i++) {
      const from = queue[i]!;
      around(from, (pixel) => {
        if (ids[pixel] !== 0 || foreground[pixel] === 0) return;
        ids[pixel] = ids[from]!;
        // What lies deeper than its neighbour is reached no earlier than this.
        queues[Math.max(level, levelOf(pixel))]!.push(pixel);
      });
    }
  }
  return ids;
}
