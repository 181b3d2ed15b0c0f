import { show } from '../core/check.js';
import type { Particle } from './particle.js';

/** Throws where frames are no lists of particles, or these differ in unit. */
export function requireOneUnit(name: string, frames: ReadonlyArray<readonly Particle[]>): void {
  let unit: string | undefined;
  frames.forEach((frame, i) => {
    if (!Array.isArray(frame as unknown)) throw new TypeError(`${name}[${i}] must be an array, got ${show(frame)}.`);
    for (const particle of frame) {
      unit ??= particle.unit;
      if (particle.unit !== unit) {
        throw new RangeError(`${name} must have one unit, got ${unit} and ${particle.unit} in ${name}[${i}].`);
      }
    }
  });
}
