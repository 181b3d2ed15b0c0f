import type { engine } from '@tensorflow/tfjs-core';

/** The engine of TensorFlow.js, which moves data between backends and knows the scopes of `tidy`. */
export type TensorEngine = ReturnType<typeof engine>;

/** How many calls may wait where nobody reads a result. */
export interface StepLimits {
  /** When an outermost scope begins: so the steps of a loop become graphs of one step each. */
  readonly outermost: number;
  /** When a scope within another begins: batches of a prediction, for instance. */
  readonly within: number;
  /** Where gradients are taken: their steps should stay whole. */
  readonly gradients: number;
}

/**
 * Finds where to cut long recordings: between the rounds of a loop, so that each piece is the same graph. A round
 * begins with a scope of `tidy` as far out as any since the last cut; scopes further in are parts of it.
 */
export class StepBreaks {
  readonly #engine: TensorEngine;
  readonly #limits: StepLimits;
  /** The scopes of the last call, the outermost first. */
  #scopes: readonly number[] = [];
  /** How many scopes stayed open, at least, from one call to the next since the last cut. */
  #shared = Number.POSITIVE_INFINITY;
  #takesGradients = false;

  constructor(engine: TensorEngine, limits: StepLimits) {
    this.#engine = engine;
    this.#limits = limits;
  }

  /** Whether the calls that wait, so many, should run before the next one is recorded. */
  isBefore(waiting: number): boolean {
    const { scopeStack, activeTape } = this.#engine.state;
    const last = this.#scopes;
    let shared = 0;
    while (shared < scopeStack.length && scopeStack[shared]!.id === last[shared]) shared++;
    const hasTape = activeTape !== null && activeTape !== undefined;
    this.#takesGradients = hasTape || (waiting > 0 && this.#takesGradients);
    if (shared === scopeStack.length) return false;
    this.#scopes = scopeStack.map(({ id }) => id);
    const { outermost, within, gradients } = this.#limits;
    const isOutermost = shared === 0;
    const isWhole = isOutermost ? hasTape : this.#takesGradients;
    const limit = isWhole ? gradients : isOutermost ? outermost : within;
    const isDue = waiting >= limit && shared <= this.#shared;
    const isFirst = waiting === 0 || isDue;
    this.#shared = isFirst ? Number.POSITIVE_INFINITY : Math.min(this.#shared, shared);
    if (isDue) this.#takesGradients = hasTape;
    return isDue;
  }
}
