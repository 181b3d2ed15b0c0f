import type { StateLayout } from './layers/stateTensor.js';

type SpatialLayout = Exclude<StateLayout, 'vector' | 'linear'>;

/** Axes of PyTorch's shape in the order of TensorFlow.js: `axes[i]` is PyTorch's axis of TensorFlow.js's axis i. */
function torchAxes(layout: SpatialLayout): readonly [number, number, number, number] {
  switch (layout) {
    case 'convolution':
      return [2, 3, 1, 0];
    case 'depthwise':
      // Height, width, channels, 1 against channels, 1, height, width.
      return [2, 3, 0, 1];
    case 'transposed':
      return [2, 3, 1, 0];
  }
}

/** Returns PyTorch's shape of a weight of TensorFlow.js. */
export function torchShape(shape: readonly number[], layout: StateLayout): number[] {
  if (layout === 'vector') return [...shape];
  if (layout === 'linear') return [...shape].reverse();
  const result = [0, 0, 0, 0];
  torchAxes(layout).forEach((axis, i) => {
    result[axis] = shape[i]!;
  });
  return result;
}

/** Strides in PyTorch's memory of the axes of TensorFlow.js. */
function strides(shape: readonly number[], layout: SpatialLayout): readonly number[] {
  const torch = torchShape(shape, layout);
  const steps = [torch[1]! * torch[2]! * torch[3]!, torch[2]! * torch[3]!, torch[3]!, 1];
  return torchAxes(layout).map((axis) => steps[axis]!);
}

type Direction = 'fromTorch' | 'toTorch';

function permuted(
  values: Float32Array,
  shape: readonly number[],
  layout: SpatialLayout,
  direction: Direction,
): Float32Array {
  const [s0, s1, s2, s3] = strides(shape, layout) as [number, number, number, number];
  const [n0, n1, n2, n3] = shape as [number, number, number, number];
  const result = new Float32Array(values.length);
  let own = 0;
  for (let i = 0; i < n0; i++) {
    for (let j = 0; j < n1; j++) {
      for (let k = 0; k < n2; k++) {
        let torch = i * s0 + j * s1 + k * s2;
        if (direction === 'fromTorch') for (let l = 0; l < n3; l++, torch += s3) result[own++] = values[torch]!;
        else for (let l = 0; l < n3; l++, torch += s3) result[torch] = values[own++]!;
      }
    }
  }
  return result;
}

/** Returns PyTorch's values in the layout of TensorFlow.js; `shape` is that of TensorFlow.js. */
export function fromTorch(values: Float32Array, shape: readonly number[], layout: StateLayout): Float32Array {
  if (layout === 'vector') return values;
  // A linear layer is a convolution of one pixel.
  if (layout === 'linear') return permuted(values, [1, 1, ...shape], 'convolution', 'fromTorch');
  return permuted(values, shape, layout, 'fromTorch');
}

/** Returns values of TensorFlow.js in PyTorch's layout; `shape` is that of TensorFlow.js. */
export function toTorch(values: Float32Array, shape: readonly number[], layout: StateLayout): Float32Array {
  if (layout === 'vector') return values;
  if (layout === 'linear') return permuted(values, [1, 1, ...shape], 'convolution', 'toTorch');
  return permuted(values, shape, layout, 'toTorch');
}
