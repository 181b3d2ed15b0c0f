import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { Emitter } from '../../../src/onnx/emitter.js';
import type { KernelDefinition, Value } from '../../../src/onnx/kernels/definition.js';
import { genericKernels } from '../../../src/onnx/kernels/generic.js';

/** Lowers one call on inputs that are to be had in a layout each, and returns the operations and the result. */
function lower(
  name: string,
  inputs: Record<string, { readonly shape: readonly number[]; readonly layout?: 'plain' | 'planes' | 'blocked' }>,
  attrs = {},
) {
  const graph = new Emitter({ block: 16 });
  const values: Record<string, Value> = {};
  for (const [key, { shape, layout = 'plain' }] of Object.entries(inputs)) {
    const value: Value = { shape, dtype: 'float32' };
    values[key] = value;
    graph.define(value, key, layout);
  }
  const kernel = genericKernels().find((one) => one.name === name) as KernelDefinition;
  const outputs = kernel.infer({ inputs: values, attrs });
  kernel.lower({ inputs: values, attrs, outputs }, graph);
  return { graph, output: outputs[0]!, operations: graph.nodes.map(({ op }) => op) };
}

const blocked = (...shape: number[]) => ({ shape, layout: 'blocked' }) as const;
const planes = (...shape: number[]) => ({ shape, layout: 'planes' }) as const;
const plain = (...shape: number[]) => ({ shape });
const REORDERS = ['ReorderInput', 'ReorderOutput', 'Transpose'];

describe('operations on images in blocks', () => {
  it('take one operation and leave blocks', () => {
    const { graph, output, operations } = lower('Add', { a: blocked(2, 8, 8, 32), b: blocked(2, 8, 8, 32) });
    expect(operations).toEqual(['Add']);
    expect(graph.has(output, 'blocked')).toBe(true);
  });

  it.each([
    ['Multiply', { a: blocked(2, 8, 8, 32), b: plain(32) }, {}],
    ['Multiply', { a: blocked(2, 8, 8, 24), b: plain(2, 1, 1, 24) }, {}],
    ['Relu', { x: blocked(2, 8, 8, 24) }, {}],
    ['Sigmoid', { x: blocked(2, 8, 8, 24) }, {}],
    ['Concat', { 0: blocked(2, 8, 8, 32), 1: blocked(2, 8, 8, 24) }, { axis: 3 }],
    ['Slice', { x: blocked(2, 8, 8, 48) }, { begin: [0, 1, 2, 16], size: [2, 7, 6, 32] }],
    [
      'PadV2',
      { x: blocked(2, 8, 8, 24) },
      {
        paddings: [
          [0, 0],
          [1, 1],
          [1, 1],
          [0, 0],
        ],
        constantValue: 0,
      },
    ],
  ] as const)('%s leaves blocks without another pass', (name, inputs, attrs) => {
    const { graph, output, operations } = lower(name, inputs, attrs);
    expect(operations).not.toEqual(expect.arrayContaining([expect.stringMatching(/Reorder|Transpose/)]));
    expect(graph.has(output, 'blocked')).toBe(true);
  });

  it('whose result lies across blocks are made of planes', () => {
    const { graph, output, operations } = lower(
      'Concat',
      { 0: blocked(2, 8, 8, 24), 1: blocked(2, 8, 8, 32) },
      { axis: 3 },
    );
    expect(operations).toEqual(['ReorderOutput', 'ReorderOutput', 'Concat']);
    expect(graph.has(output, 'planes')).toBe(true);
  });

  it('sum over the pixels where they are', () => {
    const { operations } = lower('Mean', { x: blocked(2, 8, 8, 32) }, { axis: [1, 2], keepDims: true });
    for (const operation of REORDERS) expect(operations).not.toContain(operation);
  });
});

describe('images of few classes', () => {
  it('become planes where every pixel has a number of its own', () => {
    const { graph, output, operations } = lower('Sub', { a: plain(2, 8, 8, 2), b: plain(2, 8, 8, 1) });
    expect(operations).toEqual(['Transpose', 'Reshape', 'Sub']);
    expect(graph.has(output, 'planes')).toBe(true);
  });

  it('stay planes', () => {
    expect(lower('Exp', { x: planes(2, 8, 8, 2) }).operations).toEqual(['Exp']);
    expect(lower('Transpose', { x: planes(2, 8, 8, 2) }, { perm: [0, 3, 1, 2] }).operations).toEqual([]);
  });
});

describe('what only repeats', () => {
  it('is not spelled out for the operation that takes it', () => {
    const graph = new Emitter({ block: 16 });
    const [small, large]: Value[] = [
      { shape: [2, 1, 1, 32], dtype: 'float32' },
      { shape: [2, 8, 8, 32], dtype: 'float32' },
    ];
    graph.define(small!, 'small');
    graph.define(large!, 'large');
    const kernels = genericKernels();
    const run = (name: string, inputs: Record<string, Value>, attrs = {}): Value => {
      const kernel = kernels.find((one) => one.name === name)!;
      const outputs = kernel.infer({ inputs, attrs });
      kernel.lower({ inputs, attrs, outputs }, graph);
      return outputs[0]!;
    };
    const wide = run('Tile', { x: small! }, { reps: [1, 8, 8, 1] });
    const ones = run('Fill', {}, { shape: [2, 8, 8, 32], value: 1, dtype: 'float32' });
    run('Multiply', { a: run('Multiply', { a: wide, b: ones }), b: large! });
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Mul']);
    expect(graph.nodes[0]!.inputs).toEqual(['small', 'large']);
    graph.plain(run('Neg', { x: wide }));
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Mul', 'Neg', 'Expand']);
  });
});
