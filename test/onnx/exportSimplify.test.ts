import fc from 'fast-check';
import { Random } from 'segkit/core';
import { describe, expect, it } from 'vitest';
import { Emitter } from '../../src/onnx/emitter.js';
import type { GeneralGraph } from '../../src/onnx/exportGeneralize.js';
import { simplify } from '../../src/onnx/exportSimplify.js';
import { encodeModel } from '../../src/onnx/graph.js';
import { difference, noise, runOnnx } from './run.js';

const random = new Random(3);

function constant(graph: Emitter, shape: readonly number[]): string {
  const size = shape.reduce((product, side) => product * side, 1);
  return graph.floats(
    Float32Array.from({ length: size }, () => random.uniform(0.5, 1.5)),
    shape,
  );
}

/** A graph from `image`, `[batch, channels, 4, 4]`. */
function graphOf(channels: number, build: (graph: Emitter) => string): GeneralGraph {
  const graph = new Emitter({ block: 0 });
  const output = build(graph);
  return {
    nodes: graph.nodes,
    constants: graph.constants,
    inputShape: ['batch', channels, 4, 4],
    outputs: [{ name: output, shape: ['batch', 'c', 'h', 'w'] }],
  };
}

function encode({ nodes, constants, inputShape, outputs }: GeneralGraph): Uint8Array {
  return encodeModel({
    nodes,
    constants,
    inputs: [{ name: 'image', type: 'float32', shape: inputShape }],
    outputs: outputs.map((output) => ({ ...output, type: 'float32' })),
  });
}

/** The operations that are left, after a check that they compute the same. */
async function simplified(channels: number, build: (graph: Emitter) => string): Promise<string[]> {
  const graph = graphOf(channels, build);
  const simple = simplify(graph);
  const image = noise([2, channels, 4, 4]);
  const [before, after] = [await runOnnx(encode(graph), image, false), await runOnnx(encode(simple), image, false)];
  expect(difference(after, before)).toBeLessThan(1e-5);
  const needed = new Set([...simple.nodes.flatMap(({ inputs }) => inputs), ...simple.outputs.map(({ name }) => name)]);
  expect(simple.constants.every(({ name }) => needed.has(name))).toBe(true);
  return simple.nodes.map(({ op }) => op);
}

const convolve = (graph: Emitter, bias: boolean, group = 1): string =>
  graph.op('Conv', ['image', constant(graph, [4, 4 / group, 1, 1]), ...(bias ? [constant(graph, [4])] : [])], {
    group,
  });

describe('simplify', () => {
  it('makes scales and shifts part of a convolution, with bias or none, in groups or none', async () => {
    for (const bias of [false, true]) {
      for (const group of [1, 2, 4]) {
        const operations = await simplified(4, (graph) => {
          const scaled = graph.op('Mul', [convolve(graph, bias, group), constant(graph, [1, 4, 1, 1])]);
          const shifted = graph.op('Add', [constant(graph, [4, 1, 1]), scaled]);
          const again = graph.op('Div', [shifted, constant(graph, [1, 4, 1, 1])]);
          return graph.op('Relu', [graph.op('Sub', [again, graph.float(0.25)])]);
        });
        expect(operations).toEqual(['Conv', 'Relu']);
      }
    }
  });

  it('makes them part of a transposed convolution, but for scales of one in groups', async () => {
    const transposed = (group: number) => (graph: Emitter) => {
      const filter = constant(graph, [4, 6 / group, 2, 2]);
      const up = graph.op('ConvTranspose', ['image', filter], { group, strides: [2, 2] });
      return graph.op('Add', [graph.op('Mul', [up, constant(graph, [1, 6, 1, 1])]), constant(graph, [1, 6, 1, 1])]);
    };
    expect(await simplified(4, transposed(1))).toEqual(['ConvTranspose']);
    expect(await simplified(4, transposed(2))).toEqual(['ConvTranspose', 'BatchNormalization']);
  });

  it('makes one normalisation of scales and shifts behind anything else', async () => {
    const operations = await simplified(4, (graph) => {
      const active = graph.op('Relu', [convolve(graph, true)]);
      const scaled = graph.op('Mul', [active, constant(graph, [1, 4, 1, 1])]);
      const shifted = graph.op('Add', [scaled, constant(graph, [1, 4, 1, 1])]);
      const again = graph.op('Mul', [shifted, constant(graph, [1, 4, 1, 1])]);
      return graph.op('Sub', [again, constant(graph, [1, 4, 1, 1])]);
    });
    expect(operations).toEqual(['Conv', 'Relu', 'BatchNormalization']);
  });

  it('leaves alone what repeats one channel, what somebody else needs, and what is no number for a channel', async () => {
    const onePlane = (graph: Emitter) => {
      const single = graph.op('Relu', [graph.op('Conv', ['image', constant(graph, [1, 4, 1, 1])])]);
      const scaled = graph.op('Mul', [single, constant(graph, [1, 3, 1, 1])]);
      return graph.op('Add', [scaled, constant(graph, [1, 3, 1, 1])]);
    };
    expect(await simplified(4, onePlane)).toEqual(['Conv', 'Relu', 'Mul', 'Add']);
    const twice = (graph: Emitter) => {
      const map = convolve(graph, false);
      return graph.op('Add', [graph.op('Mul', [map, constant(graph, [1, 4, 1, 1])]), map]);
    };
    expect(await simplified(4, twice)).toEqual(['Conv', 'Mul', 'Add']);
    const columns = (graph: Emitter) => graph.op('Mul', [convolve(graph, false), constant(graph, [4])]);
    expect(await simplified(4, columns)).toEqual(['Conv', 'Mul']);
    const images = (graph: Emitter) => graph.op('Mul', [convolve(graph, false), constant(graph, [2, 1, 1, 1])]);
    expect(await simplified(4, images)).toEqual(['Conv', 'Mul']);
  });

  it('drops what is identical or not needed', async () => {
    const operations = await simplified(4, (graph) => {
      graph.op('Exp', ['image']);
      return graph.op('Relu', [graph.op('Identity', [convolve(graph, false)])]);
    });
    expect(operations).toEqual(['Conv', 'Relu']);
    expect(await simplified(4, (graph) => graph.op('Identity', [convolve(graph, false)]))).toEqual(['Conv']);
  });

  it('computes what is constant: moved axes and broadcasts of any shape, as ONNX Runtime does', async () => {
    const shape = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(shape, fc.nat(), fc.nat(), async (sides, turn, thin) => {
        const operations = await simplified(1, (graph) => {
          const perm = [...sides.keys()].map((axis) => (axis + turn) % sides.length);
          const moved = graph.op('Transpose', [constant(graph, sides)], { perm });
          const whole = perm.map((axis) => sides[axis]!);
          const part = whole.map((side, axis) => ((thin >> axis) & 1 ? 1 : side)).slice(thin % sides.length);
          const ratio = graph.op('Div', [graph.op('Sqrt', [moved]), constant(graph, part)]);
          const mixed = graph.op('Sub', [graph.op('Reciprocal', [ratio]), graph.op('Neg', [constant(graph, whole)])]);
          return graph.op('Mul', ['image', graph.reshape(mixed, [1, -1, 1, 1])]);
        });
        expect(operations).toEqual(['Mul']);
      }),
      { numRuns: 30 },
    );
  });
});
