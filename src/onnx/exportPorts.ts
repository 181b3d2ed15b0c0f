import type { GeneralGraph } from './exportGeneralize.js';
import { IMAGE } from './exportLower.js';
import type { OnnxGraph, OnnxNode } from './graph.js';

/** What follows the first output. */
export interface Ending {
  readonly activation: 'none' | 'Sigmoid' | 'Softmax';
  readonly channelAxis: number;
}

/** Gives the outputs their names, where need be with a tail that tells them from everything else. */
export function nameOutputs(general: GeneralGraph, wanted: readonly string[], ending: Ending): OnnxGraph {
  const names = uniqueNames(general, wanted);
  let nodes: OnnxNode[] = [...general.nodes];
  // Inputs and constants cannot be renamed, nor what is an output twice.
  const taken = new Set([IMAGE, ...general.constants.map(({ name }) => name)]);
  general.outputs.forEach((output, i) => {
    const [from, name] = [output.name, names[i]!];
    const add = (op: string, attributes: OnnxNode['attributes'] = {}): void => {
      nodes.push({ op, domain: '', inputs: [from], outputs: [name], attributes });
    };
    if (i === 0 && ending.activation !== 'none') {
      add(ending.activation, ending.activation === 'Softmax' ? { axis: ending.channelAxis } : {});
    } else if (taken.has(from) || general.outputs.some((other, k) => k !== i && other.name === from)) {
      add('Identity');
    } else {
      const rename = (old: string): string => (old === from ? name : old);
      nodes = nodes.map((node) => ({ ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) }));
    }
  });
  return {
    nodes,
    constants: general.constants,
    inputs: [{ name: IMAGE, type: 'float32', shape: general.inputShape }],
    outputs: general.outputs.map(({ shape }, i) => ({ name: names[i]!, type: 'float32', shape })),
  };
}

function uniqueNames({ nodes, constants }: GeneralGraph, wanted: readonly string[]): string[] {
  const used = new Set([IMAGE, ...constants.map(({ name }) => name), ...nodes.flatMap(({ outputs }) => outputs)]);
  return wanted.map((wish) => {
    let name = wish;
    while (used.has(name)) name = `${name}_output`;
    used.add(name);
    return name;
  });
}
