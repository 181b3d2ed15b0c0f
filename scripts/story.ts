/** What `scripts/fresh/story.js` tells of one engine. */
export interface Story {
  readonly engine: string;
  /** Kernels that the engine lacks for it. */
  readonly missing: readonly string[];
  /** Loss before each of the ten steps. */
  readonly losses: readonly number[];
  /** Mean probability of the foreground. */
  readonly probability: number;
  /** Share of the mask. */
  readonly foreground: number;
  /** Particles of the mask. */
  readonly particles: number;
  /** Their mean area. */
  readonly meanArea: number;
}

/** Prints a story beside the one that is expected, and throws where they differ by more than float32 explains. */
export function checkStory(actual: Story, expected: Story): void {
  if (actual.missing.length > 0) throw new Error(`${actual.engine} lacks ${actual.missing.join(', ')}`);
  const relative = (a: number, b: number) => Math.abs(a - b) / Math.abs(b);
  const steps = actual.losses.map((loss, i) => relative(loss, expected.losses[i]!));
  const off = {
    losses: Math.max(...steps),
    probability: relative(actual.probability, expected.probability),
    // A pixel on the edge of a decision may fall to either side: one in a thousand of the mask.
    foreground: relative(actual.foreground, expected.foreground),
    meanArea: relative(actual.meanArea, expected.meanArea),
  };
  const limits = { losses: 1e-4, probability: 1e-4, foreground: 1e-3, meanArea: 1e-3 };
  const text = Object.entries(off).map(([name, value]) => `${name} off by ${value.toExponential(1)}`);
  console.log(`${actual.engine} beside ${expected.engine} in Node: ${actual.particles} particles, ${text.join(', ')}`);
  const wrong = Object.entries(limits).filter(([name, limit]) => !(off[name as keyof typeof off] <= limit));
  if (wrong.length > 0 || actual.particles !== expected.particles || actual.losses.length !== expected.losses.length) {
    throw new Error(`${actual.engine} differs: ${JSON.stringify(actual)} beside ${JSON.stringify(expected)}`);
  }
}
