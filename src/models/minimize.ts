/** Options of {@link minimize}. */
export interface MinimizeOptions {
  /** How far the first corners of the simplex lie from the start. */
  readonly step: number;
  /** How often the function is called at most. */
  readonly evaluations: number;
}

interface Corner {
  readonly at: readonly number[];
  readonly value: number;
}

/** Finds a minimum near `start` without derivatives (Nelder and Mead 1965). */
export function minimize(
  cost: (parameters: readonly number[]) => number,
  start: readonly number[],
  { step, evaluations }: MinimizeOptions,
): Corner {
  const corner = (at: readonly number[]): Corner => ({ at, value: cost(at) });
  const corners = [corner(start), ...start.map((_, i) => corner(start.map((x, j) => (i === j ? x + step : x))))];
  const byValue = (a: Corner, b: Corner): number => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0);
  corners.sort(byValue);
  for (let calls = corners.length; calls < evaluations; ) {
    const [best, worst] = [corners[0]!, corners.at(-1)!];
    if (worst.value - best.value <= 1e-12 * Math.abs(best.value)) break;
    const others = corners.slice(0, -1);
    const centre = start.map((_, i) => others.reduce((sum, { at }) => sum + at[i]!, 0) / others.length);
    const along = (t: number): Corner => corner(centre.map((x, i) => x + t * (worst.at[i]! - x)));
    const mirrored = along(-1);
    calls++;
    if (mirrored.value < best.value) {
      const further = along(-2);
      calls++;
      corners[corners.length - 1] = further.value < mirrored.value ? further : mirrored;
    } else if (mirrored.value < others.at(-1)!.value) {
      corners[corners.length - 1] = mirrored;
    } else {
      const nearer = along(mirrored.value < worst.value ? -0.5 : 0.5);
      calls++;
      if (nearer.value < Math.min(worst.value, mirrored.value)) corners[corners.length - 1] = nearer;
      else {
        for (let i = 1; i < corners.length; i++) {
          corners[i] = corner(corners[i]!.at.map((x, j) => (x + best.at[j]!) / 2));
        }
        calls += corners.length - 1;
      }
    }
    corners.sort(byValue);
  }
  return corners[0]!;
}
