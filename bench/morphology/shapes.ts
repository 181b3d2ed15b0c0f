/**
 * Accuracy of the measures of each profile on shapes of known size, at many sub-pixel positions and rotations, binary and
 * anti-aliased (thresholded at half cover): bias and spread in percent. Run: npm run bench:shapes [-- repeats]. The last line
 * is JSON, the lines before it a table in Markdown.
 */
import { createLabels, type Labels, Random } from 'segkit/core';
import { type MeasurementProfile, measureParticles } from 'segkit/particles';

interface Shape {
  readonly name: string;
  readonly area: number;
  readonly perimeter: number;
  readonly feretMax: number;
  readonly feretMin: number;
  /** Whether a point, from the middle, lies within. */
  readonly holds: (y: number, x: number) => boolean;
}

function disc(radius: number): Shape {
  return {
    name: `disc, radius ${radius}`,
    area: Math.PI * radius * radius,
    perimeter: 2 * Math.PI * radius,
    feretMax: 2 * radius,
    feretMin: 2 * radius,
    holds: (y, x) => y * y + x * x <= radius * radius,
  };
}

function ellipse(a: number, b: number): Shape {
  // Ramanujan's second approximation, exact to 1e-9 for these ratios.
  const h = ((a - b) / (a + b)) ** 2;
  return {
    name: `ellipse, ${a} x ${b}`,
    area: Math.PI * a * b,
    perimeter: Math.PI * (a + b) * (1 + (3 * h) / (10 + Math.sqrt(4 - 3 * h))),
    feretMax: 2 * a,
    feretMin: 2 * b,
    holds: (y, x) => (y / b) ** 2 + (x / a) ** 2 <= 1,
  };
}

function square(side: number): Shape {
  return {
    name: `square, side ${side}`,
    area: side * side,
    perimeter: 4 * side,
    feretMax: side * Math.SQRT2,
    feretMin: side,
    holds: (y, x) => Math.abs(y) <= side / 2 && Math.abs(x) <= side / 2,
  };
}

function hexagon(side: number): Shape {
  const inner = (side * Math.sqrt(3)) / 2;
  return {
    name: `hexagon, side ${side}`,
    area: (3 * Math.sqrt(3) * side * side) / 2,
    perimeter: 6 * side,
    feretMax: 2 * side,
    feretMin: 2 * inner,
    holds: (y, x) =>
      Math.abs(y) <= inner &&
      Math.abs(y / 2 + (x * Math.sqrt(3)) / 2) <= inner &&
      Math.abs(y / 2 - (x * Math.sqrt(3)) / 2) <= inner,
  };
}

/** One rendering: binary by pixel centres, or by the share of 8 x 8 points of a pixel that the shape covers. */
function rendered({ holds, feretMax }: Shape, row: number, column: number, angle: number, soft: boolean): Labels {
  const side = Math.ceil(feretMax) + 6;
  const labels = createLabels(undefined, [side, side]);
  const middle = side / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const inside = (y: number, x: number) => {
    const down = y - middle - row;
    const right = x - middle - column;
    return holds(cos * down - sin * right, sin * down + cos * right);
  };
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (!soft) {
        if (inside(y, x)) labels.data[y * side + x] = 1;
        continue;
      }
      let cover = 0;
      for (let j = 0; j < 8; j++) for (let i = 0; i < 8; i++) if (inside(y + (j - 3.5) / 8, x + (i - 3.5) / 8)) cover++;
      if (cover >= 32) labels.data[y * side + x] = 1;
    }
  }
  return labels;
}

const repeats = Number(process.argv[2] ?? 200);
const profiles: readonly MeasurementProfile[] = ['segkit', 'iso', 'skimage', 'imagej'];
const shapes = [
  disc(3),
  disc(5),
  disc(10),
  disc(20),
  disc(50),
  ellipse(10, 5),
  ellipse(20, 10),
  square(10),
  square(40),
  hexagon(10),
  hexagon(40),
];
const rows: Record<string, Record<string, readonly [bias: number, spread: number]>> = {};
const measures = ['area', 'perimeter', 'feretMax', 'feretMin', 'circularity'] as const;

console.log('| shape | rendering | profile | area | perimeter | Feret max | Feret min | circularity |');
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
for (const shape of shapes) {
  for (const soft of [false, true]) {
    const random = new Random(1);
    const images = Array.from({ length: soft ? Math.ceil(repeats / 4) : repeats }, () =>
      rendered(shape, random.uniform(-0.5, 0.5), random.uniform(-0.5, 0.5), random.uniform(0, 2 * Math.PI), soft),
    );
    const truth = { ...shape, circularity: (4 * Math.PI * shape.area) / shape.perimeter ** 2 };
    for (const profile of profiles) {
      const found = images.map((labels) => measureParticles(labels, { profile })[0]!);
      const row: Record<string, readonly [number, number]> = {};
      for (const measure of measures) {
        const errors = found.map((particle) => 100 * (particle[measure] / truth[measure] - 1));
        const bias = errors.reduce((sum, error) => sum + error, 0) / errors.length;
        const spread = Math.sqrt(errors.reduce((sum, error) => sum + (error - bias) ** 2, 0) / (errors.length - 1));
        row[measure] = [bias, spread];
      }
      const rendering = soft ? 'anti-aliased' : 'binary';
      rows[`${shape.name}, ${rendering}, ${profile}`] = row;
      const cells = measures.map((measure) => {
        const [bias, spread] = row[measure]!;
        return `${bias >= 0 ? '+' : ''}${bias.toFixed(1)} ± ${spread.toFixed(1)}`;
      });
      console.log(`| ${shape.name} | ${rendering} | ${profile} | ${cells.join(' | ')} |`);
    }
  }
}
console.log(JSON.stringify({ rows }));
