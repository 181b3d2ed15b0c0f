import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { useEngine } from 'segkit/engine';
import { countParameters, saveSafetensors } from 'segkit/models';
import { build, type Task } from './networks.js';

/** The first line of a contestant: how long the engine took to start, without the interpreter; trainable parameters. */
export interface Ready {
  readonly startMs: number;
  readonly parameters: number;
  readonly about: string;
}

/** What one step or prediction took, and a few numbers of its result to compare. */
export interface Turn {
  readonly ms: number;
  readonly values: readonly number[];
}

/** How one contestant did. */
export interface Result {
  readonly name: string;
  readonly startMs: number;
  /** The first turn: compiling included. */
  readonly firstMs: number;
  /** Median, fastest, slowest of the rounds that count. */
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Peak resident memory of its process in MB; NaN where the system does not tell. */
  readonly peakMegabytes: number;
  /** The numbers of every turn, warm-up included. */
  readonly values: readonly (readonly number[])[];
}

/** The name that PyTorch runs under. */
export const peer = 'PyTorch';
const warmUp = 2;
const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** A process that prints one line of JSON when it is ready and one for every line that it reads. */
class Contestant {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: AsyncIterator<string>;
  #complaint = '';

  constructor(
    readonly name: string,
    task: Task,
  ) {
    const json = JSON.stringify(task);
    const [command, args] =
      name === peer
        ? [process.env.PYTHON ?? '/usr/bin/python3', ['-B', path('peer.py'), json]]
        : [process.execPath, ['--import', 'tsx', path('contestant.ts'), name, json]];
    const env = { ...process.env, OMP_NUM_THREADS: String(task.threads) };
    this.#child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr.on('data', (text: Buffer) => {
      this.#complaint = `${this.#complaint}${text}`.slice(-4000);
    });
    this.#child.on('error', (error) => {
      this.#complaint += `${error.message}${name === peer ? '; apt-get install python3 python3-torch' : ''}`;
    });
    this.#child.on('exit', (_, signal) => {
      if (signal !== null) this.#complaint += `\n${signal}`;
    });
    // A process that ended cannot read; why it ended is told by `read`.
    this.#child.stdin.on('error', () => {});
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async read<T>(): Promise<T> {
    const { value, done } = await this.#lines.next();
    if (!done) return JSON.parse(value) as T;
    await pause(100);
    throw new Error(`${this.name} ended: ${this.#complaint.trim() || 'it said nothing'}`);
  }

  turn(): Promise<Turn> {
    this.#child.stdin.write('\n');
    return this.read<Turn>();
  }

  peakMegabytes(): number {
    try {
      const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
    } catch {
      return Number.NaN;
    }
  }

  close(): void {
    this.#child.stdin.end();
    this.#child.kill();
  }
}

/** Writes the first weights that all start from and returns the number of trainable parameters. */
async function writeWeights(task: Task): Promise<number> {
  await useEngine('cpu');
  const model = build(task);
  writeFileSync(task.weights, await saveSafetensors(model));
  const { trainable } = countParameters(model);
  model.dispose();
  return trainable;
}

/**
 * Lets the engines and PyTorch do the same work in turns, round by round, and throws where they do not do the same:
 * other parameters, or results of the first two turns (the second follows a whole step of training) that are apart by
 * more than `tolerance`.
 */
export async function race(
  task: Omit<Task, 'weights'>,
  { engines, rounds, tolerance }: { engines: readonly string[]; rounds: number; tolerance: number },
): Promise<readonly Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'segkit-race-'));
  const contestants: Contestant[] = [];
  try {
    const whole: Task = { ...task, weights: join(folder, 'weights.safetensors') };
    const parameters = await writeWeights(whole);
    console.log(`\n${task.network}, ${task.shape.join(' x ')}, ${parameters} parameters`);
    const ready: Ready[] = [];
    // PyTorch second, so that the rounds go ours, PyTorch, the others.
    for (const name of [...engines.slice(0, 1), peer, ...engines.slice(1)]) {
      const contestant = new Contestant(name, whole);
      contestants.push(contestant);
      const line = await contestant.read<Ready>();
      if (line.parameters !== parameters) {
        throw new Error(`${name} must have ${parameters} trainable parameters, got ${line.parameters}`);
      }
      console.log(`  ${name}: ${line.about}`);
      ready.push(line);
    }
    const turns: Turn[][] = contestants.map(() => []);
    for (let round = 0; round < warmUp + rounds; round++) {
      for (const [i, contestant] of contestants.entries()) {
        turns[i]!.push(await contestant.turn());
        // Threads that wait for more work spin for a while.
        await pause(50);
      }
    }
    const results = contestants.map((contestant, i) => summary(contestant, ready[i]!, turns[i]!));
    requireSame(results, tolerance);
    return results;
  } finally {
    for (const contestant of contestants) contestant.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function summary(contestant: Contestant, { startMs }: Ready, turns: readonly Turn[]): Result {
  const sorted = turns
    .slice(warmUp)
    .map(({ ms }) => ms)
    .sort((a, b) => a - b);
  return {
    name: contestant.name,
    startMs,
    firstMs: turns[0]!.ms,
    median: sorted[sorted.length >> 1]!,
    min: sorted[0]!,
    max: sorted[sorted.length - 1]!,
    peakMegabytes: contestant.peakMegabytes(),
    values: turns.map(({ values }) => values),
  };
}

function requireSame(results: readonly Result[], tolerance: number): void {
  const truth = results.find(({ name }) => name === peer)!.values;
  for (const { name, values } of results) {
    for (const turn of [0, 1]) {
      const [ours, theirs] = [values[turn]!, truth[turn]!];
      const apart = Math.max(...ours.map((value, i) => Math.abs(value - theirs[i]!)));
      if (apart <= tolerance) continue;
      throw new Error(`${name} must come within ${tolerance} of PyTorch in turn ${turn}: ${theirs}, got ${ours}`);
    }
  }
}

/** Prints one line a contestant; the last column is its time over PyTorch's. */
export function printTable(unit: string, results: readonly Result[]): void {
  const row = (cells: readonly string[]): void => {
    console.log(`  ${cells.map((cell, i) => (i === 0 ? cell.padEnd(9) : cell.padStart(i === 3 ? 34 : 12))).join('')}`);
  };
  row(['', 'start, ms', 'first, ms', `${unit}, ms: median (min to max)`, 'peak, MB', 'x PyTorch']);
  for (const { name, startMs, firstMs, median, min, max, peakMegabytes } of results) {
    const times = `${median.toFixed(0)} (${min.toFixed(0)} to ${max.toFixed(0)})`;
    const ratio = median / medianOf(results, peer)!;
    row([name, startMs.toFixed(0), firstMs.toFixed(0), times, peakMegabytes.toFixed(0), ratio.toFixed(2)]);
  }
}

/** The median time of a contestant, where it took part. */
export function medianOf(results: readonly Result[], name: string): number | undefined {
  return results.find((result) => result.name === name)?.median;
}

/** Runs a benchmark: what it returns is the last line; what it throws is told without a stack, and the exit code is 1. */
export async function bench(work: () => Promise<object>): Promise<void> {
  try {
    console.log(JSON.stringify(await work()));
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
