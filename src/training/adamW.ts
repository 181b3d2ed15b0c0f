import {
  add,
  dispose,
  div,
  engine,
  getBackend,
  getKernel,
  maximum,
  mul,
  type NamedTensorMap,
  Optimizer,
  scalar,
  type serialization,
  sqrt,
  square,
  sub,
  type Tensor,
  tensor1d,
  tidy,
  type Variable,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import { requireKnownOptions, requireNumber, requireShape } from '../core/check.js';
import { pow } from '../core/math.js';
import { adamStep } from '../engine/wasm/optimizerKernels.js';

/** A tensor with the name under which an optimiser saves it. */
export interface NamedTensor {
  /** Name of the variable and of the moment. */
  readonly name: string;
  /** Its value. */
  readonly tensor: Tensor;
}

/** Options of {@link adamW}; the defaults are PyTorch's. */
export interface AdamWOptions {
  /** Decoupled weight decay, 0 or more: each step takes `learningRate * weightDecay` of a weight. @defaultValue 1e-2 */
  readonly weightDecay?: number;
  /** Decay of the first moment, 0 or more and below 1. @defaultValue 0.9 */
  readonly beta1?: number;
  /** Decay of the second moment, 0 or more and below 1. @defaultValue 0.999 */
  readonly beta2?: number;
  /** Added to the root of the second moment, above 0. @defaultValue 1e-8 */
  readonly epsilon?: number;
  /** Whether biases decay: the variables whose name ends in `bias`. @defaultValue true */
  readonly decayBias?: boolean;
  /** Whether normalisation parameters decay: all other variables of one axis or none. @defaultValue true */
  readonly decayNorm?: boolean;
  /** Divides by the largest second moment so far instead of the present one (Reddi et al. 2018). @defaultValue false */
  readonly amsgrad?: boolean;
}

/** What is kept of one variable. The moments are sums, not means: PyTorch's over `1 - beta`; that saves two operations. */
interface Slot {
  steps: number;
  readonly moments: readonly Variable[];
}

/** A step that is worked out and not taken yet. */
export interface Proposal {
  /** The new values, which `commit` and `discard` dispose. */
  readonly tensors: readonly Tensor[];
  /** Takes the step. */
  readonly commit: () => void;
  /** Forgets it. */
  readonly discard: () => void;
}

/** New values of a variable and of its moments. */
interface Move {
  readonly slot: Slot;
  readonly variables: readonly Variable[];
  readonly values: readonly Tensor[];
}

function commit(moves: readonly Move[]): void {
  for (const { slot, variables, values } of moves) {
    slot.steps++;
    variables.forEach((moved, i) => {
      moved.assign(values[i]!);
    });
    for (const value of values) value.dispose();
  }
}

function listOf(gradients: NamedTensorMap | NamedTensor[]): readonly NamedTensor[] {
  return Array.isArray(gradients) ? gradients : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
}

/** The optimiser that {@link adamW} makes; fits `fit` and `model.compile({ optimizer })`. */
export class AdamW extends Optimizer {
  /** Name for saved training configurations. */
  static get className(): string {
    return 'AdamW';
  }

  readonly #options: Required<AdamWOptions>;
  readonly #slots = new Map<string, Slot>();
  #restored: { steps: number; moments: Tensor[] }[] = [];
  #learningRate = 0;

  /** See {@link adamW}. */
  constructor(learningRate: number, options: AdamWOptions = {}) {
    super();
    requireKnownOptions('adamW', options, [
      'weightDecay',
      'beta1',
      'beta2',
      'epsilon',
      'decayBias',
      'decayNorm',
      'amsgrad',
    ]);
    const { weightDecay = 1e-2, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
    const { decayBias = true, decayNorm = true, amsgrad = false } = options;
    this.learningRate = learningRate;
    requireNumber('weightDecay', weightDecay, { min: 0 });
    requireNumber('beta1', beta1, { min: 0, below: 1 });
    requireNumber('beta2', beta2, { min: 0, below: 1 });
    requireNumber('epsilon', epsilon, { above: 0 });
    this.#options = { weightDecay, beta1, beta2, epsilon, decayBias, decayNorm, amsgrad };
  }

  /** Step size, 0 or more; may be set between steps. */
  get learningRate(): number {
    return this.#learningRate;
  }

  /** Takes effect with the next step. @throws RangeError below 0. */
  set learningRate(value: number) {
    requireNumber('learningRate', value, { min: 0 });
    this.#learningRate = value;
  }

  /** Moves each named variable one step; those without a gradient stay and do not decay. Gradients stay the caller's. */
  applyGradients(gradients: NamedTensorMap | NamedTensor[]): void {
    for (const gradient of listOf(gradients)) commit(this.#moves([gradient]));
    this.incrementIterations();
  }

  /**
   * Works out what {@link applyGradients} would make of the variables and leaves them as they are until `commit`; one
   * of the two functions must be called. An engine that records a step and runs it when the loss is read gets all of
   * the step this way.
   */
  propose(gradients: NamedTensorMap | NamedTensor[]): Proposal {
    const moves = this.#moves(listOf(gradients));
    return {
      tensors: moves.flatMap(({ values }) => values),
      commit: () => {
        commit(moves);
        this.incrementIterations();
      },
      discard: () => {
        for (const { values } of moves) dispose([...values]);
      },
    };
  }

  #moves(gradients: readonly NamedTensor[]): Move[] {
    return gradients.flatMap(({ name, tensor }) => {
      const weight = engine().registeredVariables[name];
      if (weight === undefined) throw new RangeError(`gradients must be of variables, got one of "${name}".`);
      if (!tensor) return [];
      let slot!: Slot;
      const values = tidy(() => {
        slot = this.#slot(weight);
        return this.#step(weight, tensor, slot);
      });
      return [{ slot, variables: [weight, ...slot.moments], values }];
    });
  }

  /** The weight and its moments after one step more. */
  #step(weight: Variable, gradient: Tensor, slot: Slot): Tensor[] {
    const { weightDecay, beta1, beta2, epsilon, decayBias, decayNorm } = this.#options;
    const steps = slot.steps + 1;
    const [first, second, largest] = slot.moments as [Variable, Variable, Variable?];
    const scale = Math.sqrt((1 - beta2) / (1 - pow(beta2, steps)));
    const stepSize = (this.#learningRate * (1 - beta1)) / (1 - pow(beta1, steps)) / scale;
    const isBias = /(^|[/_])bias(_\d+)?$/.test(weight.name);
    const decays = isBias ? decayBias : weight.rank > 1 || decayNorm;
    const decay = decays ? 1 - this.#learningRate * weightDecay : 1;
    if (largest === undefined && getKernel(adamStep, getBackend())) {
      // The same arithmetic in one pass.
      const inputs = { weight, gradient, first, second };
      const attrs = { beta1, beta2, epsilon: epsilon / scale, stepSize, decay };
      return engine().runKernel<Tensor[]>(adamStep, inputs, attrs) as Tensor[];
    }
    const mean = add(mul(first, beta1), gradient);
    const spread = add(mul(second, beta2), square(gradient));
    const bound = largest && maximum(largest, spread);
    const change = mul(div(mean, add(sqrt(bound ?? spread), epsilon / scale)), stepSize);
    const moved = sub(decay === 1 ? weight : mul(weight, decay), change);
    return [moved, mean, spread, ...(bound ? [bound] : [])];
  }

  #slot(weight: Variable): Slot {
    const known = this.#slots.get(weight.name);
    if (known) return known;
    const restored = this.#restored[0];
    restored?.moments.forEach((moment) => {
      requireShape(`the restored moment of ${weight.name}`, moment.shape, weight.shape);
    });
    const starts =
      restored?.moments ?? Array.from({ length: this.#options.amsgrad ? 3 : 2 }, () => zeros(weight.shape));
    const slot = { steps: restored?.steps ?? 0, moments: starts.map((start) => variable(start, false)) };
    restored?.moments.forEach((moment) => {
      moment.dispose();
    });
    this.#restored.shift();
    this.#slots.set(weight.name, slot);
    return slot;
  }

  /** Frees the moments; the optimiser then starts anew. */
  override dispose(): void {
    for (const { moments } of this.#slots.values()) {
      for (const moment of moments) moment.dispose();
    }
    this.#slots.clear();
    this.#forgetRestored();
    this.iterations_ = 0;
  }

  #forgetRestored(): void {
    for (const { moments } of this.#restored) {
      for (const moment of moments) moment.dispose();
    }
    this.#restored = [];
  }

  /**
   * Returns the state: `iter`, the steps of each variable, then its moments in the order in which the variables were
   * first seen. All are new tensors, which the caller disposes.
   */
  override async getWeights(): Promise<NamedTensor[]> {
    const slots = [...this.#slots];
    const steps = slots.map(([, slot]) => slot.steps);
    const state: NamedTensor[] = [
      { name: 'iter', tensor: scalar(this.iterations, 'int32') },
      { name: 'steps', tensor: tensor1d(steps, 'int32') },
    ];
    for (const [name, { moments }] of slots) {
      moments.forEach((moment, i) => {
        state.push({ name: `${name}/${['firstMoment', 'secondMoment', 'largestMoment'][i]}`, tensor: moment.clone() });
      });
    }
    return state;
  }

  /**
   * Takes up a state of {@link getWeights}, for variables in the same order (names may differ, as they do from one
   * process to the next). The tensors stay the caller's.
   *
   * @throws RangeError where the state is not one of this optimiser; `applyGradients` throws where shapes differ.
   */
  override async setWeights(state: NamedTensor[]): Promise<void> {
    const count = this.#options.amsgrad ? 3 : 2;
    const steps = state[1] ? [...(await state[1].tensor.data())] : [];
    if (state[0]?.name !== 'iter' || state[1]?.name !== 'steps' || state.length !== 2 + steps.length * count) {
      throw new RangeError(
        `state must hold iter, steps and ${count} moments a variable of an adamW optimiser, got ${state.length} tensors.`,
      );
    }
    const [iterations] = await state[0].tensor.data();
    this.dispose();
    this.iterations_ = iterations!;
    this.#restored = steps.map((step, i) => ({
      steps: step,
      moments: state.slice(2 + i * count, 2 + (i + 1) * count).map(({ tensor }) => tensor.clone()),
    }));
  }

  /** Returns the learning rate and the options. */
  getConfig(): serialization.ConfigDict {
    return { learningRate: this.#learningRate, ...this.#options };
  }

  /** Makes an optimiser of what {@link getConfig} returned. */
  static override fromConfig<T extends serialization.Serializable>(
    cls: serialization.SerializableConstructor<T>,
    config: serialization.ConfigDict,
  ): T {
    const { learningRate, ...options } = config;
    return new cls(learningRate, options);
  }
}

/**
 * Returns the AdamW optimiser (Loshchilov and Hutter 2019) with the arithmetic and defaults of PyTorch's: the decay
 * `learningRate * weightDecay` is taken from the weights themselves, not added to the gradient. Its moments take two
 * tensors a variable (three with `amsgrad`): `dispose()` frees them.
 *
 * @param learningRate - step size, 0 or more.
 * @throws RangeError or TypeError for options outside their range.
 *
 * @example
 * ```ts
 * const optimizer = adamW(3e-4, { weightDecay: 5e-4, decayBias: false, decayNorm: false });
 * optimizer.learningRate; // 3e-4
 * optimizer.dispose();
 * ```
 */
export function adamW(learningRate: number, options: AdamWOptions = {}): AdamW {
  return new AdamW(learningRate, options);
}
