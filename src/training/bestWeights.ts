import { dispose, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { EpochRecord, Monitor } from './history.js';

/** Keeps a copy of a model's weights (moving statistics too) from its best epoch. Internal to the library. */
export class BestWeights {
  readonly #model: LayersModel;
  readonly #monitor: Monitor;
  readonly #keepWeights: boolean;
  #copies: Tensor[] = [];
  #best: { readonly epoch: number; readonly value: number } | undefined;

  constructor(model: LayersModel, monitor: Monitor, keepWeights: boolean) {
    this.#model = model;
    this.#monitor = monitor;
    this.#keepWeights = keepWeights;
  }

  get best(): { readonly epoch: number; readonly value: number } | undefined {
    return this.#best;
  }

  /** Takes up an epoch; true where it is better than all before. A value that is not a number never is. */
  consider(record: EpochRecord): boolean {
    const value = record[this.#monitor] ?? Number.NaN;
    const lower = this.#monitor === 'validationLoss' || this.#monitor === 'trainLoss';
    const previous = this.#best?.value ?? (lower ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
    if (!(lower ? value < previous : value > previous)) return false;
    this.#best = { epoch: record.epoch, value };
    if (this.#keepWeights) {
      dispose(this.#copies);
      // A clone shares the data, which the next assignment to the weight leaves alone.
      this.#copies = this.#model.weights.map((weight) => weight.read().clone());
    }
    return true;
  }

  /** Puts the copy back, where there is one, and frees it. */
  restore(): void {
    this.#copies.forEach((copy, i) => {
      this.#model.weights[i]!.write(copy);
    });
    dispose(this.#copies);
    this.#copies = [];
  }
}
