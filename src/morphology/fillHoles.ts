import { contiguous, createMask } from '../core/arrays.js';
import { requireKnownOptions, requireMask } from '../core/check.js';
import type { Mask } from '../core/types.js';
import { type Connectivity, requireConnectivity } from './components.js';
import { majorities } from './holes.js';
import { type OutOption, outputData } from './out.js';
import { giveBackRuns, runUnion } from './runUnion.js';

/** Options of {@link fillHoles}. */
export interface FillHolesOptions extends OutOption<Mask> {
  /** Which pixels of the background belong together: 4 or 8. @defaultValue 4 */
  readonly connectivity?: Connectivity;
}

/**
 * Returns a copy of a mask whose holes are filled: regions of background that do not reach the border of the image, as
 * SciPy's `binary_fill_holes`. A hole gets the class of most of the pixels that share an edge with it, the smaller class
 * where two have as many.
 *
 * @throws RangeError for another connectivity, or an `out` that does not fit.
 *
 * @example
 * ```ts
 * const ring = createMask([2, 2, 2, 2, 0, 2, 2, 2, 2], [3, 3]);
 * fillHoles(ring).get(1, 1); // 2
 * ```
 */
export function fillHoles(mask: Mask, options: FillHolesOptions = {}): Mask {
  requireMask('mask', mask);
  requireKnownOptions('fillHoles', options, ['connectivity', 'out']);
  const { connectivity = 4, out } = options;
  requireConnectivity(connectivity);
  const [height, width] = mask.shape as [number, number];
  const data = outputData(out, Uint8Array, mask.shape, mask.data);
  data.set(contiguous(mask).data);
  const runs = runUnion(data, height, width, connectivity, true);
  const { count, starts, ends, ids, rowStarts, total } = runs;
  const open = new Uint8Array(total + 1);
  for (let row = 0; row < height; row++) {
    const from = rowStarts[row]!;
    const to = rowStarts[row + 1]!;
    if (row === 0 || row === height - 1) for (let run = from; run < to; run++) open[ids[run]!] = 1;
    if (from === to) continue;
    if (starts[from] === row * width) open[ids[from]!] = 1;
    if (ends[to - 1] === (row + 1) * width) open[ids[to - 1]!] = 1;
  }
  // How often each class lies beside a hole; a class per pixel of its rim.
  const votes = new Map<number, number>();
  const vote = (hole: number, value: number) => {
    if (value !== 0) votes.set(hole * 256 + value, (votes.get(hole * 256 + value) ?? 0) + 1);
  };
  for (let run = 0; run < count; run++) {
    const hole = ids[run]!;
    if (open[hole] === 1) continue;
    vote(hole, data[starts[run]! - 1]!);
    vote(hole, data[ends[run]!]!);
    for (let at = starts[run]!; at < ends[run]!; at++) {
      vote(hole, data[at - width]!);
      vote(hole, data[at + width]!);
    }
  }
  const classes = majorities(votes, total);
  for (let run = 0; run < count; run++) {
    if (open[ids[run]!] === 0) data.fill(classes[ids[run]!]!, starts[run]!, ends[run]!);
  }
  giveBackRuns(runs);
  return out ?? createMask(data, [height, width]);
}
