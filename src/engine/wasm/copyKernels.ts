import {
  backend_util,
  Cast,
  type CastAttrs,
  Concat,
  type ConcatAttrs,
  Identity,
  type NamedAttrMap,
  Slice,
  type SliceAttrs,
  SplitV,
  type SplitVAttrs,
  slice_util,
  type Tensor,
  type TensorInfo,
  Tile,
  type TileAttrs,
  util,
} from '@tensorflow/tfjs-core';
import { addressOf, type KernelFunctions, type WasmBackend } from './backend.js';
import type { KernelCall, WasmKernel } from './registerKernels.js';

/** Copies that need not be made, and others at the speed of memory. */
export function copyKernels(functions: KernelFunctions): WasmKernel[] {
  return [
    { name: Identity, run: ({ inputs, backend }) => refer(backend, inputs.x!) },
    { name: Cast, run: cast },
    { name: Tile, run: tile },
    { name: Concat, run: (call) => concat(functions, call) },
    { name: Slice, run: (call) => slice(functions, call) },
    { name: SplitV, run: (call) => split(functions, call) },
  ];
}

/** The same data once more: nothing writes into the data of a tensor. */
function refer(backend: WasmBackend, { dataId, shape, dtype }: TensorInfo): TensorInfo {
  backend.incRef(dataId);
  return { dataId, shape, dtype };
}

function cast({ inputs, attrs, backend, stock }: KernelCall): TensorInfo | TensorInfo[] {
  const x = inputs.x!;
  const { dtype } = attrs as NamedAttrMap & CastAttrs;
  if (dtype === x.dtype) return refer(backend, x);
  if (dtype !== 'bool' || !hasWords(x)) return stock();
  // The kernel of the backend keeps the low byte, so that 256 and 0.5 would be false and 3 neither.
  const out = backend.makeOutput(x.shape, dtype);
  const size = util.sizeFromShape(x.shape);
  const memory = backend.wasm.HEAPU8.buffer;
  const from =
    x.dtype === 'int32'
      ? new Int32Array(memory, addressOf(backend, x), size)
      : new Float32Array(memory, addressOf(backend, x), size);
  const to = new Uint8Array(backend.wasm.HEAPU8.buffer, addressOf(backend, out), size);
  for (let i = 0; i < size; i++) to[i] = from[i] === 0 ? 0 : 1;
  return out;
}

/** Repeats along one axis after the other, from the last to the first. */
function tile({ inputs, attrs, backend, stock }: KernelCall): TensorInfo | TensorInfo[] {
  const x = inputs.x!;
  const { reps } = attrs as NamedAttrMap & TileAttrs;
  const shape = x.shape.map((side, axis) => side * reps[axis]!);
  if (!hasWords(x) || reps.length !== x.shape.length || util.sizeFromShape(shape) === 0) return stock();
  let out = refer(backend, x);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const block = x.shape[axis]! * util.sizeFromShape(shape.slice(axis + 1));
    let times = reps[axis]!;
    // To repeat along an axis of one is to repeat what lies inside it.
    while (axis > 0 && x.shape[axis - 1] === 1) times *= reps[--axis]!;
    if (times === 1) continue;
    const next = backend.makeOutput([...x.shape.slice(0, axis), ...shape.slice(axis)], x.dtype);
    const sizes = { outer: util.sizeFromShape(x.shape.slice(0, axis)), block, times };
    repeatBlocks(backend, addressOf(backend, out) / 4, addressOf(backend, next) / 4, sizes);
    backend.disposeData(out.dataId);
    out = next;
  }
  return { ...out, shape };
}

/** Whether the elements are numbers of four bytes. */
function hasWords({ dtype }: TensorInfo): boolean {
  return dtype === 'float32' || dtype === 'int32';
}

/** Writes each of `outer` blocks `times` times; positions and sizes in words of four bytes. */
function repeatBlocks(
  { wasm }: WasmBackend,
  from: number,
  to: number,
  { outer, block, times }: { readonly outer: number; readonly block: number; readonly times: number },
): void {
  const words = new Int32Array(wasm.HEAPU8.buffer);
  const whole = block * times;
  for (let i = 0; i < outer; i++) {
    const [source, target] = [from + i * block, to + i * whole];
    if (block === 1 && whole < 64) {
      const word = words[source]!;
      for (let j = 0; j < whole; j++) words[target + j] = word;
    } else {
      words.copyWithin(target, source, source + block);
      for (let filled = block; filled < whole; filled *= 2) {
        words.copyWithin(target + filled, target, target + Math.min(filled, whole - filled));
      }
    }
  }
}

interface Rows {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly columns: number;
  /** Words from one row to the next. */
  readonly fromStep: number;
  readonly toStep: number;
}

/** Copies a matrix of words; `from` and `to` are addresses in bytes. */
function copyRows(functions: KernelFunctions, { wasm }: WasmBackend, matrix: Rows): void {
  const { from, to, rows, columns, fromStep, toStep } = matrix;
  if (columns < 256) {
    functions.copyRows!(from, to, rows, columns, 4 * fromStep, 4 * toStep);
    return;
  }
  for (let row = 0; row < rows; row++) {
    const source = from + 4 * row * fromStep;
    wasm.HEAPU8.copyWithin(to + 4 * row * toStep, source, source + 4 * columns);
  }
}

/** The part `start .. start + size` along one axis. */
function cut(
  functions: KernelFunctions,
  backend: WasmBackend,
  x: TensorInfo,
  { axis, start, size }: { readonly axis: number; readonly start: number; readonly size: number },
): TensorInfo {
  const out = backend.makeOutput(
    x.shape.map((side, i) => (i === axis ? size : side)),
    x.dtype,
  );
  const inner = util.sizeFromShape(x.shape.slice(axis + 1));
  copyRows(functions, backend, {
    from: addressOf(backend, x) + 4 * start * inner,
    to: addressOf(backend, out),
    rows: util.sizeFromShape(x.shape.slice(0, axis)),
    columns: size * inner,
    fromStep: x.shape[axis]! * inner,
    toStep: size * inner,
  });
  return out;
}

function slice(functions: KernelFunctions, { inputs, attrs, backend, stock }: KernelCall): TensorInfo | TensorInfo[] {
  const x = inputs.x!;
  const options = attrs as NamedAttrMap & SliceAttrs;
  const [begin, size] = slice_util.parseSliceParams(x as Tensor, options.begin, options.size) as [number[], number[]];
  const cuts = x.shape.map((_, axis) => axis).filter((axis) => size[axis] !== x.shape[axis]);
  const axis = cuts[0];
  if (!hasWords(x) || cuts.length > 1 || util.sizeFromShape(size) === 0) return stock();
  if (axis === undefined) return refer(backend, x);
  return cut(functions, backend, x, { axis, start: begin[axis]!, size: size[axis]! });
}

function split(functions: KernelFunctions, { inputs, attrs, backend, stock }: KernelCall): TensorInfo | TensorInfo[] {
  const x = inputs.x!;
  const options = attrs as NamedAttrMap & SplitVAttrs;
  const axis = util.parseAxisParam(options.axis, x.shape)[0]!;
  const sizes = backend_util.prepareSplitSize(x as Tensor, options.numOrSizeSplits, axis);
  if (!hasWords(x) || util.sizeFromShape(x.shape) === 0 || sizes.includes(0)) return stock();
  let start = 0;
  return sizes.map((size) => {
    start += size;
    return cut(functions, backend, x, { axis, start: start - size, size });
  });
}

function concat(functions: KernelFunctions, { inputs, attrs, backend, stock }: KernelCall): TensorInfo | TensorInfo[] {
  const parts = Object.values(inputs) as TensorInfo[];
  const first = parts[0]!;
  const axis = util.parseAxisParam((attrs as NamedAttrMap & ConcatAttrs).axis, first.shape)[0]!;
  const shapes = parts.map(({ shape }) => shape);
  if (!parts.every(hasWords) || shapes.some((shape) => util.sizeFromShape(shape) === 0)) return stock();
  backend_util.assertParamsConsistent(shapes, axis);
  const shape = backend_util.computeOutShape(shapes, axis);
  const out = backend.makeOutput(shape, first.dtype);
  const inner = util.sizeFromShape(shape.slice(axis + 1));
  const rows = util.sizeFromShape(shape.slice(0, axis));
  let offset = 0;
  for (const part of parts) {
    const columns = part.shape[axis]! * inner;
    copyRows(functions, backend, {
      from: addressOf(backend, part),
      to: addressOf(backend, out) + 4 * offset,
      rows,
      columns,
      fromStep: columns,
      toStep: shape[axis]! * inner,
    });
    offset += columns;
  }
  return out;
}
