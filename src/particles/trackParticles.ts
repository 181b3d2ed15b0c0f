import { requireKnownOptions, requireNumber, show } from '../core/check.js';
import { assign, type Choice } from './assign.js';
import { estimateDrift } from './estimateDrift.js';
import { nearPairs, sortFrame } from './nearPairs.js';
import { requireOneUnit } from './oneUnit.js';
import type { Particle } from './particle.js';

/** Options of {@link trackParticles}. */
export interface TrackParticlesOptions {
  /** How far a particle may move from one frame to the next, less the drift or with it, in the unit of the particles. */
  readonly maxDistance: number;
  /** Weight of a change in size against a change in place: both count in units of `maxDistance` and of the size. @defaultValue 1 */
  readonly sizeWeight?: number;
  /** How far from the sum of two areas their union may be, as a share, to count as merging (or splitting). @defaultValue 0.35 */
  readonly areaTolerance?: number;
  /** Whether to take the common motion of all particles off first. @defaultValue true */
  readonly correctDrift?: boolean;
}

/** A particle followed over frames. */
export interface Track {
  /** Number of the track, from 1. */
  readonly id: number;
  /** The frame in which it begins. */
  readonly start: number;
  /** Its particles, one a frame from `start` on. */
  readonly particles: readonly Particle[];
  /** Their places in the lists of their frames. */
  readonly indices: readonly number[];
  /** The track that it came out of by splitting. */
  readonly splitFrom?: number;
  /** The track that it went into by merging. */
  readonly mergedInto?: number;
}

/** What {@link trackParticles} finds. */
export interface ParticleTracks {
  /** Tracks in order of their first particles. */
  readonly tracks: readonly Track[];
  /** The drift from each frame to the next, `[row, column]`, in the unit of the particles; zeros where not corrected. */
  readonly drift: ReadonlyArray<readonly [row: number, column: number]>;
}

interface Growing {
  id: number;
  start: number;
  particles: Particle[];
  indices: number[];
  splitFrom?: number;
  mergedInto?: number;
}

/**
 * Follows particles over frames: of all ways to pair those of neighbouring frames, the one of least total cost (squares of
 * distance and change of size), where a particle may also end or begin. An end whose particle goes into that of another
 * track, makes it that much larger and draws it to their common centre, is a merging; a beginning likewise a splitting.
 *
 * @param frames - the particles of each frame in turn, of {@link measureParticles}.
 * @throws RangeError where `maxDistance` is not above 0.
 *
 * @example
 * ```ts
 * const frame = (column: number) => measureParticles(createLabels(Array.from({ length: 9 }, (_, i) => (i === column ? 1 : 0)), [1, 9]));
 * const { tracks } = trackParticles([frame(2), frame(3), frame(4)], { maxDistance: 2, correctDrift: false });
 * tracks.length; // 1
 * tracks[0].particles.length; // 3
 * ```
 */
export function trackParticles(
  frames: ReadonlyArray<readonly Particle[]>,
  options: TrackParticlesOptions,
): ParticleTracks {
  requireKnownOptions('trackParticles', options, ['maxDistance', 'sizeWeight', 'areaTolerance', 'correctDrift']);
  const { maxDistance, sizeWeight = 1, areaTolerance = 0.35, correctDrift = true } = options;
  requireNumber('maxDistance', maxDistance, { above: 0 });
  requireNumber('sizeWeight', sizeWeight, { min: 0 });
  requireNumber('areaTolerance', areaTolerance, { min: 0 });
  if (!Array.isArray(frames as unknown)) throw new TypeError(`frames must be an array, got ${show(frames)}.`);
  requireOneUnit('frames', frames);
  const tracks: Growing[] = [];
  const drift: Array<readonly [number, number]> = [];
  const begin = (frame: number, index: number) => {
    const track: Growing = {
      id: tracks.length + 1,
      start: frame,
      particles: [frames[frame]![index]!],
      indices: [index],
    };
    tracks.push(track);
    return track;
  };
  let open: Growing[] = (frames[0] ?? []).map((_, index) => begin(0, index));
  for (let frame = 1; frame < frames.length; frame++) {
    const before = frames[frame - 1]!;
    const now = frames[frame]!;
    const step = correctDrift ? estimateDrift(before, now, { maxDistance }) : ([0, 0] as const);
    drift.push(step);
    const gap = (a: Particle, b: Particle) => {
      const row = b.centroidPhysical[0] - a.centroidPhysical[0] - step[0];
      const column = b.centroidPhysical[1] - a.centroidPhysical[1] - step[1];
      return Math.sqrt(row * row + column * column);
    };
    // The drift is known to some error: what has moved no farther than allowed as it stands is a choice as well.
    const reach = maxDistance + Math.sqrt(step[0] * step[0] + step[1] * step[1]);
    const near = nearPairs(sortFrame(before), sortFrame(now), { reach, drift: step }).filter(
      ({ row, column, distance }) =>
        distance <= maxDistance || row * row + column * column <= maxDistance * maxDistance,
    );
    const choices: Choice[] = near.map(({ from, to, distance }) => {
      const a = before[from]!.equivalentDiameter;
      const b = now[to]!.equivalentDiameter;
      const growth = a === b ? 0 : (b - a) / Math.max(a, b);
      return { from, to, cost: Math.min(1, distance / maxDistance) ** 2 + sizeWeight * growth * growth };
    });
    const byFrom = new Map(assign(choices, (1 + sizeWeight) / 2).map(({ from, to }) => [from, to]));
    const next: Growing[] = [];
    const reached = new Map<number, Growing>();
    const ended: Growing[] = [];
    for (const track of open) {
      const index = byFrom.get(track.indices[track.indices.length - 1]!);
      if (index === undefined) {
        ended.push(track);
        continue;
      }
      track.particles.push(now[index]!);
      track.indices.push(index);
      reached.set(index, track);
      next.push(track);
    }
    const last = (track: Growing, back: number) => track.particles[track.particles.length - back]!;
    const whole = { areaTolerance, reach: maxDistance };
    for (const track of ended) {
      const own = last(track, 1);
      const into = [...reached.values()].filter((other) => joins(last(other, 2), own, last(other, 1), step, whole));
      const target = nearest(into, (other) => gap(own, last(other, 1)));
      if (target !== undefined) track.mergedInto = target.id;
    }
    now.forEach((particle, index) => {
      if (reached.has(index)) return;
      const track = begin(frame, index);
      next.push(track);
      const back = [-step[0], -step[1]] as const;
      const outOf = [...reached.values()].filter((other) =>
        joins(last(other, 1), particle, last(other, 2), back, whole),
      );
      const source = nearest(outOf, (other) => gap(last(other, 2), particle));
      if (source !== undefined) track.splitFrom = source.id;
    });
    open = next;
  }
  return { tracks, drift };
}

/**
 * Whether two particles may have become one: its area is about the sum of theirs, and nearer to it than to the larger part
 * alone; the part lies within its reach; and it lies about where their common centre of mass goes.
 */
function joins(
  kept: Particle,
  part: Particle,
  union: Particle,
  [down, right]: readonly [number, number],
  { areaTolerance, reach }: { areaTolerance: number; reach: number },
): boolean {
  const sum = kept.area + part.area;
  if (Math.abs(union.area - sum) > areaTolerance * sum || union.area - kept.area < part.area / 2) return false;
  const [row, column] = [0, 1].map(
    (axis) => (kept.centroidPhysical[axis]! * kept.area + part.centroidPhysical[axis]! * part.area) / sum,
  ) as [number, number];
  const off = (y: number, x: number) =>
    Math.sqrt((union.centroidPhysical[0] - y - down) ** 2 + (union.centroidPhysical[1] - x - right) ** 2);
  return off(row, column) <= reach && off(...part.centroidPhysical) <= union.feretMax / 2 + reach;
}

function nearest(tracks: readonly Growing[], distance: (track: Growing) => number): Growing | undefined {
  return tracks.reduce<Growing | undefined>(
    (best, track) => (best === undefined || distance(track) < distance(best) ? track : best),
    undefined,
  );
}
