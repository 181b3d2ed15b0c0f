import { type KernelDefinition, numberOf, type Value, varyNumbers } from './definition.js';

/** The step of AdamW, which `adamW` of the training part finds by name; the arithmetic is the same. */
export function optimizerKernels(): readonly KernelDefinition[] {
  return [
    {
      name: 'SegkitAdamStep',
      vary: ({ attrs }) => varyNumbers(attrs, ['beta1', 'beta2', 'epsilon', 'stepSize', 'decay']),
      infer: ({ inputs }) => [0, 1, 2].map(() => inputs.weight!),
      lower: (call, graph) => {
        const { inputs, outputs } = call;
        const name = (key: string): string => graph.plain(inputs[key] as Value);
        const number = (key: string): string => numberOf(graph, call, key);
        const [weight, gradient] = [name('weight'), name('gradient')];
        const first = graph.op('Add', [graph.op('Mul', [name('first'), number('beta1')]), gradient]);
        const square = graph.op('Mul', [gradient, gradient]);
        const second = graph.op('Add', [graph.op('Mul', [name('second'), number('beta2')]), square]);
        const spread = graph.op('Add', [graph.op('Sqrt', [second]), number('epsilon')]);
        const change = graph.op('Mul', [graph.op('Div', [first, spread]), number('stepSize')]);
        const moved = graph.op('Sub', [graph.op('Mul', [weight, number('decay')]), change]);
        [moved, first, second].forEach((result, i) => {
          graph.define(outputs[i]!, result);
        });
      },
    },
  ];
}
