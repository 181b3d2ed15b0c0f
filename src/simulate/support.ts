import { cos, sin } from '../core/math.js';
import type { Random } from '../core/random.js';
import type { Settings } from './options.js';
import { smoothNoise } from './smoothNoise.js';

/** The support: its thickness per pixel (1 on average, 0 in vacuum) and how far each place lies from its edge. */
export interface Support {
  /** Relative thickness, row-major. */
  readonly thickness: Float32Array;
  /** Pixels from the edge, positive on the support; infinite where it has none. */
  readonly insideAt: (row: number, column: number) => number;
}

/** A straight edge with three waves on it, through the outer third of the frame. */
function createEdge({ height, width }: Settings, random: Random): Support['insideAt'] {
  const angle = random.uniform(0, 2 * Math.PI);
  const normalX = cos(angle);
  const normalY = sin(angle);
  const size = Math.min(height, width);
  const offset = size * random.uniform(0.12, 0.3);
  const waves = [0.9, 0.37, 0.15].map((length) => ({
    number: (2 * Math.PI) / (length * size * random.uniform(0.8, 1.2)),
    phase: random.uniform(0, 2 * Math.PI),
    height: 0.05 * length * size,
  }));
  return (row, column) => {
    const x = column - (width - 1) / 2;
    const y = row - (height - 1) / 2;
    const along = normalX * y - normalY * x;
    let edge = offset;
    for (const wave of waves) edge += wave.height * sin(wave.number * along + wave.phase);
    return edge - (normalX * x + normalY * y);
  };
}

/** Draws the support. */
export function drawSupport(settings: Settings, random: Random): Support {
  const { height, width, unevenness, texture } = settings;
  const thickness = new Float32Array(height * width).fill(1);
  const layers = [
    { spacing: 70, strength: unevenness, random: random.split(1) },
    { spacing: 12, strength: texture * 0.7, random: random.split(2) },
    { spacing: 4, strength: texture * 0.7, random: random.split(3) },
  ];
  for (const layer of layers) {
    if (layer.strength === 0) continue;
    const noise = smoothNoise(height, width, layer.spacing, layer.random);
    for (let i = 0; i < noise.length; i++) thickness[i]! += layer.strength * noise[i]!;
  }
  for (let i = 0; i < thickness.length; i++) thickness[i] = Math.max(0.1, thickness[i]!);
  if (settings.support === 'full') return { thickness, insideAt: () => Number.POSITIVE_INFINITY };
  const insideAt = createEdge(settings, random.split(0));
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      // The support thins out over its last ten pixels.
      const share = Math.min(1, Math.max(0, insideAt(row, column) / 10 + 0.5));
      thickness[row * width + column]! *= share;
    }
  }
  return { thickness, insideAt };
}
