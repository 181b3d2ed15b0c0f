/**
 * Times the kernels of training on the wasm backend, and training steps of small U-Nets: `npx tsx
 * bench/engine/wasm-kernels.ts`. `x stock` is how many times faster than the kernel that came with the backend, where
 * there is one. Where `python3` has PyTorch (PYTHON names another interpreter), the same work there stands beside it, on
 * one thread, like wasm in Node.
 */
import { spawnSync } from 'node:child_process';
import {
  backend,
  cast,
  dispose,
  getKernel,
  greater,
  type KernelConfig,
  memory,
  randomNormal,
  randomUniform,
  type Scalar,
  type Tensor,
  type TensorInfo,
  train,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { useEngine } from '../../src/engine/index.js';
import { makeUnet, segmentationLoss } from '../../test/engine/network.js';

/** Height = width, channels in and out, filter size, stride; always one image. */
const shapes = [
  [256, 16, 16, 3, 1],
  [256, 64, 64, 3, 1],
  [64, 128, 128, 3, 1],
  [16, 256, 256, 3, 1],
  [256, 16, 32, 3, 2],
  [256, 16, 16, 1, 1],
  [64, 64, 128, 1, 1],
] as const;
const sizes = [64, 128, 256] as const;
const base = 16;
const batch = 4;

/** The same convolutions, and the network of test/engine/network.ts, in PyTorch. */
const PYTHON = `
import json, sys, time
try:
    import torch
except ImportError as error:
    print(json.dumps({"missing": str(error)})); sys.exit()
import torch.nn.functional as F
from torch import nn
torch.set_num_threads(1)
def timed(work, repeats):
    work(); times = []
    for _ in range(repeats):
        start = time.perf_counter(); work(); times.append(time.perf_counter() - start)
    return min(times) * 1000
result = {}
for h, ci, co, k, s in ${JSON.stringify(shapes)}:
    for groups in (1, ci):
        x = torch.randn(1, ci, h, h, requires_grad=True)
        out = co if groups == 1 else ci
        w = torch.randn(out, ci // groups, k, k, requires_grad=True)
        run = lambda: F.conv2d(x, w, stride=s, padding=k // 2, groups=groups)
        y = run(); dy = torch.randn_like(y)
        key = f"{h} {ci} {co} {k} {s} {'dense' if groups == 1 else 'depthwise'}"
        with torch.no_grad(): result[key + " forward"] = timed(run, 5)
        for name, leaf in (("input", x), ("filter", w)):
            result[key + " " + name] = timed(lambda: torch.autograd.grad(y, leaf, dy, retain_graph=True), 5)
class Unet(nn.Module):
    def __init__(self, b):
        super().__init__()
        dense = lambda i, o, k=3, s=1: nn.Conv2d(i, o, k, s, k // 2)
        normal = lambda i, o, k=3, s=1: nn.Sequential(dense(i, o, k, s), nn.BatchNorm2d(o), nn.ReLU())
        depth = lambda i: nn.Conv2d(i, i, 3, 1, 1, groups=i, bias=False)
        self.a = normal(1, b)
        self.b = nn.Sequential(nn.MaxPool2d(2), depth(b), normal(b, 2 * b, 1))
        self.c = nn.Sequential(normal(2 * b, 3 * b, 3, 2), nn.Upsample(scale_factor=2))
        self.d = nn.Sequential(depth(5 * b), normal(5 * b, 2 * b, 1), nn.ConvTranspose2d(2 * b, b, 2, 2))
        self.e = nn.Sequential(normal(2 * b, b), dense(b, 1, 1))
    def forward(self, x):
        first = self.a(x); second = self.b(first)
        return self.e(torch.cat([first, self.d(torch.cat([second, self.c(second)], 1))], 1))
for size in ${JSON.stringify(sizes)}:
    net = Unet(${base}); optimizer = torch.optim.Adam(net.parameters(), 1e-3)
    x = torch.rand(${batch}, 1, size, size); t = (torch.rand_like(x) > 0.7).float()
    def step():
        z = net(x); p = torch.sigmoid(z)
        entropy = F.softplus(z) - z * t
        loss = 1 - (2 * (p * t).sum() + 1) / (p.sum() + t.sum() + 1) + ((1 - torch.exp(-entropy)) ** 2 * entropy).mean()
        optimizer.zero_grad(); loss.backward(); optimizer.step()
    result[f"step {size}"] = timed(step, 5)
print(json.dumps({"version": torch.__version__, "times": result}))
`;

interface Peer {
  readonly version?: string;
  readonly missing?: string;
  readonly times?: Readonly<Record<string, number>>;
}

function askPeer(): Peer {
  const run = spawnSync(process.env.PYTHON ?? '/usr/bin/python3', ['-c', PYTHON], { encoding: 'utf8' });
  if (run.error) return { missing: run.error.message };
  if (run.status !== 0) return { missing: run.stderr.trim().split('\n').at(-1) ?? 'python3 fails' };
  return JSON.parse(run.stdout) as Peer;
}

/** The fastest of some runs, in milliseconds. */
function fastest(work: () => void, repeats = 5): number {
  work();
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

function timeKernel(
  kernel: KernelConfig,
  inputs: Readonly<Record<string, Tensor>>,
  attrs: object,
  repeats = 5,
): number {
  return fastest(() => {
    const output = kernel.kernelFunc({ inputs: { ...inputs }, attrs: { ...attrs }, backend: backend() });
    for (const { dataId } of [output].flat() as TensorInfo[]) backend().disposeData(dataId);
  }, repeats);
}

/** The kernel that came with the backend, where ours took its place. */
function stockOf(kernel: KernelConfig): KernelConfig | undefined {
  return (kernel as KernelConfig & { readonly stock?: KernelConfig }).stock;
}

function print(cells: readonly string[]): void {
  console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(34) : cell.padStart(11))).join(''));
}

function compare(
  name: string,
  ms: number,
  rate: string,
  stockMs: number | undefined,
  peerMs: number | undefined,
): void {
  const stock = stockMs === undefined ? 'none' : `${(stockMs / ms).toFixed(1)} x`;
  print([name, `${ms.toFixed(2)} ms`, rate, stock, peerMs === undefined ? '' : `${peerMs.toFixed(2)} ms`]);
}

function convolutions(peer: Peer): void {
  for (const [size, channels, filters, side, stride] of shapes) {
    for (const kind of ['dense', 'depthwise'] as const) {
      const key = `${size} ${channels} ${filters} ${side} ${stride} ${kind}`;
      const dense = kind === 'dense';
      const outChannels = dense ? filters : channels;
      const filterShape: [number, number, number, number] = [side, side, channels, dense ? filters : 1];
      const outSize = Math.ceil(size / stride);
      const x = randomNormal([1, size, size, channels]);
      const filter = randomNormal(filterShape);
      const dy = randomNormal([1, outSize, outSize, outChannels]);
      const flop = 2 * outSize ** 2 * outChannels * side ** 2 * (dense ? channels : 1);
      const attrs = { strides: [stride, stride], pad: 'same', dataFormat: 'NHWC', dilations: [1, 1] };
      const [forward, input, gradient] = dense
        ? ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter']
        : ['DepthwiseConv2dNative', 'DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'];
      const passes = [
        ['forward', forward, { x, filter }, attrs],
        ['input', input, { dy, filter }, { ...attrs, inputShape: x.shape }],
        ['filter', gradient, { x, dy }, { ...attrs, filterShape }],
      ] as const;
      for (const [pass, name, inputs, options] of passes) {
        const kernel = getKernel(name!, 'wasm');
        const stock = pass === 'forward' ? undefined : stockOf(kernel);
        const ms = timeKernel(kernel, inputs, options);
        const stockMs = stock && timeKernel(stock, inputs, options, 1);
        compare(`${key} ${pass}`, ms, (flop / ms / 1e6).toFixed(1), stockMs, peer.times?.[`${key} ${pass}`]);
      }
      dispose([x, filter, dy]);
    }
  }
}

/** Kernels that move memory: the rate is that of the largest operand, read or written once. */
function elementwise(): void {
  const x = randomNormal([4, 128, 128, 16]);
  const channel = randomNormal([16]);
  const half = randomNormal([4, 64, 64, 16]);
  const both = randomNormal([4, 128, 128, 32]);
  const flags = { filterSize: [2, 2], strides: [2, 2], pad: 'valid' };
  const kernels: [name: string, inputs: Readonly<Record<string, Tensor>>, attrs: object][] = [
    ['Sum', { x }, { axis: [0, 1, 2], keepDims: false }],
    ['Mean', { x }, { axis: [1, 2], keepDims: true }],
    ['Multiply', { a: x, b: channel }, {}],
    ['Sub', { a: channel, b: x }, {}],
    ['Greater', { a: x, b: channel }, {}],
    [
      'FusedBatchNorm',
      { x, mean: channel, variance: channel, scale: channel, offset: channel },
      { varianceEpsilon: 9 },
    ],
    ['Tile', { x: channel }, { reps: [1 << 16] }],
    ['Identity', { x }, {}],
    ['SplitV', { x: both }, { numOrSizeSplits: [16, 16], axis: 3 }],
    ['MaxPoolGrad', { dy: half, input: x, output: half }, flags],
    ['ResizeNearestNeighborGrad', { images: half, dy: x }, { alignCorners: false, halfPixelCenters: false }],
    ['ResizeBilinearGrad', { images: half, dy: x }, { alignCorners: false, halfPixelCenters: true }],
  ];
  for (const [name, inputs, attrs] of kernels) {
    const kernel = getKernel(name, 'wasm');
    const stock = stockOf(kernel);
    const ms = timeKernel(kernel, inputs, attrs);
    const stockMs = stock && timeKernel(stock, inputs, attrs, 1);
    const bytes = name === 'SplitV' ? 4 * both.size : 4 * x.size;
    compare(name, ms, `${(bytes / ms / 1e6).toFixed(1)} GB/s`, stockMs, undefined);
  }
  dispose([x, channel, half, both]);
}

function steps(peer: Peer): void {
  for (const size of sizes) {
    const network = makeUnet({ size, base, seed: 1, up: 'nearest' });
    const optimizer = train.adam(1e-3);
    const variables = network.trainableWeights.map((weight) => weight.read() as Variable);
    const images = randomUniform([batch, size, size, 1]);
    const noise = randomUniform([batch, size, size, 1]);
    const flags = greater(noise, 0.7);
    const target = cast(flags, 'float32');
    const step = () => {
      const loss = () => segmentationLoss(target, network.apply(images, { training: true }) as Tensor) as Scalar;
      const { value, grads } = variableGrads(loss, variables);
      optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
      value.dataSync();
      dispose([value, ...Object.values(grads)]);
    };
    step();
    const before = memory().numTensors;
    const ms = fastest(step);
    const leaked = memory().numTensors - before;
    compare(`step, ${batch} x ${size} x ${size}`, ms, `leaks ${leaked}`, undefined, peer.times?.[`step ${size}`]);
    optimizer.dispose();
    network.dispose();
    dispose([images, noise, flags, target]);
  }
}

const engine = await useEngine('wasm', { training: true });
const peer = askPeer();
console.log(`${engine.name}: ${engine.reason}; Node ${process.version}`);
if (peer.missing) {
  console.log(`PyTorch is missing (${peer.missing}): apt-get install python3-torch, or PYTHON=/path/to/python.`);
} else {
  console.log(`PyTorch ${peer.version} on one thread`);
}
print(['side, in, out, filter, stride', 'time', 'GFLOP/s', 'x stock', 'PyTorch']);
convolutions(peer);
print(['4 x 128 x 128 x 16', 'time', 'rate', 'x stock', '']);
elementwise();
print([`U-Net, base ${base}`, 'time', '', '', 'PyTorch']);
steps(peer);
