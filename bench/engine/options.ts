import { parseArgs } from 'node:util';
import type { NetworkName } from './networks.js';

/** What both races can be told. */
export interface RaceOptions<Name extends NetworkName> {
  readonly networks: readonly Name[];
  readonly engines: readonly string[];
  readonly rounds: number;
}

/** Reads `--networks a,b --engines a,b --rounds N` off the command line; throws for anything else. */
export function raceOptions<Name extends NetworkName>(
  networks: readonly Name[],
  engines: readonly string[],
): RaceOptions<Name> {
  const { values } = parseArgs({
    options: {
      networks: { type: 'string', default: networks.join() },
      engines: { type: 'string', default: engines.join() },
      rounds: { type: 'string', default: '7' },
    },
  });
  const chosen = values.networks.split(',').map((name) => {
    const known = networks.find((network) => network === name);
    if (known === undefined) throw new RangeError(`--networks must be of ${networks.join(', ')}, got ${name}.`);
    return known;
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new RangeError(`--rounds must be an integer of 1 or more, got ${values.rounds}.`);
  }
  return { networks: chosen, engines: values.engines.split(','), rounds };
}
