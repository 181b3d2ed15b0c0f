import type { Emitter } from '../emitter.js';
import type { KernelDefinition, Value } from './definition.js';

/** Resizing to the nearest neighbour and bilinearly, and the gradients. */
export function resizeKernels(): readonly KernelDefinition[] {
  const forward = (name: string, linear: boolean): KernelDefinition => ({
    name,
    accepts: ({ inputs }) => inputs.images!.dtype !== 'bool',
    infer: ({ inputs, attrs }) => {
      const [batch, , , channels] = inputs.images!.shape;
      const [height, width] = attrs.size as [number, number];
      return [{ shape: [batch!, height, width, channels!], dtype: linear ? 'float32' : inputs.images!.dtype }];
    },
    lower: ({ inputs, attrs, outputs }, graph) => {
      const images = inputs.images!;
      const grid = { alignCorners: attrs.alignCorners === true, halfPixelCenters: attrs.halfPixelCenters === true };
      if (linear) interpolate(graph, images, outputs[0]!, grid);
      else if (growth(images, outputs[0]!, grid) === undefined) pickNearest(graph, images, outputs[0]!, grid);
      else repeat(graph, images, outputs[0]!);
    },
  });
  const gradient = (name: string, linear: boolean): KernelDefinition => ({
    name,
    accepts: ({ inputs }) => inputs.dy!.dtype === 'float32',
    infer: ({ inputs }) => [{ shape: inputs.images!.shape, dtype: 'float32' }],
    lower: ({ inputs, attrs, outputs }, graph) => {
      const { dy, images } = inputs as Record<'dy' | 'images', Value>;
      const [batch, height, width, channels] = images.shape as [number, number, number, number];
      const sides = [height, width] as const;
      const [rows, columns] = [0, 1].map((axis) => {
        const side = dy.shape[axis + 1]!;
        const weights = weightsAlong(sides[axis]!, side, linear, attrs.alignCorners === true);
        return graph.floats(weights, [side, sides[axis]!]);
      });
      // [batch, channels, H, W]: rows^T dy columns.
      const flat = graph.reshape(graph.planes(dy), [batch * channels, dy.shape[1]!, dy.shape[2]!]);
      const across = graph.op('MatMul', [flat, columns!]);
      const turned = graph.op('Transpose', [rows!], { perm: [1, 0] });
      const down = graph.op('MatMul', [turned, across]);
      graph.define(outputs[0]!, graph.reshape(down, [batch, channels, height, width]), 'planes');
    },
  });
  return [
    forward('ResizeNearestNeighbor', false),
    forward('ResizeBilinear', true),
    gradient('ResizeNearestNeighborGrad', false),
    gradient('ResizeBilinearGrad', true),
  ];
}

/** Where output pixels lie among input pixels: see the kernels of TensorFlow.js. */
interface Grid {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** By how much both sides grow, where that is a whole number and pixels are repeated. */
function growth({ shape }: Value, { shape: larger }: Value, { alignCorners }: Grid): readonly number[] | undefined {
  const factors = [1, 2].map((axis) => larger[axis]! / shape[axis]!);
  return !alignCorners && factors.every(Number.isInteger) ? factors : undefined;
}

/** Every pixel beside itself, then every row below itself: copies of whole runs. */
function repeat(graph: Emitter, images: Value, output: Value): void {
  const [batch, height, width, channels] = images.shape as [number, number, number, number];
  const [down, across] = [output.shape[1]! / height, output.shape[2]! / width];
  const isBlocked = graph.block > 0 && (graph.has(images, 'blocked') || channels >= graph.block);
  if (graph.block === 0 || (!isBlocked && !graph.has(images, 'plain'))) {
    const scales = graph.floats(Float32Array.of(1, 1, down, across), [4]);
    const planes = graph.op('Resize', [graph.planes(images), '', scales], {
      mode: 'nearest',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    });
    graph.define(output, planes, 'planes');
    return;
  }
  const depth = isBlocked ? graph.block : channels;
  const filled = isBlocked ? graph.filled(channels) : channels;
  const stack = isBlocked ? (batch * filled) / depth : batch;
  const times = (name: string, count: number, axis: number): string =>
    count === 1 ? name : graph.op('Concat', new Array<string>(count).fill(name), { axis });
  const pixels = graph.reshape(isBlocked ? graph.blocked(images) : graph.plain(images), [stack * height, width, depth]);
  const wide = times(pixels, across, 2);
  const rows = graph.reshape(wide, [stack * height, 1, across * width * depth]);
  const tall = times(rows, down, 1);
  const shape = isBlocked ? [batch, filled, down * height, across * width] : output.shape;
  graph.define(output, graph.reshape(tall, shape), isBlocked ? 'blocked' : 'plain');
}

/** Rows and columns by their numbers, which ONNX's own rounding could miss by one. */
function pickNearest(graph: Emitter, images: Value, output: Value, { alignCorners, halfPixelCenters }: Grid): void {
  let name = graph.plain(images);
  for (const axis of [1, 2]) {
    const [from, to] = [images.shape[axis]!, output.shape[axis]!];
    const corners = alignCorners && to > 1;
    const ratio = (corners ? from - 1 : from) / (corners ? to - 1 : to);
    const indices = Array.from({ length: to }, (_, i) => {
      const position = ratio * (halfPixelCenters ? i + 0.5 : i);
      return Math.max(0, Math.min(from - 1, alignCorners ? Math.round(position) : Math.floor(position)));
    });
    name = graph.op('Gather', [name, graph.ints(...indices)], { axis });
  }
  graph.define(output, name);
}

function interpolate(graph: Emitter, images: Value, output: Value, { alignCorners, halfPixelCenters }: Grid): void {
  const [, height, width] = images.shape as [number, number, number, number];
  const [batch, tall, wide, channels] = output.shape as [number, number, number, number];
  const planes = graph.planes(images);
  const source = images.dtype === 'float32' ? planes : graph.op('Cast', [planes], { to: 1 });
  const whole = tall % height === 0 && wide % width === 0;
  const size = whole
    ? ['', graph.floats(Float32Array.of(1, 1, tall / height, wide / width), [4])]
    : ['', '', graph.ints(batch, channels, tall, wide)];
  const resized = graph.op('Resize', [source, ...size], {
    mode: 'linear',
    coordinate_transformation_mode: alignCorners ? 'align_corners' : halfPixelCenters ? 'half_pixel' : 'asymmetric',
  });
  graph.define(output, resized, 'planes');
}

/**
 * How much of each input pixel is in each output pixel along one axis, `[output, input]`, by the rules of the kernels of
 * TensorFlow.js' gradients (which know no half-pixel centres).
 */
function weightsAlong(input: number, output: number, linear: boolean, alignCorners: boolean): Float32Array {
  const corners = alignCorners && output > 1;
  const ratio = corners ? (input - 1) / (output - 1) : input / output;
  const weights = new Float32Array(output * input);
  for (let i = 0; i < output; i++) {
    const position = i * ratio;
    if (linear) {
      const low = Math.floor(position);
      const high = Math.min(Math.ceil(position), input - 1);
      weights[i * input + low]! += 1 - (position - low);
      weights[i * input + high]! += position - low;
    } else {
      const nearest = alignCorners ? Math.round(position) : Math.floor(position);
      weights[i * input + Math.min(nearest, input - 1)]! += 1;
    }
  }
  return weights;
}
