import { denseRanks } from './denseRanks.js';
import { LevelQueue } from './levelQueue.js';

/**
 * Grey reconstruction by erosion from the pixels of the border, 8-connected: hollows that do not reach it are filled. Water
 * comes in over the border, lowest places first, and each pixel is done once (after Robinson and Whelan 2004); with general
 * seeds `reconstructInPlace` is the way.
 */
export function erodeFromBorder(data: Float32Array, height: number, width: number): Float32Array {
  const line = width + 2;
  // 0 dry, 1 wet, -1 beyond the border.
  const states = new Int32Array(line * (height + 2)).fill(-1);
  for (let row = 1; row <= height; row++) states.fill(0, row * line + 1, row * line + 1 + width);
  const { ranks, count } = denseRanks(data, height, width, states, line);
  const values = new Float32Array(count);
  for (let row = 0, from = 0; row < height; row++) {
    for (let x = 0, at = (row + 1) * line + 1; x < width; x++, at++, from++) values[ranks[at]!] = data[from]!;
  }
  const queue = new LevelQueue(count, states.length);
  const enter = (at: number) => {
    if (states[at] !== 0) return;
    states[at] = 1;
    queue.push(ranks[at]!, at);
  };
  for (let x = 1; x <= width; x++) {
    enter(line + x);
    enter(height * line + x);
  }
  for (let row = 1; row <= height; row++) {
    enter(row * line + 1);
    enter(row * line + width);
  }
  const steps = [-line - 1, -line, -line + 1, -1, 1, line - 1, line, line + 1];
  // Pixels that lie below the water around them are filled at once, without the queue.
  const pool: number[] = [];
  for (let at = queue.pop(); at >= 0; at = queue.pop()) {
    const level = ranks[at]!;
    pool.push(at);
    while (pool.length > 0) {
      const here = pool.pop()!;
      for (let k = 0; k < 8; k++) {
        const other = here + steps[k]!;
        if (states[other] !== 0) continue;
        states[other] = 1;
        if (ranks[other]! > level) {
          queue.push(ranks[other]!, other);
        } else {
          ranks[other] = level;
          pool.push(other);
        }
      }
    }
  }
  const result = new Float32Array(data.length);
  for (let row = 0, to = 0; row < height; row++) {
    for (let x = 0, at = (row + 1) * line + 1; x < width; x++, at++, to++) result[to] = values[ranks[at]!]!;
  }
  return result;
}
