/**
 * Every loss with its gradient on our engines beside PyTorch, in turns, two threads each (wasm has one), and as a share of
 * a training step of the quickstart's network on 4 crops of 128 x 128: `npm run bench:losses -- [--engines onnx,wasm]
 * [--losses dice,focal] [--rounds 9]`. Values and gradients are compared first. The last line gives, for the first
 * engine, time over PyTorch's and over the step's. PYTHON names another interpreter than /usr/bin/python3 (apt-get
 * install python3-torch python3-scipy).
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { losses, sides } from './cases.js';

interface Turn {
  readonly ms: number;
  readonly value: number;
  /** Length of the gradient, where the turn was to be checked. */
  readonly slope?: number;
}

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const { values } = parseArgs({
  options: {
    engines: { type: 'string', default: 'onnx,wasm' },
    losses: { type: 'string', default: Object.keys(losses).join() },
    rounds: { type: 'string', default: '9' },
  },
});
const names = values.losses.split(',');
for (const name of names) {
  if (name in losses) continue;
  throw new RangeError(`--losses must be of ${Object.keys(losses).join(', ')}, got ${name}.`);
}
const engines = values.engines.split(',');
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError(`--rounds must be 1 or more, got ${values.rounds}.`);
const peer = 'PyTorch';
const warmUp = 2;

/** A process that prints a line of JSON when it is ready, and one for every line that it reads. */
class Contestant {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor(readonly name: string) {
    const [command, args] =
      name === peer
        ? [process.env.PYTHON ?? '/usr/bin/python3', ['-B', path('peer.py'), '2']]
        : [process.execPath, ['--import', 'tsx', path('contestant.ts'), name]];
    const env = { ...process.env, OMP_NUM_THREADS: '2' };
    this.#child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdin.on('error', () => {});
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async read<T>(): Promise<T> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${this.name} ended; its reason is above`);
    return JSON.parse(value) as T;
  }

  turn(task: string): Promise<Turn> {
    this.#child.stdin.write(`${task}\n`);
    return this.read<Turn>();
  }

  close(): void {
    this.#child.stdin.end();
    this.#child.kill();
  }
}

const median = (turns: readonly Turn[]): number =>
  turns
    .slice(warmUp)
    .map(({ ms }) => ms)
    .sort((a, b) => a - b)[Math.floor((turns.length - warmUp) / 2)]!;

const contestants = [...engines.slice(0, 1), peer, ...engines.slice(1)].map((name) => new Contestant(name));

/** Throws unless all have the loss and the length of its gradient that PyTorch has. */
async function compare(name: string): Promise<void> {
  const truth = await contestants[1]!.turn(`check ${name} ${sides.race}`);
  for (const contestant of contestants) {
    const turn = await contestant.turn(`check ${name} ${sides.race}`);
    for (const key of ['value', 'slope'] as const) {
      const [wanted, got] = [truth[key]!, turn[key]!];
      // A gradient is small, a loss may be 0.
      if (Math.abs(got - wanted) <= 1e-3 * (Math.abs(wanted) + (key === 'value' ? 1 : 0))) continue;
      throw new Error(`${contestant.name} must have PyTorch's ${key} of ${name}, ${wanted}, got ${got}`);
    }
  }
}

try {
  console.log(`losses with gradients, 4 x ${sides.race} x ${sides.race} pixels, median of ${rounds}`);
  for (const contestant of contestants) {
    console.log(`  ${contestant.name}: ${(await contestant.read<{ about: string }>()).about}`);
  }
  const ours = contestants.filter(({ name }) => name !== peer);
  const steps = new Map<string, number>();
  for (const contestant of ours) {
    const turns: Turn[] = [];
    for (let i = 0; i < warmUp + rounds; i++) turns.push(await contestant.turn('step'));
    steps.set(contestant.name, median(turns));
    console.log(`  a training step of the quickstart on ${contestant.name}: ${median(turns).toFixed(1)} ms`);
  }
  console.log(
    `\n${''.padEnd(22)}${contestants.map(({ name }) => `${name}, ms`.padStart(14)).join('')}   x PyTorch   of a step`,
  );
  const ratioToPyTorch: Record<string, number> = {};
  const shareOfStep: Record<string, number> = {};
  for (const name of names) {
    await compare(name);
    const turns = contestants.map((): Turn[] => []);
    for (let round = 0; round < warmUp + rounds; round++) {
      for (const [i, contestant] of contestants.entries()) {
        turns[i]!.push(await contestant.turn(`${name} ${sides.race}`));
        // Threads that wait for more work spin for a while.
        await pause(10);
      }
    }
    const times = turns.map(median);
    const small: Turn[] = [];
    for (let i = 0; i < warmUp + rounds; i++) small.push(await contestants[0]!.turn(`${name} ${sides.quickstart}`));
    ratioToPyTorch[name] = Number((times[0]! / times[1]!).toFixed(3));
    shareOfStep[name] = Number((median(small) / steps.get(engines[0]!)!).toFixed(3));
    console.log(
      `${name.padEnd(22)}${times.map((ms) => ms.toFixed(1).padStart(14)).join('')}` +
        `${ratioToPyTorch[name]!.toFixed(2).padStart(12)}${`${(100 * shareOfStep[name]!).toFixed(1)} %`.padStart(12)}`,
    );
  }
  console.log(JSON.stringify({ engine: engines[0], ratioToPyTorch, shareOfStep }));
} finally {
  for (const contestant of contestants) contestant.close();
}
