import { BucketQueue } from './bucketQueue.js';
import { extremes } from './histogram.js';
import { invert, inverted } from './reconstruct.js';

/**
 * Grey reconstruction by erosion from the pixels of the border, 8-connected: hollows that do not reach it are filled. Scans
 * down and up let most of the water in; what they leave spreads from a queue, lowest places first (after Vincent 1993,
 * hybrid). The border holds its values, so that no neighbour of a place that changes lies beyond it; with general seeds
 * `reconstructInPlace` is the way.
 */
export function erodeFromBorder(data: Float32Array, height: number, width: number): Float32Array {
  const water = data.slice();
  if (height < 3 || width < 3) return water;
  for (let row = 1; row < height - 1; row++) {
    water.fill(Number.POSITIVE_INFINITY, row * width + 1, (row + 1) * width - 1);
  }
  const [low, high] = extremes(data);
  const queue = new BucketQueue(low, high, 4096);
  scanDown(water, data, height, width);
  scanUp(water, data, height, width);
  scanDown(water, data, height, width);
  scanUp(water, data, height, width);
  enterSources(water, data, height, width, queue);
  spread(water, data, width, queue);
  return water;
}

/** The same by dilation: peaks that do not reach the border are taken off. */
export function dilateFromBorder(data: Float32Array, height: number, width: number): Float32Array {
  const result = erodeFromBorder(inverted(data), height, width);
  invert(result);
  return result;
}

/** Lets water in from the left and the three neighbours above, row by row from the top. */
function scanDown(water: Float32Array, ground: Float32Array, height: number, width: number): void {
  for (let row = 1; row < height - 1; row++) {
    const end = (row + 1) * width - 1;
    let at = row * width + 1;
    let level = water[at - 1]!;
    let left = water[at - width - 1]!;
    let middle = water[at - width]!;
    for (; at < end; at++) {
      const right = water[at - width + 1]!;
      const bottom = ground[at]!;
      if (left < level) level = left;
      if (middle < level) level = middle;
      if (right < level) level = right;
      if (level < bottom) level = bottom;
      const before = water[at]!;
      if (level < before) water[at] = level;
      else level = before;
      left = middle;
      middle = right;
    }
  }
}

/** Lets water in from the right and the three neighbours below, row by row from the bottom. */
function scanUp(water: Float32Array, ground: Float32Array, height: number, width: number): void {
  for (let row = height - 2; row > 0; row--) {
    const end = row * width;
    let at = (row + 1) * width - 2;
    let level = water[at + 1]!;
    let right = water[at + width + 1]!;
    let middle = water[at + width]!;
    for (; at > end; at--) {
      const left = water[at + width - 1]!;
      const bottom = ground[at]!;
      if (right < level) level = right;
      if (middle < level) level = middle;
      if (left < level) level = left;
      if (level < bottom) level = bottom;
      const before = water[at]!;
      if (level < before) water[at] = level;
      else level = before;
      right = middle;
      middle = left;
    }
  }
}

/** Queues the places whose water still runs to a neighbour: after a scan up, to one on the right or below. */
function enterSources(
  water: Float32Array,
  ground: Float32Array,
  height: number,
  width: number,
  queue: BucketQueue,
): void {
  for (let row = 1; row < height - 1; row++) {
    const end = (row + 1) * width - 1;
    for (let at = row * width + 1; at < end; at++) {
      const level = water[at]!;
      const below = at + width;
      if (
        (water[at + 1]! > level && water[at + 1]! > ground[at + 1]!) ||
        (water[below - 1]! > level && water[below - 1]! > ground[below - 1]!) ||
        (water[below]! > level && water[below]! > ground[below]!) ||
        (water[below + 1]! > level && water[below + 1]! > ground[below + 1]!)
      ) {
        queue.push(level, at);
      }
    }
  }
}

function spread(water: Float32Array, ground: Float32Array, width: number, queue: BucketQueue): void {
  const steps = [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1];
  for (let at = queue.pop(); at >= 0; at = queue.pop()) {
    const level = water[at]!;
    for (let k = 0; k < 8; k++) {
      const other = at + steps[k]!;
      if (water[other]! <= level) continue;
      const bottom = ground[other]!;
      if (water[other]! <= bottom) continue;
      const next = bottom > level ? bottom : level;
      water[other] = next;
      queue.push(next, other);
    }
  }
}
