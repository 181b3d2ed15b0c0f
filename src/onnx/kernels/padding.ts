import { MirrorPad, type NamedAttrMap, PadV2 } from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import { isSameShape } from './broadcast.js';
import { type KernelCall, type KernelDefinition, numberOf, type Value, varyNumbers } from './definition.js';
import { axisIn, commonLayout, defineIn, type FullLayout, isFilledUp, nameIn, sidesIn } from './layouts.js';
import { sliced } from './slices.js';

type Pair = readonly [before: number, after: number];

/** A tensor with a rim. */
export function paddingKernels(): readonly KernelDefinition[] {
  return [
    {
      name: PadV2,
      infer: padded,
      vary: ({ inputs, attrs }) =>
        attrs.constantValue === 0 ? undefined : varyNumbers(attrs, ['constantValue'], inputs.x!.dtype),
      lower: (call, graph) => {
        const { inputs, attrs, outputs } = call;
        const { dtype } = inputs.x!;
        lowerPadding(graph, inputs.x!, outputs[0]!, attrs, attrs.constantValue === 0, (name, pads) =>
          graph.op('Pad', [name, pads, numberOf(graph, call, 'constantValue', dtype)]),
        );
      },
    },
    {
      name: MirrorPad,
      infer: padded,
      lower: ({ inputs, attrs, outputs }, graph) => {
        const repeatsRim = attrs.mode === 'symmetric';
        lowerPadding(graph, inputs.x!, outputs[0]!, attrs, true, (name, pads, sides, pairs) => {
          if (!repeatsRim) return graph.op('Pad', [name, pads], { mode: 'reflect' });
          return pairs.reduce((result, pair, axis) => mirrored(graph, result, axis, sides[axis]!, pair), name);
        });
      },
    },
  ];
}

function padded({ inputs, attrs }: KernelCall): Value[] {
  const { shape, dtype } = inputs.x!;
  const pairs = attrs.paddings as readonly Pair[];
  return [{ shape: shape.map((side, axis) => pairs[axis]![0] + side + pairs[axis]![1]), dtype }];
}

function lowerPadding(
  graph: Emitter,
  x: Value,
  output: Value,
  { paddings }: NamedAttrMap,
  addsZeros: boolean,
  pad: (name: string, pads: string, sides: readonly number[], pairs: readonly Pair[]) => string,
): void {
  if (isSameShape(x.shape, output.shape)) {
    graph.alias(output, x);
    return;
  }
  const pairs = paddings as readonly Pair[];
  const layout = padLayout(graph, x, pairs, addsZeros);
  const sides = sidesIn(graph, x.shape, layout);
  const inLayout = sides.map((): Pair => [0, 0]);
  for (const [axis, pair] of pairs.entries()) inLayout[axisIn(axis, layout)] = pair;
  const pads = graph.ints(...inLayout.map(([before]) => before), ...inLayout.map(([, after]) => after));
  defineIn(graph, output, pad(nameIn(graph, x, layout), pads, sides, inLayout), layout);
}

function padLayout(graph: Emitter, x: Value, pairs: readonly Pair[], addsZeros: boolean): FullLayout {
  const layout = commonLayout(graph, [x]);
  if (layout !== 'blocked') return layout;
  const [before, after] = pairs[3]!;
  const keepsZeros = before + after === 0 && (addsZeros || !isFilledUp(graph, x.shape));
  return keepsZeros ? layout : 'planes';
}

/** Adds the mirror images of both ends of an axis, the outermost numbers included; ONNX mirrors without them only. */
function mirrored(graph: Emitter, name: string, axis: number, side: number, [before, after]: Pair): string {
  const parts = [name];
  if (before > 0) parts.unshift(sliced(graph, name, [{ axis, start: before - 1, end: -side - 1, step: -1 }]));
  if (after > 0) parts.push(sliced(graph, name, [{ axis, start: side - 1, end: side - 1 - after - side, step: -1 }]));
  return parts.length === 1 ? name : graph.op('Concat', parts, { axis });
}
