import { blur } from './blur.js';
import type { Settings } from './options.js';
import { depthAt, type Outline } from './outline.js';
import type { PlacedParticle } from './placeParticles.js';

/** The particles on the pixel grid. */
export interface RenderedParticles {
  /** Index of the particle plus 1, 0 for none: the one whose outline holds the centre of the pixel deepest. */
  readonly owner: Int32Array;
  /** Signal, 1 at the middle of a particle of median size; antialiased at the outlines. */
  readonly signal: Float32Array;
}

/** Thickness at a depth below the outline, 1 in the middle: a ball, or a plate whose facets slope at the rim. */
function thicknessAt({ radius, xs }: Outline, depth: number): number {
  if (depth <= 0) return 0;
  if (xs.length === 0) {
    const off = 1 - depth / radius;
    return Math.sqrt(Math.max(0, 1 - off * off));
  }
  const slope = Math.min(1, depth / (0.45 * radius));
  return slope * (2 - slope);
}

/** Draws every particle into the frame; a drift of `shear` pixels a row shifts the rows sideways. */
export function renderParticles(
  particles: readonly PlacedParticle[],
  settings: Settings,
  shear: number,
): RenderedParticles {
  const { height, width, thicknessContrast, diameterMedian, pixelSize, contrast } = settings;
  const owner = new Int32Array(height * width);
  const signal = new Float32Array(height * width);
  const ownerDepth = new Float32Array(height * width);
  const middle = (height - 1) / 2;
  particles.forEach((particle, index) => {
    const { outline, defocus } = particle;
    const relative = (2 * outline.radius * pixelSize) / diameterMedian;
    const strength = contrast * particle.contrast;
    const flat = (1 - thicknessContrast) * strength;
    const thick = thicknessContrast * relative * strength;
    const rim = Math.ceil(4 * defocus) + 1;
    const reach = outline.extent + rim;
    const sideways = Math.abs(shear) * (Math.abs(particle.row - middle) + reach);
    const top = Math.floor(particle.row - reach);
    const left = Math.floor(particle.column - reach - sideways);
    const patchHeight = Math.ceil(particle.row + reach) - top + 1;
    const patchWidth = Math.ceil(particle.column + reach + sideways) - left + 1;
    const patch = new Float32Array(patchHeight * patchWidth);
    for (let i = 0; i < patchHeight; i++) {
      const row = top + i;
      const y = row - particle.row;
      const columnAtRow = particle.column + shear * (row - middle);
      for (let j = 0; j < patchWidth; j++) {
        const column = left + j;
        const depth = depthAt(outline, column - columnAtRow, y);
        const covered = Math.min(1, Math.max(0, depth + 0.5));
        if (covered === 0) continue;
        patch[i * patchWidth + j] = covered * (flat + thick * thicknessAt(outline, Math.max(depth, 0.25)));
        if (depth <= 0 || row < 0 || row >= height || column < 0 || column >= width) continue;
        const at = row * width + column;
        if (depth <= ownerDepth[at]!) continue;
        ownerDepth[at] = depth;
        owner[at] = index + 1;
      }
    }
    blur(patch, patchHeight, patchWidth, defocus);
    addPatch(signal, settings, patch, top, left, patchWidth);
  });
  return { owner, signal };
}

/** Lays a patch over the frame: the stronger signal stays where two particles meet. */
function addPatch(
  signal: Float32Array,
  { height, width }: Settings,
  patch: Float32Array,
  top: number,
  left: number,
  patchWidth: number,
): void {
  const patchHeight = patch.length / patchWidth;
  for (let i = Math.max(0, -top); i < Math.min(patchHeight, height - top); i++) {
    for (let j = Math.max(0, -left); j < Math.min(patchWidth, width - left); j++) {
      const at = (top + i) * width + left + j;
      signal[at] = Math.max(signal[at]!, patch[i * patchWidth + j]!);
    }
  }
}
