/** The sides of an input that are free, by name, with the lengths that one trace gave them. */
export type Sizes = Readonly<Record<string, number>>;

/** `numerator x product of sides / denominator + offset`, always a whole number. */
export interface SizeFormula {
  /** Names of the sides. */
  readonly sides: readonly string[];
  readonly numerator: number;
  readonly denominator: number;
  readonly offset: number;
}

/**
 * Finds how a number follows from the free sides: as a multiple of one side, whole or broken, plus an offset, or as a
 * multiple of a product of sides. `values` are what it was in each trace.
 *
 * @param multiples - what each side is a multiple of; the formula must give whole numbers for all such sides.
 * @returns `undefined` where there is no such formula.
 */
export function fitFormula(
  values: readonly number[],
  sizes: readonly Sizes[],
  multiples: Sizes,
): SizeFormula | undefined {
  const names = Object.keys(multiples);
  for (const sides of subsets(names)) {
    const products = sizes.map((size) => sides.reduce((product, side) => product * size[side]!, 1));
    const step = sides.reduce((product, side) => product * multiples[side]!, 1);
    const fitted = sides.length === 1 ? fitLine(values, products) : fitMultiple(values, products);
    if (fitted && (step * fitted.numerator) % fitted.denominator === 0) return { sides, ...fitted };
  }
  return undefined;
}

type Line = Omit<SizeFormula, 'sides'>;

function fitLine(values: readonly number[], sides: readonly number[]): Line | undefined {
  const rise = values[1]! - values[0]!;
  const run = sides[1]! - sides[0]!;
  if (run === 0) return undefined;
  const line = reduced(rise, run);
  const offset = values[0]! - (line.numerator * sides[0]!) / line.denominator;
  return holds({ ...line, offset }, values, sides);
}

function fitMultiple(values: readonly number[], products: readonly number[]): Line | undefined {
  return holds({ ...reduced(values[0]!, products[0]!), offset: 0 }, values, products);
}

function holds(line: Line, values: readonly number[], products: readonly number[]): Line | undefined {
  const { numerator, denominator, offset } = line;
  if (!Number.isInteger(offset)) return undefined;
  return values.every((value, i) => (value - offset) * denominator === products[i]! * numerator) ? line : undefined;
}

function reduced(numerator: number, denominator: number): { readonly numerator: number; readonly denominator: number } {
  const divisor = commonDivisor(Math.abs(numerator), Math.abs(denominator)) * Math.sign(denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** All subsets but the empty one, small ones first. */
function subsets(names: readonly string[]): string[][] {
  const all = Array.from({ length: 2 ** names.length - 1 }, (_, i) => names.filter((_, k) => (i + 1) & (1 << k)));
  return all.sort((a, b) => a.length - b.length);
}
