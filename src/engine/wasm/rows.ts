import type { Callable, Code, Local, Scope } from './assembler.js';
import { advance, f32, f32x4, i32, whileLoop } from './instructions.js';

/** The channels that row kernels work on at once, the most first; together they make up any number. */
export const widths = [8, 4, 1] as const;

/** The instructions for some channels at once: vectors of four floats, or one float. */
export function lanes(columns: number) {
  const wide = columns >= 4;
  return { lane: wide ? f32x4 : f32, type: wide ? 'v128' : 'f32', vectors: wide ? columns / 4 : 1 } as const;
}

/**
 * Walks over `length` channels, as many at once as each of `groups` has; the given addresses advance with it.
 *
 * @param run - the code for one group, by its index.
 */
export function eachGroup(
  scope: Scope,
  length: Code,
  groups: readonly number[],
  addresses: readonly Local[],
  run: (group: number) => Code,
): Code {
  const left = scope.local();
  return [
    left.set(length),
    groups.map((group, index) =>
      whileLoop(i32.atLeast(left.get, i32.constant(group)), [
        run(index),
        addresses.map((address) => advance(address, i32.constant(4 * group))),
        advance(left, i32.constant(-group)),
      ]),
    ),
  ];
}

/**
 * Walks over a matrix in blocks of rows that stay in the cache, and within a block over groups of columns. `run` gets
 * the number of rows of the block; `perRow` are the addresses that move on with the rows, each with its bytes a row;
 * `perColumn` start again with every block.
 */
export function eachBlock(
  scope: Scope,
  size: { readonly rows: Local; readonly columns: Local },
  perRow: readonly { readonly address: Local; readonly step: Local }[],
  perColumn: readonly Local[],
  run: (group: number, block: { rows: Local; perRow: readonly Local[]; perColumn: readonly Local[] }) => Code,
): Code {
  const count = scope.local();
  const rowStarts = perRow.map(() => scope.local());
  const columnStarts = perColumn.map(() => scope.local());
  return whileLoop(i32.greater(size.rows.get, i32.constant(0)), [
    count.set(i32.select(i32.constant(128), size.rows.get, i32.greater(size.rows.get, i32.constant(128)))),
    rowStarts.map((start, i) => start.set(perRow[i]!.address.get)),
    columnStarts.map((start, i) => start.set(perColumn[i]!.get)),
    eachGroup(scope, size.columns.get, widths, [...rowStarts, ...columnStarts], (group) =>
      run(group, { rows: count, perRow: rowStarts, perColumn: columnStarts }),
    ),
    perRow.map(({ address, step }) => advance(address, i32.mul(count.get, step.get))),
    size.rows.set(i32.sub(size.rows.get, count.get)),
  ]);
}

/** One kernel for each of {@link widths}. */
export function perWidth(define: (columns: number) => Callable): Callable[] {
  return widths.map(define);
}
