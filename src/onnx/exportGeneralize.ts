import { IMAGE, type LoweredOutput, type LoweredTrace } from './exportLower.js';
import { fitFormula, type SizeFormula, type Sizes } from './exportSizes.js';
import type { OnnxConstant, OnnxNode, OnnxPort } from './graph.js';
import { GraphBuilder } from './graphBuilder.js';
import { SizeError } from './sizeError.js';

/** One graph for all sizes of the input. */
export interface GeneralGraph {
  readonly nodes: OnnxNode[];
  readonly constants: OnnxConstant[];
  readonly inputShape: OnnxPort['shape'];
  readonly outputs: readonly GeneralOutput[];
}

/** A result: its name in the graph. */
export interface GeneralOutput {
  readonly name: string;
  readonly shape: OnnxPort['shape'];
}

/** A side of the input that is free. */
export interface FreeSide {
  readonly name: string;
  readonly axis: number;
  /** What its length is a multiple of. */
  readonly multiple: number;
}

/**
 * Makes one graph of those of the same model for several sizes: they must be the same, operation by operation; the
 * whole numbers (shapes, pads, bounds) in which they differ become formulas of the shape of the input.
 *
 * @throws SizeError naming layer and kernel where they differ in anything else.
 */
export function generalize(traces: readonly LoweredTrace[], free: readonly FreeSide[]): GeneralGraph {
  const builder = new Builder(traces, free);
  const [first] = traces as readonly [LoweredTrace];
  first.nodes.forEach((_, i) => {
    builder.add(i);
  });
  return {
    nodes: builder.graph.nodes,
    constants: builder.graph.constants,
    inputShape: builder.portShape(
      traces.map(({ inputShape }) => inputShape),
      'input',
    ),
    outputs: first.outputs.map((_, i) => builder.outputOf(traces.map(({ outputs }) => outputs[i]!))),
  };
}

class Builder {
  readonly graph = new GraphBuilder({ block: 0 });
  readonly #traces: readonly LoweredTrace[];
  readonly #free: readonly FreeSide[];
  readonly #sizes: readonly Sizes[];
  readonly #multiples: Sizes;
  readonly #constants: readonly ReadonlyMap<string, OnnxConstant>[];
  /** New names by the names in every trace. */
  readonly #names = new Map<string, string>();

  constructor(traces: readonly LoweredTrace[], free: readonly FreeSide[]) {
    this.#traces = traces;
    this.#free = free;
    this.#sizes = traces.map(({ inputShape }) =>
      Object.fromEntries(free.map(({ name, axis }) => [name, inputShape[axis]!])),
    );
    this.#multiples = Object.fromEntries(free.map(({ name, multiple }) => [name, multiple]));
    this.#constants = traces.map(({ constants }) => new Map(constants.map((constant) => [constant.name, constant])));
    this.#names.set(keyOf(traces.map(() => IMAGE)), IMAGE);
  }

  /** Adds the node that has the same place in every trace. */
  add(index: number): void {
    const nodes = this.#traces.map((trace) => trace.nodes[index]);
    const [node] = nodes as [OnnxNode];
    const origin = this.#traces[0]!.origins[index]!;
    const form = formOf(node);
    if (!nodes.every((other, i) => other && formOf(other) === form && this.#traces[i]!.nodes.length === this.#count)) {
      throw differing(origin);
    }
    const inputs = node.inputs.map((_, k) =>
      this.nameOf(
        nodes.map((other) => other!.inputs[k]!),
        origin,
        node.op === 'Reshape' && k === 1,
      ),
    );
    const outputs = this.graph.ops(node.op, inputs, node.outputs.length, node.attributes, node.domain);
    outputs.forEach((name, k) => {
      this.#names.set(keyOf(nodes.map((other) => other!.outputs[k]!)), name);
    });
  }

  get #count(): number {
    return this.#traces[0]!.nodes.length;
  }

  /** The new name of what the traces call by these names. In the target of a `Reshape` one side may be left open. */
  nameOf(names: readonly string[], origin: string, isTarget = false): string {
    if (names.every((name) => name === '')) return '';
    const key = `${isTarget ? 'target' : ''}${keyOf(names)}`;
    const known = this.#names.get(key) ?? this.#names.get(keyOf(names));
    if (known !== undefined) return known;
    const constants = names.map((name, i) => this.#constants[i]!.get(name));
    const [first] = constants;
    if (!first || !constants.every((other) => other && isAlike(first, other))) throw differing(origin);
    const name = this.#constant(constants as OnnxConstant[], origin, isTarget);
    this.#names.set(key, name);
    return name;
  }

  #constant(constants: readonly OnnxConstant[], origin: string, isTarget: boolean): string {
    const [first] = constants as [OnnxConstant];
    const { type, shape, data } = first;
    if (constants.every((other) => isEqual(first, other))) {
      if (data instanceof BigInt64Array && shape.length === 1) return this.graph.ints(...Array.from(data, Number));
      if (data instanceof Float32Array && data.length <= 1) return this.graph.floats(data, shape);
      const name = this.graph.name();
      this.graph.constants.push({ name, type, shape, data });
      return name;
    }
    if (type !== 'int64' || shape.length !== 1) throw differing(origin);
    return this.#computed(
      Array.from({ length: data.length }, (_, i) => constants.map((constant) => Number(constant.data[i]!))),
      origin,
      isTarget,
    );
  }

  /** A list of whole numbers, some of them made from the shape of the input. */
  #computed(lists: readonly (readonly number[])[], origin: string, isTarget: boolean): string {
    const formulas = lists.map((values) => (isConstant(values) ? values[0]! : this.#formula(values, origin)));
    const open = formulas.filter((formula) => typeof formula !== 'number').length;
    if (isTarget && open === 1 && !formulas.includes(-1)) {
      return this.graph.ints(...formulas.map((formula) => (typeof formula === 'number' ? formula : -1)));
    }
    const parts = formulas.map((formula) =>
      typeof formula === 'number' ? this.graph.ints(formula) : this.#compute(formula),
    );
    return parts.length === 1 ? parts[0]! : this.graph.op('Concat', parts, { axis: 0 });
  }

  #formula(values: readonly number[], origin: string): SizeFormula {
    const formula = fitFormula(values, this.#sizes, this.#multiples);
    if (formula === undefined) throw differing(origin);
    return formula;
  }

  /** One number as a list of it. */
  #compute({ sides, numerator, denominator, offset }: SizeFormula): string {
    const { graph } = this;
    const shape = graph.op('Shape', [IMAGE]);
    const [first, ...rest] = sides.map((side) =>
      graph.op('Gather', [shape, graph.ints(this.#free.find(({ name }) => name === side)!.axis)], { axis: 0 }),
    );
    let result = rest.reduce((product, side) => graph.op('Mul', [product, side]), first!);
    if (numerator !== 1) result = graph.op('Mul', [result, graph.ints(numerator)]);
    if (denominator !== 1) result = graph.op('Div', [result, graph.ints(denominator)]);
    return offset === 0 ? result : graph.op('Add', [result, graph.ints(offset)]);
  }

  outputOf(outputs: readonly LoweredOutput[]): GeneralOutput {
    const name = this.nameOf(
      outputs.map((output) => output.name),
      'the output',
    );
    return {
      name,
      shape: this.portShape(
        outputs.map(({ shape }) => shape),
        'output',
      ),
    };
  }

  /** The shape of a port: lengths, and names of sides that are free. */
  portShape(shapes: readonly (readonly number[])[], port: 'input' | 'output'): (number | string)[] {
    return shapes[0]!.map((side, axis) => {
      const values = shapes.map((shape) => shape[axis]!);
      if (isConstant(values)) return side;
      const formula = fitFormula(values, this.#sizes, this.#multiples);
      const isSide = formula?.sides.length === 1 && formula.numerator === formula.denominator && formula.offset === 0;
      return isSide ? formula.sides[0]! : `${port}_axis${axis}`;
    });
  }
}

function keyOf(names: readonly string[]): string {
  return names.join('|');
}

function formOf({ op, domain, inputs, outputs, attributes }: OnnxNode): string {
  return `${domain}:${op}/${inputs.length}/${outputs.length}/${JSON.stringify(attributes)}`;
}

function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}

function isAlike(a: OnnxConstant, b: OnnxConstant): boolean {
  return a.type === b.type && a.shape.join() === b.shape.join();
}

function isEqual(a: OnnxConstant, b: OnnxConstant): boolean {
  if (a.data === b.data) return true;
  for (let i = 0; i < a.data.length; i++) if (!Object.is(a.data[i], b.data[i])) return false;
  return true;
}

function differing(origin: string): SizeError {
  return new SizeError(
    `exportOnnx cannot write ${origin} for every size: what it computes depends on the size of the image in a way ` +
      'that is no multiple of height, width and batch. Build the model with a fixed inputShape, or give the divisor ' +
      'that its sizes are multiples of.',
  );
}
