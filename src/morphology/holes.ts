import { contiguous, createMask } from '../core/arrays.js';
import type { Mask } from '../core/types.js';
import { type Connectivity, components } from './components.js';
import type { Objects } from './objects.js';

/** The connected regions of background of a mask, numbered from 1. */
export function backgroundOf(mask: Mask, connectivity: Connectivity): Objects {
  const [height, width] = mask.shape as [number, number];
  const background = contiguous(mask).data.map((value) => (value === 0 ? 1 : 0));
  const { ids, count } = components(background, height, width, connectivity);
  return { height, width, count, places: ids };
}

/**
 * A copy of a mask where regions of its background, `fill[number of the region] === 1`, have the class of most of the
 * pixels that share an edge with them; the smaller class where two have as many.
 */
export function filled(mask: Mask, { places, height, width, count }: Objects, fill: Uint8Array): Mask {
  const result = createMask(contiguous(mask).data.slice(), mask.shape);
  const { data } = result;
  const votes = new Map<number, number>();
  const vote = (region: number, value: number) => {
    if (value === 0) return;
    votes.set(region * 256 + value, (votes.get(region * 256 + value) ?? 0) + 1);
  };
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      const region = places[at]!;
      if (region === 0 || fill[region] !== 1) continue;
      if (column > 0) vote(region, data[at - 1]!);
      if (column < width - 1) vote(region, data[at + 1]!);
      if (row > 0) vote(region, data[at - width]!);
      if (row < height - 1) vote(region, data[at + width]!);
    }
  }
  const classes = majorities(votes, count);
  for (let i = 0; i < data.length; i++) if (fill[places[i]!] === 1) data[i] = classes[places[i]!]!;
  return result;
}

/** The class with most votes for each region, the smaller one of two; votes are kept at region * 256 + class. */
export function majorities(votes: ReadonlyMap<number, number>, count: number): Uint8Array {
  const classes = new Uint8Array(count + 1);
  const most = new Float64Array(count + 1);
  for (const [key, number] of votes) {
    const region = Math.floor(key / 256);
    const value = key % 256;
    if (number > most[region]! || (number === most[region] && value < classes[region]!)) {
      most[region] = number;
      classes[region] = value;
    }
  }
  return classes;
}
