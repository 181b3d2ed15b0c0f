import { _FusedMatMul, BatchMatMul, backend_util, Einsum, type NamedAttrMap, util } from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import { MICROSOFT } from '../graphBuilder.js';
import { isSameShape } from './broadcast.js';
import { activated, followingOf } from './convolution.js';
import type { KernelCall, KernelDefinition, Value } from './definition.js';

/** Products of matrices. */
export function productKernels(): readonly KernelDefinition[] {
  return [
    {
      name: BatchMatMul,
      accepts: ({ inputs: { a, b } }) => isMatrixPair(a!, b!),
      infer: ({ inputs: { a, b }, attrs }) => [productOf(a!, b!, attrs)],
      lower: ({ inputs: { a, b }, attrs, outputs }, graph) => {
        graph.define(outputs[0]!, multiply(graph, a!, b!, attrs));
      },
    },
    {
      name: _FusedMatMul,
      accepts: ({ inputs: { a, b, bias, preluActivationWeights: slopes }, attrs }) => {
        if (!isMatrixPair(a!, b!) || a!.dtype !== 'float32') return false;
        const { shape } = productOf(a!, b!, attrs);
        return [bias, slopes].every((value) => value === undefined || repeatsIn(value, shape));
      },
      infer: ({ inputs: { a, b }, attrs }) => [productOf(a!, b!, attrs)],
      lower: ({ inputs, attrs, outputs }, graph) => {
        const { a, b, bias } = inputs;
        let result = multiply(graph, a!, b!, attrs);
        if (bias) result = graph.op('Add', [result, graph.plain(bias)]);
        graph.define(outputs[0]!, activated(graph, result, followingOf({ inputs, attrs })));
      },
    },
    {
      name: Einsum,
      accepts: (call) => isSimpleEquation(call),
      infer: (call) => [{ shape: shapeOfEquation(call), dtype: call.inputs[0]!.dtype }],
      lower: ({ inputs, attrs, outputs }, graph) => {
        const names = Object.values(inputs).map((value) => graph.plain(value));
        graph.define(outputs[0]!, graph.op('Einsum', names, { equation: attrs.equation as string }));
      },
    },
  ];
}

function isMatrixPair(a: Value, b: Value): boolean {
  return a.dtype === b.dtype && a.dtype !== 'bool' && a.shape.length >= 2 && b.shape.length >= 2;
}

function repeatsIn({ shape, dtype }: Value, whole: readonly number[]): boolean {
  return dtype === 'float32' && isSameShape(backend_util.assertAndGetBroadcastShape([...shape], [...whole]), whole);
}

function productOf(a: Value, b: Value, { transposeA, transposeB }: NamedAttrMap): Value {
  const [rows, innerA] = transposeA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!];
  const [innerB, columns] = transposeB ? [b.shape.at(-1)!, b.shape.at(-2)!] : [b.shape.at(-2)!, b.shape.at(-1)!];
  util.assert(innerA === innerB, () => `a and b must have the same inner side, got [${a.shape}] and [${b.shape}].`);
  const batches = backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return { shape: [...batches, rows, columns], dtype: a.dtype };
}

function multiply(graph: Emitter, a: Value, b: Value, { transposeA, transposeB }: NamedAttrMap): string {
  if (!transposeA && !transposeB) return graph.op('MatMul', [graph.plain(a), graph.plain(b)]);
  if (graph.block > 0 && a.dtype === 'float32') {
    const attributes = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
    return graph.op('FusedMatMul', [graph.plain(a), graph.plain(b)], attributes, MICROSOFT);
  }
  return graph.op('MatMul', [
    transposeA ? transposed(graph, a) : graph.plain(a),
    transposeB ? transposed(graph, b) : graph.plain(b),
  ]);
}

function transposed(graph: Emitter, value: Value): string {
  const rank = value.shape.length;
  const perm = [...value.shape.keys()].slice(0, -2);
  return graph.op('Transpose', [graph.plain(value)], { perm: [...perm, rank - 1, rank - 2] });
}

/** Terms of letters, each once a term, as many as the tensor has axes. */
function isSimpleEquation({ inputs, attrs }: KernelCall): boolean {
  const equation = (attrs.equation as string).replaceAll(' ', '');
  const values = Object.values(inputs);
  const terms = equation.split('->')[0]!.split(',');
  return (
    /^[a-z]+(,[a-z]+)*->[a-z]*$/.test(equation) &&
    terms.length === values.length &&
    values.every(
      ({ shape, dtype }, i) =>
        dtype === values[0]!.dtype &&
        dtype !== 'bool' &&
        shape.length === terms[i]!.length &&
        new Set(terms[i]).size === shape.length,
    )
  );
}

function shapeOfEquation({ inputs, attrs }: KernelCall): number[] {
  const [terms, result] = (attrs.equation as string).replaceAll(' ', '').split('->') as [string, string];
  const sides = new Map<string, number>();
  terms.split(',').forEach((term, i) => {
    [...term].forEach((letter, axis) => {
      const side = inputs[i]!.shape[axis]!;
      util.assert((sides.get(letter) ?? side) === side, () => `sides called ${letter} must agree in ${terms}.`);
      sides.set(letter, side);
    });
  });
  return [...result].map((letter) => sides.get(letter)!);
}
