import { requireInteger, requireKnownOptions, requireOneOf, show } from '../core/check.js';
import { toRandom } from '../core/random.js';
import { type MicrographMode, optionNames, type SimulateMicrographOptions } from './options.js';
import { type SimulatedMicrograph, simulateMicrograph } from './simulateMicrograph.js';

/** Options of {@link simulateDataset}: those of {@link SimulateMicrographOptions}, and how many pictures of which mode. */
export interface SimulateDatasetOptions extends Omit<SimulateMicrographOptions, 'mode'> {
  /** Number of micrographs. */
  readonly count: number;
  /** Number of particles in each, instead of `coverage`. */
  readonly particleCount?: number;
  /** One mode for all, or several to choose among for each picture. @defaultValue 'darkField' */
  readonly mode?: MicrographMode | readonly MicrographMode[];
}

/** A simulated micrograph of a data set. */
export interface SimulatedSample extends SimulatedMicrograph {
  /** `simulated-0001` and so on. */
  readonly id: string;
  /** The mode that was drawn. */
  readonly mode: MicrographMode;
}

/**
 * Returns `count` simulated micrographs with their ground truth, each a `Sample` with more on it. Each has a stream of
 * its own: picture 3 is the same whether 4 or 400 are asked for.
 *
 * @throws RangeError or TypeError as {@link simulateMicrograph} does.
 *
 * @example
 * ```ts
 * const samples = simulateDataset({ count: 2, seed: 7, height: 64, width: 64, mode: ['darkField', 'brightField'] });
 * samples.map((sample) => sample.id); // ['simulated-0001', 'simulated-0002']
 * ```
 */
export function simulateDataset(options: SimulateDatasetOptions): SimulatedSample[] {
  requireKnownOptions('simulateDataset', options, [...optionNames(), 'particleCount']);
  const { count, seed, particleCount, mode = 'darkField', ...rest } = options;
  requireInteger('count', count, { min: 0 });
  const modes: readonly unknown[] = Array.isArray(mode) ? mode : [mode];
  if (modes.length === 0) throw new RangeError(`mode must name at least one mode, got ${show(mode)}.`);
  for (const one of modes) requireOneOf<MicrographMode>('mode', one, ['darkField', 'brightField']);
  const random = toRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const own = random.split(index);
    const chosen = own.choice(modes as readonly MicrographMode[]);
    const micrograph = simulateMicrograph({
      ...rest,
      ...(particleCount === undefined ? {} : { count: particleCount }),
      mode: chosen,
      seed: own,
    });
    return { ...micrograph, id: `simulated-${String(index + 1).padStart(4, '0')}`, mode: chosen };
  });
}
