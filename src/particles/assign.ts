/** A pair that may be chosen and what it costs. */
export interface Choice {
  readonly from: number;
  readonly to: number;
  readonly cost: number;
}

/**
 * Chooses pairs so that the sum of their costs, with `alone` for each end that stays alone, is smallest, no end twice.
 *
 * Shortest augmenting paths over the choices alone (Jonker and Volgenant 1987, sparse): one row after the other is added, along
 * the cheapest chain of changes; such chains end at the nearest row that had better stay alone, so that they stay short.
 */
export function assign(choices: readonly Choice[], alone: number): Choice[] {
  const rows = numbered(choices.map(({ from }) => from));
  const columns = numbered(choices.map(({ to }) => to));
  const edges: Choice[][] = Array.from({ length: rows.size }, () => []);
  for (const choice of choices) edges[rows.get(choice.from)!]!.push(choice);
  // What rows and columns have been paid off; costs less both are never negative.
  const u = new Float64Array(rows.size);
  const v = new Float64Array(columns.size);
  const match: Array<{ row: number; choice: Choice } | undefined> = new Array(columns.size).fill(undefined);
  const at: Array<number> = new Array(rows.size).fill(-1);

  for (let start = 0; start < rows.size; start++) {
    const distances = new Map<number, number>();
    const ways = new Map<number, { row: number; choice: Choice }>();
    const settled: Array<readonly [column: number, distance: number]> = [];
    const visited: Array<readonly [row: number, distance: number]> = [];
    const done = new Set<number>();
    const queue = new Queue();
    let end = Number.POSITIVE_INFINITY;
    let last = start;
    const visit = (row: number, distance: number) => {
      visited.push([row, distance]);
      // A row alone leaves a column alone too: choosing a pair saves twice.
      const stay = distance + 2 * alone - u[row]!;
      if (stay < end) {
        end = stay;
        last = row;
      }
      for (const choice of edges[row]!) {
        const column = columns.get(choice.to)!;
        // By rounding a way to where the search has been may look shorter, and lead in a circle.
        if (done.has(column)) continue;
        const reached = distance + choice.cost - u[row]! - v[column]!;
        if (reached >= end || reached >= (distances.get(column) ?? Number.POSITIVE_INFINITY)) continue;
        distances.set(column, reached);
        ways.set(column, { row, choice });
        queue.add(reached, column);
      }
    };
    visit(start, 0);
    let free = -1;
    for (let next = queue.take(); next !== undefined && next[0] < end; next = queue.take()) {
      const [distance, column] = next;
      if (done.has(column)) continue;
      done.add(column);
      const holder = match[column];
      if (holder === undefined) {
        free = column;
        end = distance;
        break;
      }
      settled.push([column, distance]);
      visit(holder.row, distance);
    }
    for (const [row, distance] of visited) u[row]! += end - distance;
    for (const [column, distance] of settled) v[column]! -= end - distance;
    // Back along the way: each row gives its column to the one before.
    let column = free;
    if (free === -1) {
      column = at[last]!;
      at[last] = -1;
    }
    while (column !== -1) {
      const way = ways.get(column)!;
      const before = at[way.row]!;
      match[column] = way;
      at[way.row] = column;
      column = before;
    }
  }
  return match.flatMap((one) => (one === undefined ? [] : [one.choice]));
}

function numbered(ids: readonly number[]): Map<number, number> {
  const numbers = new Map<number, number>();
  for (const id of ids) if (!numbers.has(id)) numbers.set(id, numbers.size);
  return numbers;
}

/** Gives what was added by ascending key (a binary heap). */
class Queue {
  readonly #items: Array<readonly [key: number, value: number]> = [];

  add(key: number, value: number): void {
    const items = this.#items;
    let k = items.length;
    items.push([key, value]);
    while (k > 0) {
      const up = (k - 1) >> 1;
      if (items[up]![0] <= key) break;
      items[k] = items[up]!;
      k = up;
    }
    items[k] = [key, value];
  }

  take(): readonly [key: number, value: number] | undefined {
    const items = this.#items;
    const first = items[0];
    const moved = items.pop();
    if (first === undefined || moved === undefined || items.length === 0) return first;
    let k = 0;
    for (;;) {
      let down = 2 * k + 1;
      if (down >= items.length) break;
      if (down + 1 < items.length && items[down + 1]![0] < items[down]![0]) down++;
      if (items[down]![0] >= moved[0]) break;
      items[k] = items[down]!;
      k = down;
    }
    items[k] = moved;
    return first;
  }
}
