import { requireKnownOptions, requireNumber } from '../core/check.js';
import { type Positions, positionsOf, visitPairs } from './points.js';

/** Options of {@link clusterParticles}. */
export interface ClusterParticlesOptions {
  /** Particles whose centres are at most this far apart belong together, in the unit of the positions. */
  readonly distance: number;
}

/**
 * Returns the cluster of every particle, numbered from 1 in order of their first particles: those that a chain of steps of at
 * most `distance` joins (single linkage).
 *
 * @example
 * ```ts
 * clusterParticles([[0, 0], [0, 9], [0, 1], [0, 10]], { distance: 2 }); // [1, 2, 1, 2]
 * ```
 */
export function clusterParticles(positions: Positions, options: ClusterParticlesOptions): Int32Array {
  requireKnownOptions('clusterParticles', options, ['distance']);
  requireNumber('distance', options.distance, { above: 0 });
  const { rows, columns } = positionsOf('positions', positions);
  const parents = Int32Array.from(rows, (_, i) => i);
  const find = (i: number): number => {
    let root = i;
    while (parents[root] !== root) root = parents[root]!;
    for (let at = i; at !== root; ) {
      const next = parents[at]!;
      parents[at] = root;
      at = next;
    }
    return root;
  };
  visitPairs(rows, columns, options.distance, (i, j) => {
    const a = find(i);
    const b = find(j);
    parents[Math.max(a, b)] = Math.min(a, b);
  });
  const clusters = new Int32Array(rows.length);
  let count = 0;
  for (let i = 0; i < clusters.length; i++) {
    const root = find(i);
    clusters[i] = root === i ? ++count : clusters[root]!;
  }
  return clusters;
}
