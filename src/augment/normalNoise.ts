import { exp, log } from '../core/math.js';
import type { Random } from '../core/random.js';

const LAYERS = 128;
/** Where the tail of the ziggurat begins, and the area of each layer, for 128 layers. */
const TAIL = 3.442619855899;
const AREA = 9.91256303526217e-3;

/** Right ends of the layers of the ziggurat, from the bottom, and the ratio of each to the one below it. */
function ziggurat(): { readonly ends: Float64Array; readonly ratios: Float64Array } {
  const ends = new Float64Array(LAYERS + 1);
  const density = (x: number) => exp(-0.5 * x * x);
  ends[0] = AREA / density(TAIL);
  ends[1] = TAIL;
  for (let i = 2; i < LAYERS; i++) {
    const below = ends[i - 1]!;
    ends[i] = Math.sqrt(-2 * log(AREA / below + density(below)));
  }
  const ratios = new Float64Array(LAYERS);
  for (let i = 0; i < LAYERS; i++) ratios[i] = ends[i + 1]! / ends[i]!;
  return { ends, ratios };
}

/** A deviate beyond the last layer (Marsaglia 1964). */
function tail(random: Random): number {
  for (;;) {
    const x = log(1 - random.uniform()) / TAIL;
    const y = log(1 - random.uniform());
    if (-2 * y >= x * x) return TAIL - x;
  }
}

/**
 * Returns normal deviates of mean 0 and standard deviation 1: the ziggurat of Marsaglia and Tsang (2000) with a bit
 * string for the layer apart from that for the place in it (Doornik 2005). Several times as fast as `Random.normal`.
 */
export function normalNoise(length: number, random: Random): Float32Array {
  const { ends, ratios } = ziggurat();
  const result = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    for (;;) {
      const u = random.bits() / 2147483648 - 1;
      const layer = random.bits() & (LAYERS - 1);
      if (Math.abs(u) < ratios[layer]!) {
        result[i] = u * ends[layer]!;
        break;
      }
      if (layer === 0) {
        result[i] = u < 0 ? -tail(random) : tail(random);
        break;
      }
      const x = u * ends[layer]!;
      const upper = exp(-0.5 * (ends[layer]! * ends[layer]! - x * x));
      const lower = exp(-0.5 * (ends[layer + 1]! * ends[layer + 1]! - x * x));
      if (lower + random.uniform() * (upper - lower) < 1) {
        result[i] = x;
        break;
      }
    }
  }
  return result;
}
