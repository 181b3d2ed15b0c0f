import type { Emitter } from '../emitter.js';

/** What {@link Channelwise.affine} adds and applies. */
export interface Affine {
  /** Name of a value in the same layout. */
  readonly sum?: string;
  /** Whether ReLU follows. */
  readonly relu?: boolean;
}

/**
 * A value `[batch, height, width, channels]` in the layout that its graph prefers, with what batch normalisation does to
 * every channel. Vectors are names of one number a channel, filled up as `Emitter.vector` does.
 */
export interface Channelwise {
  readonly layout: 'blocked' | 'planes';
  readonly name: string;
  /** x scale + shift + sum. */
  affine(scale: string, shift?: string, options?: Affine): Channelwise;
  /** The product with a value of the same layout. */
  times(other: string): Channelwise;
  /** Sums over batch and pixels. */
  sum(): string;
  /** Sums of products over batch and pixels. */
  dot(other: this): string;
}

/** A vector of one number for the channels and another for those that only fill up. */
export function constantFor(graph: Emitter, channels: number, value: number, filler: number): string {
  const filled = graph.block === 0 ? channels : graph.filled(channels);
  return graph.floats(
    Float32Array.from({ length: filled }, (_, i) => (i < channels ? value : filler)),
    [filled],
  );
}
