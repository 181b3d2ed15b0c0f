import type { Emitter } from '../emitter.js';
import { type Attributes, NCHWC } from '../graphBuilder.js';
import type { KernelDefinition, Value } from './definition.js';
import { type Geometry, poolGeometry, windowAttributes } from './geometry.js';

/** Max and average pooling and their gradients. */
export function poolingKernels(): readonly KernelDefinition[] {
  return [
    {
      name: 'MaxPool',
      accepts: ({ inputs, attrs }) => inputs.x!.dtype === 'float32' && isFitting(poolGeometry(inputs.x!.shape, attrs)),
      infer: ({ inputs, attrs }) => [{ shape: poolGeometry(inputs.x!.shape, attrs).outputShape, dtype: 'float32' }],
      lower: ({ inputs, attrs, outputs }, graph) => {
        pool(graph, 'MaxPool', inputs.x!, poolGeometry(inputs.x!.shape, attrs), {}, outputs[0]!);
      },
    },
    {
      name: 'AvgPool',
      accepts: ({ inputs, attrs }) => inputs.x!.dtype === 'float32' && isFitting(poolGeometry(inputs.x!.shape, attrs)),
      infer: ({ inputs, attrs }) => [{ shape: poolGeometry(inputs.x!.shape, attrs).outputShape, dtype: 'float32' }],
      lower: ({ inputs, attrs, outputs }, graph) => {
        const geometry = poolGeometry(inputs.x!.shape, attrs);
        pool(graph, 'AveragePool', inputs.x!, geometry, { count_include_pad: 0 }, outputs[0]!);
      },
    },
    {
      name: 'MaxPoolGrad',
      accepts: ({ inputs, attrs }) => isFitting(poolGeometry(inputs.input!.shape, attrs)),
      infer: ({ inputs }) => [{ shape: inputs.input!.shape, dtype: 'float32' }],
      lower: ({ inputs, attrs, outputs }, graph) => {
        const { dy, input, output } = inputs as Record<'dy' | 'input' | 'output', Value>;
        const geometry = poolGeometry(input.shape, attrs);
        const view = viewOf(graph, input, geometry);
        const pooled = [view.open(output), view.open(dy)] as const;
        // The first of equal numbers takes it all.
        let free: string | undefined;
        const shares = view.taps(view.padded(input, Number.NEGATIVE_INFINITY)).map((tap) => {
          const equal = graph.op('Equal', [tap, pooled[0]]);
          const first = free === undefined ? equal : graph.op('And', [equal, free]);
          const others = graph.op('Not', [first]);
          free = free === undefined ? others : graph.op('And', [free, others]);
          return graph.op('Mul', [graph.op('Cast', [first], { to: FLOAT }), pooled[1]]);
        });
        view.close(shares, outputs[0]!);
      },
    },
    {
      name: 'AvgPoolGrad',
      accepts: ({ inputs, attrs }) => isFitting(poolGeometry(inputs.input!.shape, attrs)),
      infer: ({ inputs }) => [{ shape: inputs.input!.shape, dtype: 'float32' }],
      lower: ({ inputs, attrs, outputs }, graph) => {
        const { dy, input } = inputs as Record<'dy' | 'input', Value>;
        const geometry = poolGeometry(input.shape, attrs);
        const view = viewOf(graph, input, geometry);
        // As the CPU backend has it: over all taps of the window, those in the padding included.
        const taps = geometry.kernel[0] * geometry.kernel[1];
        const share = graph.op('Mul', [view.open(dy), graph.float(1 / taps)]);
        view.close(new Array<string>(taps).fill(share), outputs[0]!);
      },
    },
  ];
}

/** Number of `float32` among ONNX's types. */
const FLOAT = 1;

/** Whether ONNX Runtime takes the padding: less than the window. */
function isFitting({ kernel, dilations, before, after }: Geometry): boolean {
  return [0, 1].every((axis) => {
    const window = dilations[axis]! * (kernel[axis]! - 1) + 1;
    return before[axis]! < window && after[axis]! < window && before[axis]! >= 0 && after[axis]! >= 0;
  });
}

function pool(graph: Emitter, op: string, x: Value, geometry: Geometry, attributes: Attributes, output: Value): void {
  const all = { ...windowAttributes(geometry), ...attributes };
  // ONNX defines dilations of max-pooling only.
  if (op === 'AveragePool') delete (all as { dilations?: unknown }).dilations;
  if (graph.block > 0 && (x.shape[3]! >= graph.block || graph.has(x, 'blocked'))) {
    graph.define(output, graph.op(op, [graph.blocked(x)], all, NCHWC), 'blocked');
  } else {
    graph.define(output, graph.op(op, [graph.planes(x)], all), 'planes');
  }
}

/** A value as a stack of images `[images, height, width, depth]`, in blocks or as planes of depth 1. */
interface WindowView {
  /** A value of the result's size. */
  open(value: Value): string;
  /** A value of the input's size, with as much padding as the windows reach. */
  padded(value: Value, fill: number): string;
  /** What each tap of the windows sees, row by row. */
  taps(padded: string): string[];
  /** Adds what each tap gives to where it came from. */
  close(shares: readonly string[], output: Value): void;
}

function viewOf(graph: Emitter, input: Value, geometry: Geometry): WindowView {
  const { kernel, strides, dilations, before, inputSides, outputSides } = geometry;
  const [batch, , , channels] = input.shape as [number, number, number, number];
  const isBlocked = graph.block > 0 && (channels >= graph.block || graph.has(input, 'blocked'));
  const depth = isBlocked ? graph.block : 1;
  const images = isBlocked ? (batch * graph.filled(channels)) / graph.block : batch * channels;
  const open = (value: Value, sides: readonly number[]): string =>
    graph.reshape(isBlocked ? graph.blocked(value) : graph.planes(value), [images, ...sides, depth]);
  // So many cells of `strides` cover all that the windows reach; every tap then lies in one phase of the cells.
  const cells = [0, 1].map((a) => outputSides[a]! + Math.floor((dilations[a]! * (kernel[a]! - 1)) / strides[a]!));
  const reach = [0, 1].map((a) => cells[a]! * strides[a]!);
  const after = [0, 1].map((a) => reach[a]! - before[a]! - inputSides[a]!);
  const offsets = Array.from({ length: kernel[0] * kernel[1] }, (_, i) => [
    Math.floor(i / kernel[1]) * dilations[0],
    (i % kernel[1]) * dilations[1],
  ]);
  return {
    open: (value) => open(value, outputSides),
    padded: (value, fill) => {
      const whole = open(value, inputSides);
      if ([...before, ...after].every((pad) => pad === 0)) return whole;
      return graph.op('Pad', [whole, graph.ints(0, ...before, 0, 0, ...after, 0), graph.float(fill)]);
    },
    taps: (padded) =>
      offsets.map((offset) =>
        graph.op('Slice', [
          padded,
          graph.ints(...offset),
          graph.ints(...offset.map((start, a) => start + strides[a]! * (outputSides[a]! - 1) + 1)),
          graph.ints(1, 2),
          graph.ints(...strides),
        ]),
      ),
    close: (shares, output) => {
      // One sum for every phase, moved by whole cells; then the phases are woven.
      const phases: (string | undefined)[] = new Array(strides[0] * strides[1]).fill(undefined);
      shares.forEach((share, i) => {
        const [row, column] = offsets[i] as [number, number];
        const phase = (row % strides[0]) * strides[1] + (column % strides[1]);
        const starts = [Math.floor(row / strides[0]), Math.floor(column / strides[1])];
        const ends = starts.map((start, a) => cells[a]! - outputSides[a]! - start);
        const moved = [...starts, ...ends].every((pad) => pad === 0)
          ? share
          : graph.op('Pad', [share, graph.ints(0, ...starts, 0, 0, ...ends, 0)]);
        phases[phase] = phases[phase] === undefined ? moved : graph.op('Add', [phases[phase], moved]);
      });
      const zero = phases.includes(undefined)
        ? graph.op('Expand', [graph.float(0), graph.ints(images, cells[0]!, cells[1]!, depth)])
        : '';
      const rows = Array.from({ length: strides[0] }, (_, row) => {
        const parts = phases
          .slice(row * strides[1], (row + 1) * strides[1])
          .map((part) => graph.reshape(part ?? zero, [images * cells[0]!, cells[1]!, depth]));
        const joined = parts.length === 1 ? parts[0]! : graph.op('Concat', parts, { axis: 2 });
        return graph.reshape(joined, [images * cells[0]!, 1, reach[1]! * depth]);
      });
      let whole = rows.length === 1 ? rows[0]! : graph.op('Concat', rows, { axis: 1 });
      whole = graph.reshape(whole, [images, reach[0]!, reach[1]!, depth]);
      if ([...before, ...after].some((pad) => pad !== 0)) {
        whole = graph.op('Pad', [
          whole,
          graph.ints(0, ...before.map((pad) => -pad), 0, 0, ...after.map((pad) => -pad), 0),
        ]);
      }
      const filled = isBlocked ? graph.filled(channels) : channels;
      graph.define(
        output,
        graph.reshape(whole, [batch, filled, inputSides[0], inputSides[1]]),
        isBlocked ? 'blocked' : 'planes',
      );
    },
  };
}
