import { encodeModel, type OnnxType } from '../../onnx/graph.js';
import type { Runtime, RuntimeSession, RuntimeTensor, SessionSettings } from './binding.js';
import type { BufferPool } from './bufferPool.js';
import { lowerPlan, type Plan } from './compile.js';
import { isStop, stopNode, stopPort } from './stopPort.js';

/** A plan's graph, loaded; runs for every plan of the same structure. */
export class Program {
  readonly #runtime: Runtime;
  readonly #session: RuntimeSession;
  readonly #inputs: readonly { readonly name: string; readonly type: OnnxType }[];
  readonly #outputs: readonly { readonly name: string; readonly type: OnnxType }[];
  readonly #stops: boolean;

  /** With `stops`, results are not copied; see `stopPort`. */
  constructor(runtime: Runtime, plan: Plan, block: number, stops: boolean, settings: SessionSettings) {
    const { graph } = lowerPlan(plan, block);
    this.#runtime = runtime;
    this.#inputs = graph.inputs;
    this.#outputs = graph.outputs;
    this.#stops = stops;
    const { nodes, outputs } = graph;
    const run = stops ? { ...graph, nodes: [stopNode, ...nodes], outputs: [stopPort, ...outputs] } : graph;
    this.#session = runtime.load(encodeModel(run), settings);
  }

  /** Runs with the numbers of the plan's inputs and gives its outputs theirs. */
  run({ inputs, outputs }: Plan, pool: BufferPool): void {
    const feeds: Record<string, RuntimeTensor> = {};
    this.#inputs.forEach(({ name, type }, i) => {
      const entry = inputs[i]!;
      feeds[name] = this.#runtime.tensor(type, entry.data!, entry.shape);
    });
    const fetches: Record<string, RuntimeTensor | null> = this.#stops ? { [stopPort.name]: null } : {};
    const results = this.#outputs.map(({ name, type }, i) => {
      const data = pool.take(type, outputs[i]!.size);
      fetches[name] = this.#runtime.tensor(type, data, outputs[i]!.shape);
      return data;
    });
    try {
      this.#session.run(feeds, fetches);
    } catch (error) {
      if (!this.#stops || !isStop(error)) {
        for (const data of results) pool.give(data);
        throw error;
      }
    }
    results.forEach((data, i) => {
      outputs[i]!.data = data;
    });
  }

  dispose(): void {
    this.#session.dispose();
  }
}
