import type { KernelDefinition, Value } from './definition.js';

/** The step of AdamW, which `adamW` of the training part finds by name; the arithmetic is the same. */
export function optimizerKernels(): readonly KernelDefinition[] {
  return [
    {
      name: 'SegkitAdamStep',
      numbers: ['beta1', 'beta2', 'epsilon', 'stepSize', 'decay'],
      infer: ({ inputs }) => [0, 1, 2].map(() => inputs.weight!),
      lower: ({ inputs, outputs }, graph) => {
        const name = (key: string): string => graph.plain(inputs[key] as Value);
        const [weight, gradient] = [name('weight'), name('gradient')];
        const first = graph.op('Add', [graph.op('Mul', [name('first'), name('beta1')]), gradient]);
        const square = graph.op('Mul', [gradient, gradient]);
        const second = graph.op('Add', [graph.op('Mul', [name('second'), name('beta2')]), square]);
        const spread = graph.op('Add', [graph.op('Sqrt', [second]), name('epsilon')]);
        const change = graph.op('Mul', [graph.op('Div', [first, spread]), name('stepSize')]);
        const moved = graph.op('Sub', [graph.op('Mul', [weight, name('decay')]), change]);
        [moved, first, second].forEach((result, i) => {
          graph.define(outputs[i]!, result);
        });
      },
    },
  ];
}
