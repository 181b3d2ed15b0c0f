import { contiguous, createImage } from '../core/arrays.js';
import { requireImage } from '../core/check.js';
import { cos, exp, log, sin } from '../core/math.js';
import type { Image } from '../core/types.js';
import { minimize } from './minimize.js';

/** Result of {@link fitGaborGaussian}. */
export interface GaborGaussianFit {
  /** A wave under an elliptic bell, around the centre of the kernel. */
  readonly gabor: {
    /** Height of the wave, 0 or more. */
    readonly amplitude: number;
    /** Standard deviation of the bell along the wave, in pixels. */
    readonly sigma: number;
    /** Its width across the wave over that along it. */
    readonly aspect: number;
    /** Pixels from crest to crest. */
    readonly wavelength: number;
    /** Direction of the wave, radians from the column axis towards the row axis, from 0 up to pi. */
    readonly orientation: number;
    /** Phase at the centre, radians: 0 is a crest. */
    readonly phase: number;
  };
  /** A round bell. */
  readonly gaussian: {
    /** Its height; below 0 it is a dent. */
    readonly amplitude: number;
    /** Its standard deviation in pixels. */
    readonly sigma: number;
  };
  /** What is added everywhere. */
  readonly offset: number;
  /** Share of the kernel's variance that the sum explains, at most 1. */
  readonly rSquared: number;
  /** The sum, of the kernel's shape. */
  readonly fitted: Image;
}

/** The four functions of a kernel whose heights follow linearly from the rest: wave in and out of phase, bell, 1. */
function basis(side: readonly [number, number], [logSigma, logAspect, logWave, angle, logRound]: readonly number[]) {
  const [height, width] = side;
  const sigma = exp(logSigma!);
  const aspect = exp(logAspect!);
  const frequency = (2 * Math.PI) / exp(logWave!);
  const round = exp(logRound!);
  const [c, s] = [cos(angle!), sin(angle!)];
  const functions = [0, 1, 2, 3].map(() => new Float64Array(height * width));
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const dx = x - (width - 1) / 2;
      const dy = y - (height - 1) / 2;
      const along = dx * c + dy * s;
      const across = (dy * c - dx * s) / aspect;
      const bell = exp(-(along * along + across * across) / (2 * sigma * sigma));
      functions[0]![i] = bell * cos(frequency * along);
      functions[1]![i] = bell * sin(frequency * along);
      functions[2]![i] = exp(-(dx * dx + dy * dy) / (2 * round * round));
      functions[3]![i] = 1;
    }
  }
  return functions;
}

/** Least-squares heights of the functions: normal equations with a trace of ridge, by elimination. */
function heights(functions: readonly Float64Array[], values: ArrayLike<number>): number[] {
  const n = functions.length;
  const rows = functions.map((own, i) => {
    const row = functions.map((other, j) => {
      let sum = i === j ? 1e-9 * own.length : 0;
      for (let k = 0; k < own.length; k++) sum += own[k]! * other[k]!;
      return sum;
    });
    let right = 0;
    for (let k = 0; k < own.length; k++) right += own[k]! * values[k]!;
    return [...row, right];
  });
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const factor = rows[j]![i]! / rows[i]![i]!;
      for (let k = i; k <= n; k++) rows[j]![k]! -= factor * rows[i]![k]!;
    }
  }
  const result = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let value = rows[i]![n]!;
    for (let j = i + 1; j < n; j++) value -= rows[i]![j]! * result[j]!;
    result[i] = value / rows[i]![i]!;
  }
  return result;
}

function sumOf(functions: readonly Float64Array[], factors: readonly number[]): Float64Array {
  return functions[0]!.map((_, i) => functions.reduce((sum, own, j) => sum + factors[j]! * own[i]!, 0));
}

function residual(sum: Float64Array, values: ArrayLike<number>): number {
  return sum.reduce((total, value, i) => total + (value - values[i]!) ** 2, 0);
}

/**
 * Fits a Gabor function plus a Gaussian to a kernel, by least squares: how Horwath et al. 2020 describe the mean filter
 * of a network of one layer, an edge or line detector on a smoothing. The search begins at six directions and three
 * wavelengths; the best end is returned.
 *
 * @param kernel - one channel, at least 3 x 3, for example `kernelImages(model).mean`.
 * @throws RangeError for several channels or fewer pixels.
 *
 * @example
 * ```ts
 * const bell = Float32Array.from({ length: 81 }, (_, i) => Math.exp(-(((i % 9) - 4) ** 2 + (Math.floor(i / 9) - 4) ** 2) / 8));
 * fitGaborGaussian(createImage(bell, [9, 9])).rSquared > 0.999; // true
 * ```
 */
export function fitGaborGaussian(kernel: Image): GaborGaussianFit {
  requireImage('kernel', kernel);
  const [height, width, channels = 1] = kernel.shape as [number, number, number?];
  if (channels !== 1 || height < 3 || width < 3) {
    throw new RangeError(
      `kernel must have one channel and at least 3 x 3 pixels, got shape [${kernel.shape.join(', ')}].`,
    );
  }
  const values = Float64Array.from(contiguous(kernel).data);
  const side = [height, width] as const;
  const reach = Math.min(height, width);
  const longest = log(4 * reach);
  const cost = (parameters: readonly number[]): number => {
    const [logSigma, logAspect, logWave, , logRound] = parameters as [number, number, number, number, number];
    // Widths under a third of a pixel and far beyond the kernel are not seen in it.
    const sane = [logSigma, logSigma + logAspect, logRound].every((value) => value > -1.1 && value < longest);
    if (!sane || logWave < 0.69 || logWave > longest) return Number.POSITIVE_INFINITY;
    const functions = basis(side, parameters);
    return residual(sumOf(functions, heights(functions, values)), values);
  };
  let best = { at: [] as readonly number[], value: Number.POSITIVE_INFINITY };
  for (let direction = 0; direction < 6; direction++) {
    for (const wavelength of [reach / 3, reach / 1.5, reach * 1.5]) {
      const angle = (direction * Math.PI) / 6;
      const start = [log(reach / 4), 0, log(Math.max(2.5, wavelength)), angle, log(reach / 5)];
      const end = minimize(cost, start, { step: 0.3, evaluations: 600 });
      if (end.value < best.value) best = end;
    }
  }
  const functions = basis(side, best.at);
  const factors = heights(functions, values);
  const sum = sumOf(functions, factors);
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const spread = residual(new Float64Array(values.length).fill(mean), values);
  const [logSigma, logAspect, logWave, angle, logRound] = best.at as [number, number, number, number, number];
  const [inPhase, outOfPhase, round, offset] = factors as [number, number, number, number];
  // Half a turn of the direction turns the sign of the phase.
  const turns = Math.floor(angle / Math.PI);
  const phase = Math.atan2(-outOfPhase, inPhase) * (turns % 2 === 0 ? 1 : -1);
  return {
    gabor: {
      amplitude: Math.hypot(inPhase, outOfPhase),
      sigma: exp(logSigma),
      aspect: exp(logAspect),
      wavelength: exp(logWave),
      orientation: angle - turns * Math.PI,
      phase,
    },
    gaussian: { amplitude: round, sigma: exp(logRound) },
    offset,
    rSquared: spread === 0 ? 1 : 1 - residual(sum, values) / spread,
    fitted: createImage(Float32Array.from(sum), [height, width]),
  };
}
