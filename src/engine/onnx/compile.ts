import { Emitter } from '../../onnx/emitter.js';
import { encodeModel, type OnnxGraph, type OnnxPort, type OnnxType } from '../../onnx/graph.js';
import { onnxType } from '../../onnx/graphBuilder.js';
import type { Entry, PendingCall } from './entry.js';

/** What is to be run: calls in their order, the entries with data that they take, and the results wanted. */
export interface Plan {
  readonly calls: readonly PendingCall[];
  readonly inputs: readonly Entry[];
  readonly outputs: readonly Entry[];
}

/** Finds what the live results among pending calls need. */
export function planRun(pending: readonly PendingCall[]): Plan {
  const needed = new Set<PendingCall>();
  const outputs: Entry[] = [];
  for (let i = pending.length - 1; i >= 0; i--) {
    const call = pending[i]!;
    const live = call.outputs.filter((entry) => entry.refs > 0);
    outputs.push(...live);
    if (live.length > 0) needed.add(call);
    if (needed.has(call)) {
      for (const entry of Object.values(call.inputs)) if (entry.call) needed.add(entry.call);
    }
  }
  const calls = pending.filter((call) => needed.has(call));
  const inputs = new Set<Entry>();
  for (const call of calls) {
    for (const entry of Object.values(call.inputs)) if (!entry.call) inputs.add(entry);
  }
  return { calls, inputs: [...inputs], outputs: outputs.reverse() };
}

/** A text that is the same for plans whose graphs are. */
export function structureOf({ calls, inputs, outputs }: Plan): string {
  const numbers = new Map<Entry, number>();
  const parts: string[] = [];
  for (const entry of inputs) {
    numbers.set(entry, numbers.size);
    parts.push(`${entry.dtype}[${entry.shape}]`);
  }
  for (const { signature, inputs: taken, outputs: made } of calls) {
    let line = signature;
    for (const name in taken) line += `,${numbers.get(taken[name]!)}`;
    parts.push(line);
    for (const entry of made) numbers.set(entry, numbers.size);
  }
  parts.push(outputs.map((entry) => numbers.get(entry)).join());
  return parts.join('\n');
}

/** A graph whose ports stand in the order of its plan. */
export interface LoweredPlan {
  readonly graph: OnnxGraph;
  readonly outputTypes: readonly OnnxType[];
}

/** Lowers all calls of a plan into one graph. */
export function lowerPlan({ calls, inputs, outputs }: Plan, block: number): LoweredPlan {
  const emitter = new Emitter({ block });
  const ports: OnnxPort[] = inputs.map((entry, i) => {
    emitter.define(entry, `i${i}`);
    return { name: `i${i}`, type: onnxType(entry.dtype), shape: entry.shape };
  });
  for (const call of calls) call.definition.lower(call, emitter);
  const wanted = outputs.map((entry) => emitter.plain(entry));
  const taken = new Set([...ports, ...emitter.constants].map(({ name }) => name));
  const results = outputs.map((entry, i): OnnxPort => {
    let name = wanted[i]!;
    if (taken.has(name)) {
      // An input, a constant or a value wanted twice: a port needs a name of its own.
      name = emitter.name();
      emitter.nodes.push({ op: 'Identity', domain: '', inputs: [wanted[i]!], outputs: [name], attributes: {} });
    }
    taken.add(name);
    return { name, type: onnxType(entry.dtype), shape: entry.shape };
  });
  return {
    graph: { nodes: emitter.nodes, constants: emitter.constants, inputs: ports, outputs: results },
    outputTypes: results.map(({ type }) => type),
  };
}

/** The bytes of a plan's graph. */
export function compilePlan(plan: Plan, block: number): Uint8Array {
  return encodeModel(lowerPlan(plan, block).graph);
}
