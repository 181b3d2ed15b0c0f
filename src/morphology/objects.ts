import { contiguous, createLabels, createMask } from '../core/arrays.js';
import { requireLabels, requireMask, show } from '../core/check.js';
import type { Labels, Mask } from '../core/types.js';
import { type Connectivity, components, requireConnectivity } from './components.js';
import { outputData } from './out.js';
import { regionIndex } from './regionIndex.js';
import { regionRuns } from './regionRuns.js';

/** Objects of a mask (connected pixels of one class) or of labels (pixels of one id), and a way to keep some. */
export interface Objects {
  readonly height: number;
  readonly width: number;
  readonly count: number;
  /** Per pixel the number of its object from 1, 0 = background. */
  readonly places: Int32Array;
}

/** Throws unless `value` is a mask or labels. */
export function requireMaskOrLabels(value: Mask | Labels): void {
  if (value?.data instanceof Int32Array) requireLabels('maskOrLabels', value);
  else requireMask('maskOrLabels', value);
}

/** Finds the objects. Labels say themselves what belongs together, so a connectivity makes no sense for them. */
export function objectsOf(maskOrLabels: Mask | Labels, connectivity: Connectivity | undefined): Objects {
  const [height, width] = maskOrLabels.shape as [number, number];
  if (isMask(maskOrLabels)) {
    const joined = connectivity ?? 8;
    requireConnectivity(joined);
    const { ids, count } = components(contiguous(maskOrLabels).data, height, width, joined);
    return { height, width, count, places: ids };
  }
  if (connectivity !== undefined) {
    throw new RangeError(
      `connectivity must not be given for labels, whose ids are the objects, got ${show(connectivity)}.`,
    );
  }
  const { data } = contiguous(maskOrLabels);
  const runs = regionRuns(data, height, width);
  const { ids, placeOf } = regionIndex(runs);
  const places = new Int32Array(data.length);
  for (let run = 0; run < runs.count; run++) {
    places.fill(placeOf(runs.ids[run]!) + 1, runs.starts[run]!, runs.ends[run]!);
  }
  return { height, width, count: ids.length, places };
}

/** A copy of a mask or of labels with only some objects, `keep[number of the object] === 1`; in `out` where given. */
export function onlyObjects<T extends Mask | Labels>(maskOrLabels: T, objects: Objects, keep: Uint8Array, out?: T): T;
export function onlyObjects(
  maskOrLabels: Mask | Labels,
  { places }: Objects,
  keep: Uint8Array,
  out?: Mask | Labels,
): Mask | Labels {
  const { shape } = maskOrLabels;
  const type = isMask(maskOrLabels) ? Uint8Array : Int32Array;
  const result = outputData<Uint8Array | Int32Array>(out, type, shape, maskOrLabels.data);
  const from = contiguous<Uint8Array | Int32Array>(maskOrLabels).data;
  for (let i = 0; i < from.length; i++) result[i] = keep[places[i]!] === 1 ? from[i]! : 0;
  return out ?? (result instanceof Uint8Array ? createMask(result, shape) : createLabels(result, shape));
}

/** Number of pixels of every object, by its number; that of the background is at 0. */
export function objectSizes({ places, count }: Objects): Int32Array {
  const sizes = new Int32Array(count + 1);
  for (let i = 0; i < places.length; i++) sizes[places[i]!]!++;
  return sizes;
}

/** Marks (1) the objects with a pixel less than `depth` from the border of the image. */
export function objectsNearBorder({ places, height, width, count }: Objects, depth: number): Uint8Array {
  const near = new Uint8Array(count + 1);
  for (let row = 0; row < height; row++) {
    const whole = row < depth || row >= height - depth;
    const start = row * width;
    for (let column = 0; column < width; column++) {
      // Jump over the middle of the row.
      if (!whole && column === depth && column < width - depth) column = width - depth;
      near[places[start + column]!] = 1;
    }
  }
  near[0] = 0;
  return near;
}

function isMask(maskOrLabels: Mask | Labels): maskOrLabels is Mask {
  return maskOrLabels?.data instanceof Uint8Array;
}
