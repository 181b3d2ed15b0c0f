/** A pair that may be chosen and what it costs. */
export interface Choice {
  readonly from: number;
  readonly to: number;
  readonly cost: number;
}

/**
 * Chooses pairs so that the sum of their costs, with `alone` for each end that stays alone, is smallest, no end twice. Ends
 * that no chain of choices joins are solved apart, so that the cubic cost is that of the largest group.
 */
export function assign(choices: readonly Choice[], alone: number): Choice[] {
  const groups = new Map<string, Choice[]>();
  const parents = new Map<string, string>();
  const find = (name: string): string => {
    let root = name;
    while (parents.get(root) !== undefined && parents.get(root) !== root) root = parents.get(root)!;
    parents.set(name, root);
    return root;
  };
  for (const { from, to } of choices) parents.set(find(`f${from}`), find(`t${to}`));
  for (const choice of choices) {
    const root = find(`f${choice.from}`);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [choice]);
    else group.push(choice);
  }
  return [...groups.values()].flatMap((group) => solve(group, alone));
}

/** Kuhn's and Munkres' method by shortest augmenting paths (Jonker and Volgenant 1987), each row with a column to stay alone. */
function solve(choices: readonly Choice[], alone: number): Choice[] {
  const rows = [...new Set(choices.map(({ from }) => from))];
  const columns = [...new Set(choices.map(({ to }) => to))];
  const n = rows.length;
  const m = columns.length + n;
  const forbidden = 1e300;
  const costs = Array.from({ length: n }, (_, i) =>
    // A row alone leaves a column alone too: choosing a pair saves twice.
    Float64Array.from({ length: m }, (_, j) => (j === columns.length + i ? 2 * alone : forbidden)),
  );
  const rowOf = new Map(rows.map((row, i) => [row, i]));
  const columnOf = new Map(columns.map((column, j) => [column, j]));
  const byPlace = new Map<number, Choice>();
  for (const choice of choices) {
    const i = rowOf.get(choice.from)!;
    const j = columnOf.get(choice.to)!;
    costs[i]![j] = choice.cost;
    byPlace.set(i * m + j, choice);
  }
  // Rows and columns count from 1 here; 0 is where a path begins.
  const u = new Float64Array(n + 1);
  const v = new Float64Array(m + 1);
  const match = new Int32Array(m + 1);
  const way = new Int32Array(m + 1);
  for (let i = 1; i <= n; i++) {
    match[0] = i;
    let j0 = 0;
    const least = new Float64Array(m + 1).fill(Number.POSITIVE_INFINITY);
    const used = new Uint8Array(m + 1);
    do {
      used[j0] = 1;
      const row = match[j0]!;
      let delta = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let j = 1; j <= m; j++) {
        if (used[j] === 1) continue;
        const reduced = costs[row - 1]![j - 1]! - u[row]! - v[j]!;
        if (reduced < least[j]!) {
          least[j] = reduced;
          way[j] = j0;
        }
        if (least[j]! < delta) {
          delta = least[j]!;
          next = j;
        }
      }
      for (let j = 0; j <= m; j++) {
        if (used[j] === 1) {
          u[match[j]!]! += delta;
          v[j]! -= delta;
        } else {
          least[j]! -= delta;
        }
      }
      j0 = next;
    } while (match[j0] !== 0);
    do {
      const before = way[j0]!;
      match[j0] = match[before]!;
      j0 = before;
    } while (j0 !== 0);
  }
  const chosen: Choice[] = [];
  for (let j = 1; j <= columns.length; j++) {
    const choice = match[j]! > 0 ? byPlace.get((match[j]! - 1) * m + j - 1) : undefined;
    if (choice !== undefined) chosen.push(choice);
  }
  return chosen;
}
