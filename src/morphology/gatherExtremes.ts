import {
  type ExtremeStep,
  extremeOfRows,
  extremeOfTwo,
  lengthsOf,
  levelsOf,
  nothingOf,
  type PaddedRow,
} from './extremeSteps.js';
import type { FootprintRun } from './footprint.js';
import type { Kernels } from './kernels.js';
import { layOut } from './wasmModules.js';

/** One step at work: gives the row of its result, once the rows below are in. */
interface Stage {
  /** Writes the extremes of a row to an address. */
  readonly produce: (row: number, to: number) => void;
}

/** How many rows `gatherExtremes` keeps for a footprint. */
export function ringRows(runs: readonly FootprintRun[]): number {
  return levelsOf(runs) + 1 + spanOf(runs) * (lengthsOf(runs).length + 1);
}

function spanOf(runs: readonly FootprintRun[]): number {
  let top = runs[0]!.row;
  let bottom = top;
  for (const { row } of runs) {
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
  }
  return bottom - top + 1;
}

/**
 * All steps row by row: a row of a result is the extreme of windows of the rows around it, which wait in rings. No image
 * between two steps is kept, so that everything but the input and the result stays in the cache.
 */
export function gatherExtremes<T extends Uint8Array | Float32Array>(
  kernels: Kernels,
  data: T,
  height: number,
  width: number,
  steps: readonly ExtremeStep[],
  result: T,
  binary: boolean,
  { before, line }: PaddedRow,
): void {
  const { memory, setBytes } = kernels;
  const size = data.BYTES_PER_ELEMENT;
  const places = layOut(memory, line, ...steps.flatMap(({ runs }) => [ringRows(runs) * line, 4 * runs.length]));
  const out = places[0]!;
  const samples = (size === 1 ? new Uint8Array(memory.buffer) : new Float32Array(memory.buffer)) as T;
  const words = new Uint32Array(memory.buffer);
  const rounded = (width * size + 15) & ~15;
  const read: Stage = {
    produce: (row, to) => {
      samples.set(data.subarray(row * width, (row + 1) * width), to / size);
      if (binary) setBytes(to, to, rounded);
    },
  };
  const stage = (source: Stage, { runs, kind }: ExtremeStep, rings: number, table: number): Stage => {
    const extreme = extremeOfTwo(kernels, kind, size);
    const ofRows = extremeOfRows(kernels, kind, size);
    const nothing = nothingOf(kind, size, binary);
    const lengths = lengthsOf(runs);
    const span = spanOf(runs);
    const powers = rings + span * (lengths.length + 1) * line;
    // In the order of rows, in which the loops that stand in meet them, too.
    const sorted = [...runs].sort((a, b) => a.row - b.row);
    const rows = Int32Array.from(sorted, ({ row }) => row);
    const kinds = Int32Array.from(sorted, ({ first, last }) =>
      first === last ? 0 : lengths.indexOf(last - first + 1) + 1,
    );
    const shifts = Int32Array.from(sorted, ({ first }) => before + first * size);
    const bottom = rows[rows.length - 1]!;
    samples.fill(nothing, rings / size, (rings + ringRows(runs) * line) / size);
    /** Takes in a row and its windows. */
    const load = (row: number) => {
      const slot = rings + (row % span) * line;
      source.produce(row, slot + before);
      // What has spilled over.
      const end = slot + before + width * size;
      samples.fill(nothing, end / size, (slot + line) / size);
      let power = slot;
      let reach = 1;
      let level = 0;
      for (let k = 0; k < lengths.length; k++) {
        const length = lengths[k]!;
        const window = slot + (k + 1) * span * line;
        while (2 * reach <= length) {
          const next = 2 * reach === length ? window : powers + level * line;
          extreme(power, power + reach * size, next, line - reach * size - 16);
          power = next;
          reach *= 2;
          level++;
        }
        if (length > reach) extreme(power, power + (length - reach) * size, window, line - length * size - 16);
      }
    };
    let loaded = Math.max(0, rows[0]!);
    return {
      produce: (row, to) => {
        while (loaded < height && loaded <= row + bottom) load(loaded++);
        let count = 0;
        for (let i = 0; i < rows.length; i++) {
          const from = row + rows[i]!;
          if (from < 0 || from >= height) continue;
          words[table / 4 + count++] = rings + (kinds[i]! * span + (from % span)) * line + shifts[i]!;
        }
        if (count === 0) samples.fill(nothing, to / size, to / size + width);
        else ofRows(table, count, to, width * size);
      },
    };
  };
  const last = steps.reduce((source, step, i) => stage(source, step, places[2 * i + 1]!, places[2 * i + 2]!), read);
  for (let row = 0; row < height; row++) {
    last.produce(row, out);
    result.set(samples.subarray(out / size, out / size + width), row * width);
  }
}
