import type { Random } from '../core/random.js';
import { blur } from './blur.js';
import type { Settings } from './options.js';

/**
 * Returns the share of full scale that reaches each pixel: dark field adds what support and particles scatter to the
 * detector, bright field loses it from the beam.
 */
export function formImage(
  support: Float32Array,
  particles: Float32Array,
  { mode, height, width, blur: probe }: Settings,
): Float32Array {
  const image = new Float32Array(support.length);
  if (mode === 'darkField') {
    for (let i = 0; i < image.length; i++) image[i] = 0.04 + 0.18 * support[i]! + 0.42 * particles[i]!;
  } else {
    // Transmission 1 / (1 + t + t^2 / 2): Beer's law to second order, of + - * / alone.
    for (let i = 0; i < image.length; i++) {
      const t = 0.2 * support[i]! + 0.75 * particles[i]!;
      image[i] = 0.86 / (1 + t + (t * t) / 2);
    }
  }
  blur(image, height, width, probe);
  return image;
}

/** Shifts each row sideways by correlated noise of mean 0, joining pixels by Catmull-Rom splines. */
export function shiftScanLines(image: Float32Array, { height, width, jitter }: Settings, random: Random): void {
  if (jitter === 0) return;
  const shifts = new Float64Array(height);
  let shift = random.normal();
  let mean = 0;
  for (let row = 0; row < height; row++) {
    shifts[row] = shift;
    mean += shift / height;
    shift = 0.5 * shift + Math.sqrt(0.75) * random.normal();
  }
  const line = new Float64Array(width);
  for (let row = 0; row < height; row++) {
    const start = row * width;
    for (let column = 0; column < width; column++) line[column] = image[start + column]!;
    const moved = jitter * Math.min(3, Math.max(-3, shifts[row]! - mean));
    const whole = Math.floor(moved);
    const t = moved - whole;
    const a = ((2 - t) * t - 1) * t * 0.5;
    const b = ((3 * t - 5) * t * t + 2) * 0.5;
    const c = ((4 - 3 * t) * t + 1) * t * 0.5;
    const d = (t - 1) * t * t * 0.5;
    const pick = (column: number) => line[Math.min(width - 1, Math.max(0, column))]!;
    for (let column = 0; column < width; column++) {
      const at = column + whole;
      image[start + column] = a * pick(at - 1) + b * pick(at) + c * pick(at + 1) + d * pick(at + 2);
    }
  }
}

/** Returns counts as a detector gives them: electrons, readout noise, full scale; beyond full scale it saturates. */
export function detect(
  image: Float32Array,
  { dose, readoutNoise, dtype }: Settings,
  random: Random,
): Uint8Array | Uint16Array | Float32Array {
  const size = image.length;
  const electrons = random.split(0);
  const readout = random.split(1);
  const result =
    dtype === 'uint8' ? new Uint8Array(size) : dtype === 'uint16' ? new Uint16Array(size) : new Float32Array(size);
  const fullScale = dtype === 'uint8' ? 255 : dtype === 'uint16' ? 65535 : 1;
  for (let i = 0; i < size; i++) {
    let value = Math.max(0, image[i]!);
    if (dose !== Number.POSITIVE_INFINITY) value = electrons.poisson(dose * value) / dose;
    if (readoutNoise > 0) value += readoutNoise * readout.normal();
    const scaled = fullScale * Math.min(1, Math.max(0, value));
    result[i] = dtype === 'float32' ? scaled : Math.round(scaled);
  }
  return result;
}
