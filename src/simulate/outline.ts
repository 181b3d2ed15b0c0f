import { cos, sin } from '../core/math.js';
import type { Random } from '../core/random.js';

/**
 * Projected outlines of a particle: a disc; the octagon of a truncated octahedron seen along [001]; the hexagon of an
 * octahedron or icosahedron seen along [111]; the pentagon of a decahedron seen along its axis.
 */
export type ParticleShape = 'sphere' | 'truncatedOctahedron' | 'hexagon' | 'pentagon';

/** A convex outline around the origin: a polygon grown by a disc, or a disc alone. */
export interface Outline {
  /** Radius of the disc: of the corners of a polygon, or of the whole outline. */
  readonly corner: number;
  /** Corner points of the inner polygon, counter-clockwise in (x, y); none for a disc. */
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  /** Radius of the circle around the origin that holds the outline. */
  readonly extent: number;
  /** Radius of the disc of the same area. */
  readonly radius: number;
}

function facetOffsets(shape: Exclude<ParticleShape, 'sphere'>): readonly number[] {
  switch (shape) {
    case 'truncatedOctahedron':
      return [1, 1.12, 1, 1.12, 1, 1.12, 1, 1.12];
    case 'hexagon':
      return [1, 1, 1, 1, 1, 1];
    case 'pentagon':
      return [1, 1, 1, 1, 1];
  }
}

/** Returns an outline with the area of a disc of `radius`; facets lie up to 6 % off their ideal distance. */
export function createOutline(shape: ParticleShape, radius: number, roundness: number, random: Random): Outline {
  const disc: Outline = {
    corner: radius,
    xs: new Float64Array(0),
    ys: new Float64Array(0),
    extent: radius,
    radius,
  };
  if (shape === 'sphere' || roundness === 1) return disc;
  const offsets = facetOffsets(shape).map((offset) => offset * random.uniform(0.94, 1.06) * (1 - roundness));
  const sides = offsets.length;
  const turn = random.uniform(0, 2 * Math.PI);
  const xs = new Float64Array(sides);
  const ys = new Float64Array(sides);
  const step = (2 * Math.PI) / sides;
  for (let i = 0; i < sides; i++) {
    // The corner where facet i (normal at `angle`) meets the next one.
    const angle = turn + i * step;
    const along = (offsets[(i + 1) % sides]! - offsets[i]! * cos(step)) / sin(step);
    xs[i] = offsets[i]! * cos(angle) - along * sin(angle);
    ys[i] = offsets[i]! * sin(angle) + along * cos(angle);
  }
  return scaleToArea(centre(xs, ys), roundness, radius);
}

function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

function centre(
  xs: Float64Array,
  ys: Float64Array,
): { xs: Float64Array; ys: Float64Array; area: number; perimeter: number } {
  let area = 0;
  let perimeter = 0;
  let x = 0;
  let y = 0;
  for (let i = 0; i < xs.length; i++) {
    const j = (i + 1) % xs.length;
    const cross = xs[i]! * ys[j]! - xs[j]! * ys[i]!;
    area += cross / 2;
    x += ((xs[i]! + xs[j]!) * cross) / 6;
    y += ((ys[i]! + ys[j]!) * cross) / 6;
    perimeter += length(xs[j]! - xs[i]!, ys[j]! - ys[i]!);
  }
  return { xs: xs.map((value) => value - x / area), ys: ys.map((value) => value - y / area), area, perimeter };
}

function scaleToArea(polygon: ReturnType<typeof centre>, corner: number, radius: number): Outline {
  const { area, perimeter } = polygon;
  // Steiner's formula: the area of a convex polygon grown by a disc.
  const grown = area + perimeter * corner + Math.PI * corner * corner;
  const scale = radius * Math.sqrt(Math.PI / grown);
  const xs = polygon.xs.map((value) => value * scale);
  const ys = polygon.ys.map((value) => value * scale);
  let extent = 0;
  for (let i = 0; i < xs.length; i++) extent = Math.max(extent, length(xs[i]!, ys[i]!));
  return { corner: corner * scale, xs, ys, extent: extent + corner * scale, radius };
}

/** Returns how deep (x, y) lies inside the outline: its distance from the outline, negative outside. */
export function depthAt({ corner, xs, ys }: Outline, x: number, y: number): number {
  const sides = xs.length;
  if (sides === 0) return corner - Math.sqrt(x * x + y * y);
  let outside = false;
  let nearestLine = Number.POSITIVE_INFINITY;
  let nearestSquare = Number.POSITIVE_INFINITY;
  for (let i = 0, j = sides - 1; i < sides; j = i++) {
    const edgeX = xs[i]! - xs[j]!;
    const edgeY = ys[i]! - ys[j]!;
    const towardX = x - xs[j]!;
    const towardY = y - ys[j]!;
    const square = edgeX * edgeX + edgeY * edgeY;
    const inside = (edgeX * towardY - edgeY * towardX) / Math.sqrt(square);
    if (inside < 0) outside = true;
    nearestLine = Math.min(nearestLine, inside);
    const along = Math.min(1, Math.max(0, (towardX * edgeX + towardY * edgeY) / square));
    const offX = towardX - along * edgeX;
    const offY = towardY - along * edgeY;
    nearestSquare = Math.min(nearestSquare, offX * offX + offY * offY);
  }
  return outside ? corner - Math.sqrt(nearestSquare) : corner + nearestLine;
}

/** Returns the distance from the origin to the outline in the direction of the unit vector (x, y). */
export function reachAlong(outline: Outline, x: number, y: number): number {
  let low = 0;
  let high = outline.extent;
  for (let step = 0; step < 30; step++) {
    const middle = (low + high) / 2;
    if (depthAt(outline, middle * x, middle * y) > 0) low = middle;
    else high = middle;
  }
  return high;
}
