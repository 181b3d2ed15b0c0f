import { channelsOf, type Definitions } from './exportChannels.js';
import { broadcast, type FloatTensor, foldConstant } from './exportFold.js';
import type { GeneralGraph } from './exportGeneralize.js';
import type { OnnxConstant, OnnxNode } from './graph.js';

/**
 * Makes a graph smaller without changing what it computes: what is constant is computed, scales and shifts of channels
 * (batch normalisation in inference) become part of the convolution before them, or one `BatchNormalization` where
 * there is none, and what nothing needs is left out.
 */
export function simplify(graph: GeneralGraph): GeneralGraph {
  const live = withoutDead(
    graph.nodes,
    graph.outputs.map(({ name }) => name),
  );
  const simplifier = new Simplifier({ ...graph, nodes: live });
  for (const node of live) simplifier.add(node);
  return simplifier.finish();
}

/** The nodes that values need, in their order. */
function withoutDead(nodes: Iterable<OnnxNode>, results: readonly string[]): OnnxNode[] {
  const needed = new Set(results);
  const live = [...nodes].reverse().filter(({ inputs, outputs }) => {
    const isLive = outputs.some((name) => needed.has(name));
    if (isLive) for (const name of inputs) needed.add(name);
    return isLive;
  });
  return live.reverse();
}

/** A scale or a shift of a value: one number for every channel, or one for all. */
interface Change {
  readonly value: string;
  readonly part: 'scale' | 'shift';
  readonly numbers: Float32Array;
}

class Simplifier {
  readonly #graph: GeneralGraph;
  readonly #constants: Map<string, OnnxConstant>;
  readonly #producers = new Map<string, OnnxNode>();
  readonly #definitions: Definitions;
  readonly #uses = new Map<string, number>();
  /** Normalisations made here: their scale and shift. */
  readonly #normalizations = new Map<OnnxNode, readonly [Float32Array, Float32Array]>();
  /** What a value is called instead. */
  readonly #aliases = new Map<string, string>();
  #names = 0;

  constructor(graph: GeneralGraph) {
    this.#graph = graph;
    this.#constants = new Map(graph.constants.map((constant) => [constant.name, constant]));
    this.#definitions = { producers: this.#producers, constants: this.#constants, channels: new Map() };
    for (const name of [...graph.nodes.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ name }) => name)]) {
      this.#uses.set(name, (this.#uses.get(name) ?? 0) + 1);
    }
  }

  add(original: OnnxNode): void {
    const node = { ...original, inputs: original.inputs.map((name) => this.#aliases.get(name) ?? name) };
    const [output] = node.outputs as [string];
    const constants = node.inputs.map((name) => this.#constants.get(name));
    if (constants.every((constant) => constant !== undefined)) {
      const folded = foldConstant(node, constants);
      if (folded) {
        this.#constants.set(output, { name: output, type: 'float32', ...folded });
        return;
      }
    }
    if (node.op === 'Identity' && node.domain === '') {
      const name = node.inputs[0]!;
      this.#aliases.set(output, name);
      this.#uses.set(name, this.#uses.get(name)! + this.#uses.get(output)! - 1);
      return;
    }
    if (!this.#absorb(node)) this.#producers.set(output, node);
  }

  /** Makes a scale or a shift of channels part of the operation before it; `false` where that cannot be. */
  #absorb(node: OnnxNode): boolean {
    const change = this.#changeOf(node);
    const before = change && this.#producers.get(change.value);
    if (before === undefined || this.#uses.get(change!.value) !== 1) return false;
    const merged = this.#intoConvolution(before, change!) ?? this.#intoNormalization(before, change!, node.outputs);
    if (merged === undefined) return false;
    this.#producers.delete(change!.value);
    this.#producers.set(
      node.outputs[0]!,
      merged.outputs === node.outputs ? merged : { ...merged, outputs: node.outputs },
    );
    return true;
  }

  /** What a product or a sum with a constant `[channels, 1, 1]`, `[1, channels, 1, 1]` or a scalar does. */
  #changeOf({ op, domain, inputs }: OnnxNode): Change | undefined {
    if (domain !== '' || !['Mul', 'Div', 'Add', 'Sub'].includes(op)) return undefined;
    const [a, b] = inputs.map((name) => this.#constants.get(name));
    const isCommutative = op === 'Mul' || op === 'Add';
    const [constant, value] = b ? [b, inputs[0]!] : isCommutative && a ? [a, inputs[1]!] : [undefined, ''];
    if (constant === undefined || !(constant.data instanceof Float32Array)) return undefined;
    const { shape, data } = constant;
    const sides = [...new Array<number>(Math.max(0, 4 - shape.length)).fill(1), ...shape];
    if (sides.length !== 4 || sides[1] !== data.length) return undefined;
    const part = op === 'Mul' || op === 'Div' ? 'scale' : 'shift';
    const numbers = op === 'Div' ? data.map((x) => 1 / x) : op === 'Sub' ? data.map((x) => -x) : data;
    return { value, part, numbers };
  }

  #intoConvolution(node: OnnxNode, { part, numbers }: Change): OnnxNode | undefined {
    const { op, domain, inputs, attributes } = node;
    if (domain !== '' || (op !== 'Conv' && op !== 'ConvTranspose')) return undefined;
    const [image, filter] = inputs as [string, string];
    const weights = this.#floats(filter);
    const bias = inputs[2] === undefined ? undefined : this.#floats(inputs[2]);
    if (weights === undefined || (inputs[2] !== undefined && bias === undefined)) return undefined;
    const group = (attributes.group as number | undefined) ?? 1;
    // Filters are [outputs, inputs / group, ...] for Conv and [inputs, outputs / group, ...] for ConvTranspose.
    const outputs = op === 'Conv' ? weights.shape[0]! : weights.shape[1]! * group;
    if (numbers.length !== 1 && numbers.length !== outputs) return undefined;
    const change = { shape: [numbers.length], data: numbers };
    if (part === 'shift') {
      const own = bias ?? { shape: [outputs], data: new Float32Array(outputs) };
      return { ...node, inputs: [image, filter, this.#constant(broadcast(own, change, (a, b) => a + b))] };
    }
    if (op === 'ConvTranspose' && group > 1) return undefined;
    const sides = [numbers.length, ...new Array<number>(weights.shape.length - (op === 'Conv' ? 1 : 2)).fill(1)];
    const scaled = this.#constant(broadcast(weights, { shape: sides, data: numbers }, (a, b) => a * b));
    if (bias === undefined) return { ...node, inputs: [image, scaled] };
    return { ...node, inputs: [image, scaled, this.#constant(broadcast(bias, change, (a, b) => a * b))] };
  }

  /** Scales and shifts that follow no convolution: one pass over memory for all of them. */
  #intoNormalization(node: OnnxNode, { part, numbers }: Change, outputs: readonly string[]): OnnxNode | undefined {
    const count = numbers.length;
    const known = this.#normalizations.get(node);
    if (known !== undefined && known[0].length === count) {
      const [scale, shift] = known;
      const isScale = part === 'scale';
      return this.#normalization(
        node.inputs[0]!,
        isScale ? scale.map((x, i) => x * numbers[i]!) : scale,
        shift.map((x, i) => (isScale ? x * numbers[i]! : x + numbers[i]!)),
        outputs,
      );
    }
    const first = part === 'shift' ? this.#changeOf(node) : undefined;
    if (first?.part !== 'scale' || first.numbers.length !== count) return undefined;
    if (channelsOf(first.value, this.#definitions) !== count) return undefined;
    return this.#normalization(first.value, first.numbers, numbers, outputs);
  }

  #normalization(value: string, scale: Float32Array, shift: Float32Array, outputs: readonly string[]): OnnxNode {
    const vector = (data: Float32Array): string => this.#constant({ shape: [data.length], data });
    const [mean, variance] = [new Float32Array(scale.length), new Float32Array(scale.length).fill(1)];
    const node: OnnxNode = {
      op: 'BatchNormalization',
      domain: '',
      inputs: [value, vector(scale), vector(shift), vector(mean), vector(variance)],
      outputs,
      attributes: { epsilon: { float: 0 } },
    };
    this.#normalizations.set(node, [scale, shift]);
    return node;
  }

  #floats(name: string): FloatTensor | undefined {
    const constant = this.#constants.get(name);
    return constant?.data instanceof Float32Array ? { shape: constant.shape, data: constant.data } : undefined;
  }

  #constant({ shape, data }: FloatTensor): string {
    const name = `c${this.#names++}`;
    this.#constants.set(name, { name, type: 'float32', shape, data });
    return name;
  }

  finish(): GeneralGraph {
    const outputs = this.#graph.outputs.map((output) => ({
      ...output,
      name: this.#aliases.get(output.name) ?? output.name,
    }));
    const results = outputs.map(({ name }) => name);
    const nodes = withoutDead(this.#producers.values(), results);
    const needed = new Set([...nodes.flatMap(({ inputs }) => inputs), ...results]);
    const constants = [...this.#constants.values()].filter(({ name }) => needed.has(name));
    return { ...this.#graph, outputs, nodes, constants };
  }
}
