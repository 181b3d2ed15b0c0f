import type { FootprintRun } from './footprint.js';
import type { Kernels } from './kernels.js';

/** One step of a chain: the smallest or largest sample under a footprint. */
export interface ExtremeStep {
  readonly runs: readonly FootprintRun[];
  readonly kind: 'min' | 'max';
}

/** How a row lies in the memory of the kernels, in bytes. */
export interface PaddedRow {
  /** Room before its first sample, for the reach of the footprints. */
  readonly before: number;
  /** From one row to the next: room for the reach behind it, too, and for what 64 bytes at a time spill over. */
  readonly line: number;
}

/** The padding that all steps need. */
export function rowOf(steps: readonly ExtremeStep[], width: number, size: number): PaddedRow {
  let reach = 0;
  for (const { runs } of steps) {
    for (const { first, last } of runs) reach = Math.max(reach, Math.abs(first), Math.abs(last));
  }
  const before = (reach * size + 15) & ~15;
  return { before, line: (before + (width + reach) * size + 79) & ~15 };
}

/** The different lengths of runs, ascending. */
export function lengthsOf(runs: readonly FootprintRun[]): number[] {
  return [...new Set(runs.map(({ first, last }) => last - first + 1))].sort((a, b) => a - b);
}

/** How many windows of 1, 2, 4, ... samples there are up to the longest run. */
export function levelsOf(runs: readonly FootprintRun[]): number {
  return 32 - Math.clz32(runs.reduce((most, { first, last }) => Math.max(most, last - first + 1), 1));
}

/** What a sample beyond the border is worth. */
export function nothingOf(kind: 'min' | 'max', size: number, binary: boolean): number {
  if (kind === 'max') return size === 4 ? Number.NEGATIVE_INFINITY : 0;
  return size === 4 ? Number.POSITIVE_INFINITY : binary ? 1 : 255;
}

/** The kernel that takes the extreme of two rows. */
export function extremeOfTwo(kernels: Kernels, kind: 'min' | 'max', size: number): Kernels['minBytes'] {
  if (size === 1) return kind === 'min' ? kernels.minBytes : kernels.maxBytes;
  return kind === 'min' ? kernels.minFloats : kernels.maxFloats;
}

/** The kernel that takes the extreme of several rows. */
export function extremeOfRows(kernels: Kernels, kind: 'min' | 'max', size: number): Kernels['minOfRows'] {
  if (size === 1) return kind === 'min' ? kernels.minOfRows : kernels.maxOfRows;
  return kind === 'min' ? kernels.minOfFloatRows : kernels.maxOfFloatRows;
}
