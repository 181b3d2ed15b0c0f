import type { Emitter } from '../emitter.js';
import { NCHWC } from '../graphBuilder.js';
import { isPlainConvolution } from './convolution.js';
import type { KernelDefinition, Value } from './definition.js';
import { filterGradient } from './filterGradient.js';
import { blockedFilter, flipTaps } from './filters.js';
import { convolutionGeometry, type Geometry } from './geometry.js';
import { interleave } from './interleave.js';

/** Gradients of convolutions; that of the input is the transposed convolution too. */
export function convolutionGradientKernels(): readonly KernelDefinition[] {
  return [
    {
      name: 'Conv2DBackpropInput',
      accepts: ({ inputs, attrs }) =>
        isPlainConvolution(
          { shape: attrs.inputShape as number[], dtype: inputs.dy!.dtype },
          inputs.filter!,
          attrs.dataFormat,
        ),
      infer: ({ attrs }) => [{ shape: attrs.inputShape as number[], dtype: 'float32' }],
      lower: ({ inputs, attrs, outputs }, graph) => {
        const geometry = convolutionGeometry(attrs.inputShape as number[], inputs.filter!.shape, attrs);
        inputGradient(graph, inputs.dy!, inputs.filter!, geometry, outputs[0]!);
      },
    },
    {
      name: 'Conv2DBackpropFilter',
      accepts: ({ inputs, attrs }) =>
        isPlainConvolution(
          inputs.x!,
          { shape: attrs.filterShape as number[], dtype: inputs.dy!.dtype },
          attrs.dataFormat,
        ),
      infer: ({ attrs }) => [{ shape: attrs.filterShape as number[], dtype: 'float32' }],
      lower: ({ inputs, attrs, outputs }, graph) => {
        const geometry = convolutionGeometry(inputs.x!.shape, attrs.filterShape as number[], attrs);
        filterGradient(graph, inputs.x!, inputs.dy!, geometry, outputs[0]!);
      },
    },
  ];
}

function inputGradient(graph: Emitter, dy: Value, filter: Value, geometry: Geometry, output: Value): void {
  const phases = graph.block === 0 ? undefined : phasesOf(geometry);
  if (phases === undefined) transposed(graph, dy, filter, geometry, output);
  else phased(graph, dy, filter, geometry, phases, output);
}

/** As an ONNX `ConvTranspose` of planes: any geometry, an order of magnitude slower than blocks. */
function transposed(graph: Emitter, dy: Value, filter: Value, geometry: Geometry, output: Value): void {
  const { kernel, strides, dilations, before, after, inputSides, outputSides } = geometry;
  const missing = [0, 1].map((axis) => {
    const reach =
      strides[axis]! * (outputSides[axis]! - 1) +
      dilations[axis]! * (kernel[axis]! - 1) +
      1 -
      before[axis]! -
      after[axis]!;
    return inputSides[axis]! - reach;
  });
  const attributes = {
    kernel_shape: kernel,
    strides,
    dilations,
    // Padding behind that no tap reaches adds nothing; what is missing behind is 0.
    pads: [...before, ...after.map((pad, axis) => pad - Math.max(missing[axis]!, 0))],
  };
  const weights = graph.op('Transpose', [graph.plain(filter)], { perm: [3, 2, 0, 1] });
  let planes: string;
  if (attributes.pads.every((pad) => pad >= 0) && missing.every((side) => side >= 0)) {
    planes = graph.op('ConvTranspose', [graph.planes(dy), weights], attributes);
  } else {
    // All that the taps reach, then the part that is asked for, with zeros where no tap reaches.
    const whole = graph.op('ConvTranspose', [graph.planes(dy), weights], { kernel_shape: kernel, strides, dilations });
    const ends = [0, 1].map((axis) => {
      const reach = strides[axis]! * (outputSides[axis]! - 1) + dilations[axis]! * (kernel[axis]! - 1) + 1;
      return inputSides[axis]! + before[axis]! - reach;
    });
    planes = graph.op('Pad', [whole, graph.ints(0, 0, -before[0], -before[1], 0, 0, ends[0]!, ends[1]!)]);
  }
  graph.define(output, planes, 'planes');
}

/** How the taps of a strided convolution fall on the phases of its input, along one axis. */
interface Phases {
  /** For each phase, for each tap of the dense convolution over dy: the tap of the filter, -1 for none. */
  readonly taps: readonly (readonly number[])[];
  readonly before: number;
  readonly after: number;
}

/**
 * The gradient at pixel s m + a of the input is a convolution of dy with those taps k of the filter for which
 * s m + a + p - k is a multiple of the stride s: for each phase a another dense convolution at dy's own size.
 */
function phasesAlong(geometry: Geometry, axis: 0 | 1): Phases | undefined {
  const [kernel, stride, dilation] = [geometry.kernel[axis], geometry.strides[axis], geometry.dilations[axis]];
  if (dilation > 1 && stride > 1) return undefined;
  const pad = geometry.before[axis];
  const reaches = Array.from({ length: stride }, (_, phase) => {
    const reach: { tap: number; offset: number }[] = [];
    for (let tap = 0; tap < kernel; tap++) {
      const distance = phase + pad - tap * dilation;
      if (distance % stride === 0) reach.push({ tap, offset: distance / stride });
    }
    return reach;
  });
  const offsets = reaches.flat().map(({ offset }) => offset);
  const [first, last] = [Math.min(...offsets), Math.max(...offsets)];
  const rows = Math.ceil(geometry.inputSides[axis] / stride);
  const after = rows - 1 + last - (geometry.outputSides[axis] - 1);
  if (first > 0 || after < 0) return undefined;
  const step = stride === 1 ? dilation : 1;
  const taps = reaches.map((reach) => {
    const list = new Array<number>((last - first) / step + 1).fill(-1);
    for (const { tap, offset } of reach) list[(offset - first) / step] = tap;
    return list;
  });
  return { taps, before: -first, after };
}

function phasesOf(geometry: Geometry): readonly [Phases, Phases] | undefined {
  const rows = phasesAlong(geometry, 0);
  const columns = phasesAlong(geometry, 1);
  return rows && columns && [rows, columns];
}

function phased(
  graph: Emitter,
  dy: Value,
  filter: Value,
  { kernel, strides, dilations, inputSides }: Geometry,
  [rows, columns]: readonly [Phases, Phases],
  output: Value,
): void {
  const [batch] = output.shape as [number, number, number, number];
  const [, , channels, outputs] = filter.shape as [number, number, number, number];
  const filled = graph.filled(channels);
  const taps = kernel[0] * kernel[1];
  // [taps, outputs, channels], and a last tap of zeros.
  let weights = graph.reshape(graph.plain(filter), [taps, channels, outputs]);
  weights = graph.op('Transpose', [weights], { perm: [0, 2, 1] });
  const dense: readonly [number, number] = [rows.taps[0]!.length, columns.taps[0]!.length];
  const phases = strides[0] * strides[1];
  if (phases === 1) {
    weights = flipTaps(graph, weights, taps, [outputs, channels]);
  } else {
    weights = graph.op('Pad', [weights, graph.ints(0, 0, 0, 1, 0, filled - channels)]);
    const order: number[] = [];
    for (let i = 0; i < dense[0]; i++) {
      for (let j = 0; j < dense[1]; j++) {
        for (const row of rows.taps) {
          for (const column of columns.taps) {
            const [a, b] = [row[i]!, column[j]!];
            order.push(a < 0 || b < 0 ? taps : a * kernel[1] + b);
          }
        }
      }
    }
    // [dense taps, phases, outputs, channels] -> [dense taps, outputs, phases x channels]
    weights = graph.op('Gather', [weights, graph.ints(...order)], { axis: 0 });
    weights = graph.reshape(weights, [dense[0] * dense[1], phases, outputs, filled]);
    weights = graph.op('Transpose', [weights], { perm: [0, 2, 1, 3] });
  }
  const made = phases === 1 ? channels : phases * filled;
  const isBlocked = outputs >= graph.block || graph.has(dy, 'blocked');
  const packed = blockedFilter(graph, weights, [dense[0], dense[1], outputs, made], isBlocked);
  const sums = graph.op(
    'Conv',
    [isBlocked ? graph.blocked(dy) : graph.planes(dy), packed],
    {
      kernel_shape: dense,
      strides: [1, 1],
      dilations: [strides[0] === 1 ? dilations[0] : 1, strides[1] === 1 ? dilations[1] : 1],
      pads: [rows.before, columns.before, rows.after, columns.after],
    },
    NCHWC,
  );
  const sides: readonly [number, number] = [
    Math.ceil(inputSides[0] / strides[0]),
    Math.ceil(inputSides[1] / strides[1]),
  ];
  const woven = phases === 1 ? sums : interleave(graph, sums, { batch, filled, strides, sides, inputSides });
  graph.define(output, woven, 'blocked');
}
