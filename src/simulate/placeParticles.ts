import { cos, exp, log, sin } from '../core/math.js';
import type { Random } from '../core/random.js';
import type { Settings } from './options.js';
import { createOutline, type Outline, type ParticleShape, reachAlong } from './outline.js';
import type { Support } from './support.js';

/** A particle on the support, in pixels. */
export interface PlacedParticle {
  readonly shape: ParticleShape;
  readonly outline: Outline;
  /** Strength of its signal; 1 on average. */
  readonly contrast: number;
  /** Standard deviation of its own blur. */
  readonly defocus: number;
  /** Centre. */
  readonly row: number;
  readonly column: number;
}

type Loose = Omit<PlacedParticle, 'row' | 'column'>;

const TRIES = 2000;

/** Draws diameters in nm from the log-normal distribution, and again where one is out of range. */
function drawDiameter({ diameterMedian, diameterGeometricSd, diameterRange }: Settings, random: Random): number {
  const sigma = log(diameterGeometricSd);
  for (let tries = 0; tries < 10_000; tries++) {
    const diameter = diameterMedian * exp(random.normal(0, sigma));
    if (diameter >= diameterRange[0] && diameter <= diameterRange[1]) return diameter;
    // Equal particles: rounding alone has put the median out of range.
    if (sigma === 0) return diameterMedian;
  }
  throw new RangeError(
    `diameterRange must hold a fair share of the distribution, got [${diameterRange.join(', ')}] nm for a median of ` +
      `${diameterMedian} nm and a geometric standard deviation of ${diameterGeometricSd}.`,
  );
}

function drawParticle(settings: Settings, random: Random): Loose {
  const diameter = drawDiameter(settings, random);
  const shape = random.choice(settings.shapes, settings.shapeWeights);
  const outline = createOutline(shape, diameter / settings.pixelSize / 2, settings.roundness, random);
  const spread = Math.min(2.5, Math.max(-2.5, random.normal()));
  const defocused = random.uniform() < settings.defocused;
  return {
    shape,
    outline,
    contrast: 1 + settings.contrastSpread * spread,
    defocus: defocused ? settings.defocusBlur : 0,
  };
}

/** The frame, grown by `margin`, as far as it lies on the support: the share of it that does. */
function supportedShare({ height, width }: Settings, support: Support, margin: number): number {
  let inside = 0;
  const steps = 64;
  for (let i = 0; i < steps; i++) {
    for (let j = 0; j < steps; j++) {
      const row = -margin + ((i + 0.5) / steps) * (height + 2 * margin);
      const column = -margin + ((j + 0.5) / steps) * (width + 2 * margin);
      if (support.insideAt(row, column) > 0) inside++;
    }
  }
  return inside / (steps * steps);
}

/**
 * Draws the sizes first, then finds a place for each, large ones first: no size is favoured because it fits more
 * easily. With `coverage`, centres lie up to the largest radius outside the frame, so that its border cuts particles.
 *
 * @throws RangeError where the particles do not fit.
 */
export function placeParticles(settings: Settings, support: Support, random: Random): PlacedParticle[] {
  const { height, width, coverage, count } = settings;
  const sizes = random.split(0);
  const margin = count === undefined ? marginOf(settings) : 0;
  const area = (height + 2 * margin) * (width + 2 * margin) * supportedShare(settings, support, margin);
  const expected = (coverage * area) / meanArea(settings);
  const particles: Loose[] = [];
  const total = count ?? random.split(1).poisson(expected);
  for (let i = 0; i < total; i++) particles.push(drawParticle(settings, sizes.split(i)));
  particles.sort((a, b) => b.outline.radius - a.outline.radius);
  const places = random.split(2);
  const placed: PlacedParticle[] = [];
  for (const particle of particles) {
    const leaning = places.uniform() < settings.touching;
    placed.push(findPlace(particle, leaning && placed.length > 0, placed, settings, support, margin, places));
  }
  return placed;
}

/** Mean area of a particle in pixels, of the log-normal distribution within its range, by the midpoint rule. */
function meanArea({ diameterMedian, diameterGeometricSd, diameterRange, pixelSize }: Settings): number {
  const sigma = log(diameterGeometricSd);
  let weights = 0;
  let sum = 0;
  for (let i = -500; i <= 500; i++) {
    const z = i / 100;
    const diameter = diameterMedian * exp(sigma * z);
    if (sigma > 0 && (diameter < diameterRange[0] || diameter > diameterRange[1])) continue;
    const weight = exp((-z * z) / 2);
    weights += weight;
    sum += (weight * Math.PI * diameter * diameter) / (4 * pixelSize * pixelSize);
  }
  return sum / weights;
}

function marginOf({ diameterMedian, diameterGeometricSd, diameterRange, pixelSize }: Settings): number {
  const likely = diameterMedian * exp(4 * log(diameterGeometricSd));
  return (0.6 * Math.min(diameterRange[1], likely)) / pixelSize + 1;
}

function findPlace(
  particle: Loose,
  leaning: boolean,
  placed: readonly PlacedParticle[],
  settings: Settings,
  support: Support,
  margin: number,
  random: Random,
): PlacedParticle {
  const { height, width, gap } = settings;
  for (let tries = 0; tries < TRIES; tries++) {
    const partner = leaning && tries < TRIES / 2 ? random.choice(placed) : undefined;
    let row = random.uniform(-margin, height - 1 + margin);
    let column = random.uniform(-margin, width - 1 + margin);
    if (partner) {
      const angle = random.uniform(0, 2 * Math.PI);
      const x = cos(angle);
      const y = sin(angle);
      const reach = reachAlong(partner.outline, x, y) + reachAlong(particle.outline, -x, -y) - 1;
      row = partner.row + reach * y;
      column = partner.column + reach * x;
      if (row < -margin || row > height - 1 + margin || column < -margin || column > width - 1 + margin) continue;
    }
    if (support.insideAt(row, column) <= 0) continue;
    const free = placed.every((other) => {
      if (other === partner) return true;
      const least = other.outline.extent + particle.outline.extent + gap;
      const down = other.row - row;
      const across = other.column - column;
      return down * down + across * across >= least * least;
    });
    if (free) return { ...particle, row, column };
  }
  throw new RangeError(
    `${settings.count === undefined ? 'coverage' : 'count'} must leave room for every particle: ` +
      `after ${placed.length} of them the next, ${(2 * particle.outline.radius * settings.pixelSize).toFixed(1)} nm ` +
      'wide, found none; ask for fewer or smaller ones, or a smaller gap.',
  );
}
