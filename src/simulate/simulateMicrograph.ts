import { createImage, createLabels, createMask } from '../core/arrays.js';
import type { Calibration, Image, Labels, Mask } from '../core/types.js';
import { detect, formImage, shiftScanLines } from './detect.js';
import { readOptions, type Settings, type SimulateMicrographOptions } from './options.js';
import type { ParticleShape } from './outline.js';
import { type PlacedParticle, placeParticles } from './placeParticles.js';
import { renderParticles } from './renderParticles.js';
import { drawSupport } from './support.js';

/** What is true of one simulated particle. */
export interface SimulatedParticle {
  /** Its id in `labels`. */
  readonly label: number;
  /** Kind of outline. */
  readonly shape: ParticleShape;
  /** Diameter in nm of the disc with the area of the whole ideal outline, also where the border cuts the particle. */
  readonly diameter: number;
  /** Row of the centre in pixels; may lie outside the frame. */
  readonly row: number;
  /** Column of the centre in pixels; may lie outside the frame. */
  readonly column: number;
  /** Number of its pixels in the frame. */
  readonly area: number;
  /** Strength of its signal relative to the others, 1 on average. */
  readonly contrast: number;
  /** Standard deviation of its own blur in pixels, 0 in focus. */
  readonly defocus: number;
  /** True where one of its pixels lies in the first or last row or column. */
  readonly touchesBorder: boolean;
}

/** A micrograph and all that is true of it; usable as a `Sample`. */
export interface SimulatedMicrograph {
  /** Grey picture, `[height, width]`. */
  readonly image: Image;
  /** 1 on particles, 0 elsewhere. */
  readonly mask: Mask;
  /** Ids 1, 2, ... in the order in which the particles appear row by row. */
  readonly labels: Labels;
  /** One row a label, in its order. */
  readonly particles: readonly SimulatedParticle[];
  /** Pixel size in nm. */
  readonly calibration: Calibration;
}

/**
 * Returns a simulated dark-field or bright-field micrograph of supported nanoparticles with its exact ground truth.
 *
 * Diameters are log-normal. A pixel belongs to the particle whose outline holds its centre. A slow sideways drift of
 * the specimen is part of image and labels alike (it keeps areas); the jitter of the scan lines is part of the image
 * only and 0 on average, so that visible and labelled outlines agree on average. Unless `touching` is above 0, every
 * 8-connected region of the mask is one particle. A particle that the frame cuts keeps its full `diameter`; large ones
 * are cut more often, so compare sizes under one border rule.
 *
 * The same options give the same bytes on every platform. Sizes, places, support and noise have streams of their own:
 * another mode, dose or blur leaves the particles where they are.
 *
 * @throws RangeError or TypeError for options out of range, unknown options, and particles that find no room.
 *
 * @example
 * ```ts
 * const { image, labels, particles, calibration } = simulateMicrograph({ seed: 1, height: 64, width: 96, count: 5 });
 * image.shape; // [64, 96]
 * particles.length; // 5
 * calibration.pixelSize; // 0.2
 * ```
 */
export function simulateMicrograph(options: SimulateMicrographOptions): SimulatedMicrograph {
  const settings = readOptions(options);
  const { random, height, width, pixelSize } = settings;
  const support = drawSupport(settings, random.split(0));
  const placed = placeParticles(settings, support, random.split(1));
  const scan = random.split(2);
  const shear = (scan.uniform(-1, 1) * settings.drift) / (height - 1);
  const { owner, signal } = renderParticles(placed, settings, shear);
  const image = formImage(support.thickness, signal, settings);
  shiftScanLines(image, settings, scan.split(0));
  const { labels, mask, order, areas, atBorder } = numberByAppearance(owner, height, width, placed.length);
  return {
    image: createImage(detect(image, settings, random.split(3)), [height, width]),
    mask: createMask(mask, [height, width]),
    labels: createLabels(labels, [height, width]),
    particles: order.map((index, i) =>
      describe(
        placed[index]!,
        i + 1,
        areas[i]!,
        atBorder[i]!,
        settings,
        shear * (placed[index]!.row - (height - 1) / 2),
      ),
    ),
    calibration: { pixelSize, unit: 'nm' },
  };
}

function describe(
  particle: PlacedParticle,
  label: number,
  area: number,
  touchesBorder: boolean,
  { pixelSize }: Settings,
  drifted: number,
): SimulatedParticle {
  const { shape, outline, row, column, contrast, defocus } = particle;
  const diameter = 2 * outline.radius * pixelSize;
  return { label, shape, diameter, row, column: column + drifted, area, contrast, defocus, touchesBorder };
}

interface Numbered {
  readonly labels: Int32Array;
  readonly mask: Uint8Array;
  /** Index of the particle of each label. */
  readonly order: readonly number[];
  readonly areas: readonly number[];
  readonly atBorder: readonly boolean[];
}

/** Gives the particles that the frame shows their ids, in the order of their first pixels. */
function numberByAppearance(owner: Int32Array, height: number, width: number, count: number): Numbered {
  const labels = new Int32Array(owner.length);
  const mask = new Uint8Array(owner.length);
  const ids = new Int32Array(count + 1);
  const order: number[] = [];
  const areas: number[] = [];
  const atBorder: boolean[] = [];
  for (let i = 0; i < owner.length; i++) {
    const index = owner[i]!;
    if (index === 0) continue;
    if (ids[index] === 0) {
      ids[index] = order.push(index - 1);
      areas.push(0);
      atBorder.push(false);
    }
    const id = ids[index]!;
    labels[i] = id;
    mask[i] = 1;
    areas[id - 1]! += 1;
    const column = i % width;
    if (i < width || i >= (height - 1) * width || column === 0 || column === width - 1) atBorder[id - 1] = true;
  }
  return { labels, mask, order, areas, atBorder };
}
