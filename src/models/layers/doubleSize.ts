import {
  avgPool,
  customGrad,
  depthwiseConv2d,
  image,
  mirrorPad,
  mul,
  outerProduct,
  reshape,
  type Tensor4D,
  tensor1d,
  tile,
} from '@tensorflow/tfjs-core';

/** How {@link doubleSize} fills in. */
export type Interpolation = 'nearest' | 'bilinear';

/** The transpose of bilinear doubling: a 4 x 4 filter at every second pixel of the gradient with its edge repeated. */
function halveBilinear(upstream: Tensor4D): Tensor4D {
  const channels = upstream.shape[3];
  const taps = tensor1d([0.25, 0.75, 0.75, 0.25]);
  const filter = tile(reshape(outerProduct(taps, taps), [4, 4, 1, 1]), [1, 1, channels, 1]) as Tensor4D;
  const edge: [number, number] = [1, 1];
  return depthwiseConv2d(mirrorPad(upstream, [[0, 0], edge, edge, [0, 0]], 'symmetric'), filter, 2, 'valid');
}

/**
 * Returns `x` at twice the height and width, as PyTorch's `interpolate(scale_factor=2)` without `align_corners`:
 * pixels are squares, sampled at their centres. The gradient is the exact transpose (the stock bilinear one is that of
 * another grid).
 */
export function doubleSize(x: Tensor4D, interpolation: Interpolation): Tensor4D {
  const size: [number, number] = [x.shape[1] * 2, x.shape[2] * 2];
  return customGrad<Tensor4D>((...args) => {
    const input = args[0] as Tensor4D;
    if (interpolation === 'nearest') {
      return {
        value: image.resizeNearestNeighbor(input, size),
        gradFunc: (upstream: Tensor4D) => mul<Tensor4D>(avgPool(upstream, 2, 2, 'valid'), 4),
      };
    }
    return { value: image.resizeBilinear(input, size, false, true), gradFunc: halveBilinear };
  })(x);
}
