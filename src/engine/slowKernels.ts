import { findBackend } from '@tensorflow/tfjs-core';

/** A kernel that ran outside the fast path of the engine. */
export interface SlowKernel {
  /** Name of the TensorFlow.js kernel. */
  readonly name: string;
  /** How often it ran so. */
  readonly calls: number;
}

/** What the backend `onnx` tells of its kernels. */
export interface OnnxAbilities {
  /** Calls of kernels that ran on the CPU backend, by name. */
  readonly slowKernels?: ReadonlyMap<string, number>;
  /** Whether calls of a kernel always run there. */
  lacksLowering?(kernelName: string): boolean;
  /** Seconds spent on compiling graphs. */
  readonly compileSeconds?: number;
}

/** Seconds that an engine has spent on compiling graphs so far. */
export function compileSecondsOf(name: string): number {
  return name === 'onnx' ? ((findBackend(name) as OnnxAbilities | null)?.compileSeconds ?? 0) : 0;
}

/** The kernels that ran outside the fast path so far, the most frequent first. */
export function slowKernelsOf(name: string): SlowKernel[] {
  if (name !== 'onnx') return [];
  const { slowKernels = new Map<string, number>() } = (findBackend(name) ?? {}) as OnnxAbilities;
  return [...slowKernels].map(([kernel, calls]) => ({ name: kernel, calls })).sort((a, b) => b.calls - a.calls);
}

/** Whether an engine runs a kernel far below its speed, as far as known. */
export function isSlow(name: string, kernel: string): boolean {
  if (name === 'onnx') return (findBackend(name) as OnnxAbilities | null)?.lacksLowering?.(kernel) ?? false;
  if (name === 'wasm') return SLOW_ON_WASM.includes(kernel);
  return name === 'cpu' && SLOW_ON_CPU.includes(kernel);
}

/**
 * Below 3 GFLOP/s, where convolutions reach 20 to 56, or above 20 ns a number, where an addition takes 2.5 (2 cores of
 * a Xeon, a million numbers). `BatchMatMul` is so only with a transposed operand, as its own gradient has it.
 */
const SLOW_ON_WASM: readonly string[] = [
  'BatchMatMul',
  'BatchToSpaceND',
  'Conv3D',
  'Conv3DBackpropFilterV2',
  'Conv3DBackpropInputV2',
  'DepthToSpace',
  'Dilation2D',
  'GatherV2',
  'Mod',
  'Reverse',
  'SpaceToBatchND',
  'StridedSlice',
];

/** Below 1 GFLOP/s; the gradients of convolutions below 0.1. */
const SLOW_ON_CPU: readonly string[] = [
  'BatchMatMul',
  'Conv2D',
  'Conv2DBackpropFilter',
  'Conv2DBackpropInput',
  'Conv3D',
  'Conv3DBackpropFilterV2',
  'Conv3DBackpropInputV2',
  'DepthwiseConv2dNative',
  'DepthwiseConv2dNativeBackpropFilter',
  'DepthwiseConv2dNativeBackpropInput',
  'FusedConv2D',
  'FusedDepthwiseConv2D',
  '_FusedMatMul',
];
