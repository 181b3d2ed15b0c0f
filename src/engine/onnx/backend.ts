import {
  type BackendValues,
  type DataId,
  DataStorage,
  type DataType,
  type KernelBackend,
  KernelBackend as KernelBackendBase,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { EngineError } from '../../core/errors.js';
import { isSupported, type KernelDefinition, type Varying } from '../../onnx/kernels/definition.js';
import type { Runtime } from './binding.js';
import { BufferPool } from './bufferPool.js';
import { planRun } from './compile.js';
import type { CpuKernels } from './cpuKernels.js';
import { copyNumbers, Entry, type PendingCall } from './entry.js';
import { type OnnxBackendOptions, PlanRunner } from './planRunner.js';
import { reshapeKernel } from './reshapeKernel.js';
import { StepBreaks, type TensorEngine } from './stepBreaks.js';

/**
 * A TensorFlow.js backend whose kernels record what is to be done. When a value is read, all that is pending and still
 * referenced is lowered to one ONNX graph and run by ONNX Runtime; the graph is kept for the next time that the same
 * calls come with the same shapes. Numbers, constants too, travel as inputs, so that they may differ.
 */
export class OnnxBackend extends KernelBackendBase implements KernelBackend {
  readonly threads: number;
  readonly block: number;
  readonly data: DataStorage<Entry>;
  readonly #cpu: CpuKernels;
  readonly #options: OnnxBackendOptions;
  readonly #pool = new BufferPool();
  readonly #runner: PlanRunner;
  readonly #slow = new Map<string, number>();
  readonly #breaks: StepBreaks;
  #pending: PendingCall[] = [];
  /** Disposed while calls that take them may be pending. */
  #retired: Entry[] = [];

  constructor(runtime: Runtime, cpu: CpuKernels, engine: TensorEngine, options: OnnxBackendOptions) {
    super();
    this.#breaks = new StepBreaks(engine, {
      outermost: options.stepLimit ?? 256,
      within: options.loopLimit ?? 1024,
      gradients: options.gradientLimit ?? 16_384,
    });
    this.#cpu = cpu;
    this.#options = options;
    this.threads = options.threads;
    this.block = options.block;
    this.data = new DataStorage(this, engine);
    this.#runner = new PlanRunner(runtime, cpu, this.#pool, options);
  }

  /** Calls of kernels that were not part of a graph but ran on the CPU backend, by name. */
  get slowKernels(): ReadonlyMap<string, number> {
    return this.#slow;
  }

  /** Seconds spent on making programs. */
  get compileSeconds(): number {
    return this.#runner.compileSeconds;
  }

  /** Programs held. */
  get programs(): number {
    return this.#runner.programs;
  }

  /** Records a call of a kernel, or runs it on the CPU backend where it cannot be lowered. */
  call(definition: KernelDefinition, inputs: NamedTensorInfoMap, attrs: NamedAttrMap): TensorInfo[] {
    if (this.#breaks.isBefore(this.#pending.length)) this.flush();
    const taken: Record<string, Entry> = {};
    for (const [name, info] of Object.entries(inputs)) {
      if (info !== undefined && info !== null) taken[name] = requireSound(this.entryOf(info as TensorInfo));
    }
    const known = { inputs: taken, attrs };
    const lowered =
      Object.values(taken).every((entry) => isSupported(entry) && entry.size > 0) &&
      (definition.accepts?.(known) ?? true);
    if (!lowered || definition.isImmediate) return this.runOnCpu(definition.name, inputs, attrs, lowered);
    const outputs = definition.infer(known).map(({ shape, dtype }) => new Entry(shape, dtype));
    if (outputs.some((entry) => entry.size === 0 || !isSupported(entry))) {
      return this.runOnCpu(definition.name, inputs, attrs);
    }
    const varying = definition.vary?.(known, (value) => (value as Entry).call === undefined);
    const inputsOfGraph = varying ? { ...taken, ...entriesOf(varying) } : taken;
    const call = { definition, inputs: inputsOfGraph, attrs: varying?.attrs ?? attrs, outputs, asCalled: known };
    this.#record(call);
    return outputs.map((entry) => this.#publish(entry));
  }

  #record({ definition, inputs, attrs, outputs, asCalled }: Omit<PendingCall, 'signature'>): void {
    let signature = `${definition.name}${JSON.stringify(attrs, plainly)}`;
    for (const name in inputs) signature += `,${name}`;
    for (const { shape, dtype } of outputs) signature += `>${dtype}[${shape}]`;
    const call: PendingCall = { definition, inputs, attrs, outputs, asCalled, signature };
    for (const entry of outputs) entry.call = call;
    this.#pending.push(call);
  }

  #publish(entry: Entry): TensorInfo {
    const dataId: DataId = {};
    this.data.set(dataId, entry);
    return { dataId, shape: [...entry.shape], dtype: entry.dtype };
  }

  /** The data of a tensor, in the tensor's shape. */
  entryOf({ dataId, shape, dtype }: TensorInfo): Entry {
    const entry = this.data.get(dataId);
    if (entry.shape.length === shape.length && shape.every((side, axis) => side === entry.shape[axis])) return entry;
    const key = shape.join();
    const known = entry.views?.get(key);
    if (known) return known;
    const view = new Entry(shape, dtype);
    view.refs = 0;
    view.failure = entry.failure;
    if (entry.foreign || view.size === 0) {
      view.data = entry.data;
      view.foreign = entry.foreign;
      return view;
    }
    const call = { inputs: { x: entry }, attrs: { shape: [...shape] } };
    this.#record({ ...call, definition: reshapeKernel, outputs: [view], asCalled: call });
    entry.views ??= new Map();
    entry.views.set(key, view);
    return view;
  }

  /** Runs everything that is pending and still referenced. */
  flush(): void {
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#pending = [];
    try {
      const plan = planRun(pending);
      if (plan.outputs.length > 0) this.#runner.run(plan);
    } catch (error) {
      for (const { outputs } of pending) {
        for (const entry of outputs) if (!entry.data) entry.failure = error;
      }
      throw error;
    } finally {
      for (const call of pending) {
        for (const entry of Object.values(call.inputs)) entry.views = undefined;
        for (const entry of call.outputs) entry.call = undefined;
      }
      for (const { data } of this.#retired) if (data) this.#pool.give(data);
      this.#retired = [];
      this.#pool.age();
    }
  }

  /** Runs a kernel of the CPU backend on the numbers, after all that is pending; counts it unless that is as it should be. */
  runOnCpu(name: string, inputs: NamedTensorInfoMap, attrs: NamedAttrMap, isIntended = false): TensorInfo[] {
    if (!this.#cpu.has(name)) throw new EngineError(`The engine onnx has no kernel ${name}, nor has the CPU backend.`);
    const taken: Record<string, Entry> = {};
    let size = 0;
    let waited = false;
    for (const [key, info] of Object.entries(inputs)) {
      if (info === undefined || info === null) continue;
      const entry = this.entryOf(info as TensorInfo);
      waited ||= entry.call !== undefined;
      this.#materialize(entry);
      taken[key] = entry;
      size += entry.size;
    }
    const results = this.#cpu.run(name, taken, attrs, Array.isArray(inputs));
    for (const { size: made } of results) size += made;
    const isLarge = waited || size > (this.#options.interpretUpTo ?? 512);
    if (isLarge && !isIntended) this.#slow.set(name, (this.#slow.get(name) ?? 0) + 1);
    return results.map((entry) => this.#publish(entry));
  }

  #materialize(entry: Entry): void {
    requireSound(entry);
    if (!entry.call) return;
    // A view has no reference of its own.
    entry.refs++;
    try {
      this.flush();
    } finally {
      entry.refs--;
    }
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    const dataId: DataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(dataId: DataId, values: BackendValues, shape: number[], dtype: DataType, refCount: number): void {
    const entry = new Entry(shape, dtype);
    entry.refs = refCount;
    if (isSupported(entry)) entry.data = this.#pool.copy(values, entry.size, dtype);
    else entry.foreign = this.#cpu.write(values, shape, dtype);
    this.data.set(dataId, entry);
  }

  override readSync(dataId: DataId): BackendValues {
    const values = this.peekSync(dataId);
    this.data.get(dataId).exposed = true;
    return values;
  }

  /** As `readSync`, for a look (`losses/peek.ts`): the memory is used again once the tensor is disposed. */
  peekSync(dataId: DataId): BackendValues {
    const entry = this.data.get(dataId);
    if (entry.foreign) return this.#cpu.read(entry.foreign);
    this.#materialize(entry);
    return entry.data as BackendValues;
  }

  /** Whether the numbers of a tensor are there, and wait for no run. */
  holds(dataId: DataId): boolean {
    const { data, call } = this.data.get(dataId);
    return data !== undefined && call === undefined;
  }

  override async read(dataId: DataId): Promise<BackendValues> {
    return this.readSync(dataId);
  }

  override disposeData(dataId: DataId, force = false): boolean {
    if (!this.data.has(dataId)) return true;
    const entry = this.data.get(dataId);
    entry.refs--;
    if (!force && entry.refs > 0) return false;
    entry.refs = 0;
    this.data.delete(dataId);
    if (entry.foreign) this.#cpu.free(entry.foreign);
    else if (entry.data && !entry.exposed) {
      if (this.#pending.length > 0) this.#retired.push(entry);
      else this.#pool.give(entry.data);
    }
    return true;
  }

  override refCount(dataId: DataId): number {
    return this.data.has(dataId) ? this.data.get(dataId).refs : 0;
  }

  override incRef(dataId: DataId): void {
    this.data.get(dataId).refs++;
  }

  override numDataIds(): number {
    return this.data.numDataIds();
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override async time(run: () => void): Promise<{ kernelMs: number }> {
    const start = performance.now();
    run();
    this.flush();
    return { kernelMs: performance.now() - start };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return true;
  }

  override dispose(): void {
    this.#pending = [];
    this.#retired = [];
    this.#runner.clear();
    this.#pool.clear();
  }
}

/** Passes on an entry whose numbers are there or can be had. */
function requireSound(entry: Entry): Entry {
  if (entry.failure === undefined) return entry;
  const reason = entry.failure instanceof Error ? entry.failure.message.split('\n')[0] : String(entry.failure);
  throw new EngineError(`This tensor has no values, since the computation that was to give them failed: ${reason}`);
}

/** The numbers that vary from call to call. */
function entriesOf({ inputs }: Varying): Record<string, Entry> {
  const made = Object.entries(inputs).map(([name, { shape, dtype, values }]) => {
    const entry = new Entry(shape, dtype);
    entry.data = copyNumbers(values as unknown as BackendValues, entry.size, dtype);
    return [name, entry] as const;
  });
  return Object.fromEntries(made);
}

/** Numbers that JSON does not know still tell graphs apart. */
function plainly(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
