/**
 * Splitting of touching particles, on overlapping discs and ellipses of known truth: object F1 at an IoU of 0.5, error of the
 * mean size, time. Run: npm run bench:splitting. The last line is JSON.
 */
import { createLabels, createMask, type Labels, type Mask, Random } from 'segkit/core';
import {
  label,
  regionProperties,
  type SplitResult,
  splitByConcavity,
  splitByEllipses,
  splitByWatershed,
} from 'segkit/morphology';

const methods: Readonly<Record<string, (mask: Mask) => SplitResult>> = {
  'not split': (mask) => ({ labels: label(mask), cuts: [] }),
  splitByWatershed: (mask) => splitByWatershed(mask),
  splitByConcavity: (mask) => splitByConcavity(mask),
  splitByEllipses: (mask) => splitByEllipses(mask),
};

/** Discs or ellipses, about half of which lie over another; each pixel belongs to the particle whose middle is nearest. */
function simulated(seed: number, overlap: number, ratio: number): { mask: Mask; truth: Labels } {
  const side = 512;
  const random = new Random(seed);
  const mask = createMask(undefined, [side, side]);
  const truth = createLabels(undefined, [side, side]);
  const depth = new Float64Array(side * side).fill(Number.POSITIVE_INFINITY);
  const bodies: Array<{ row: number; column: number; radius: number; angle: number }> = [];
  for (let attempt = 0; attempt < 4000 && bodies.length < 160; attempt++) {
    const radius = random.uniform(9, 15);
    const partner = random.boolean(0.5) && bodies.length > 0 ? random.choice(bodies) : undefined;
    const away = random.uniform(0, 2 * Math.PI);
    const reach = partner === undefined ? 0 : (partner.radius + radius) * (1 - overlap);
    const row = partner === undefined ? random.uniform(20, side - 20) : partner.row + reach * Math.sin(away);
    const column = partner === undefined ? random.uniform(20, side - 20) : partner.column + reach * Math.cos(away);
    if (row < 20 || column < 20 || row > side - 20 || column > side - 20) continue;
    const free = bodies.every(
      (other) => other === partner || Math.hypot(other.row - row, other.column - column) > other.radius + radius + 3,
    );
    if (free) bodies.push({ row, column, radius, angle: random.uniform(0, Math.PI) });
  }
  bodies.forEach(({ row, column, radius, angle }, i) => {
    for (let y = Math.floor(row - radius); y <= row + radius; y++) {
      for (let x = Math.floor(column - radius); x <= column + radius; x++) {
        const along = (y - row) * Math.sin(angle) + (x - column) * Math.cos(angle);
        const across = (y - row) * Math.cos(angle) - (x - column) * Math.sin(angle);
        const place = Math.hypot(along, across / ratio) / radius;
        const at = y * side + x;
        if (place > 1) continue;
        mask.data[at] = 1;
        if (place < depth[at]!) {
          depth[at] = place;
          truth.data[at] = i + 1;
        }
      }
    }
  });
  return { mask, truth };
}

/** Share of objects found: 2 hits / (true + found), a hit has an IoU above 0.5. */
function f1(truth: Labels, found: Labels): number {
  const overlaps = new Map<string, number>();
  const count = (data: Int32Array) => {
    const sizes = new Map<number, number>();
    for (const id of data) if (id > 0) sizes.set(id, (sizes.get(id) ?? 0) + 1);
    return sizes;
  };
  const trueSizes = count(truth.data);
  const foundSizes = count(found.data);
  truth.data.forEach((id, i) => {
    if (id === 0 || found.data[i] === 0) return;
    const key = `${id} ${found.data[i]}`;
    overlaps.set(key, (overlaps.get(key) ?? 0) + 1);
  });
  let hits = 0;
  for (const [key, both] of overlaps) {
    const [a, b] = key.split(' ').map(Number) as [number, number];
    if (both / (trueSizes.get(a)! + foundSizes.get(b)! - both) > 0.5) hits++;
  }
  return (2 * hits) / (trueSizes.size + foundSizes.size);
}

const meanSize = (labels: Labels) => {
  const sizes = regionProperties(labels, { properties: ['equivalentDiameterArea'] });
  return sizes.reduce((sum, { equivalentDiameterArea }) => sum + equivalentDiameterArea, 0) / sizes.length;
};

const rows: Record<string, { f1: number; sizeError: number; ms: number }> = {};
for (const [shape, ratio] of [
  ['discs', 1],
  ['ellipses 3 : 2', 2 / 3],
] as const) {
  for (const overlap of [0.1, 0.25, 0.4]) {
    for (const [name, split] of Object.entries(methods)) {
      let score = 0;
      let error = 0;
      let ms = 0;
      for (const seed of [1, 2, 3]) {
        const { mask, truth } = simulated(seed, overlap, ratio);
        const start = performance.now();
        const { labels } = split(mask);
        ms += (performance.now() - start) / 3;
        score += f1(truth, labels) / 3;
        error += (meanSize(labels) / meanSize(truth) - 1) / 3;
      }
      const row = `${shape}, overlap ${100 * overlap} %, ${name}`;
      rows[row] = { f1: score, sizeError: error, ms };
      console.log(
        `${row.padEnd(52)} F1 ${score.toFixed(3)}, mean size ${(100 * error).toFixed(1)} %, ${ms.toFixed(0)} ms`,
      );
    }
  }
}
console.log(JSON.stringify({ rows }));
