import {
  type BackendValues,
  type DataId,
  DataStorage,
  type DataType,
  type engine,
  type KernelBackend,
  KernelBackend as KernelBackendBase,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { EngineError } from '../../core/errors.js';
import { isSupported, type KernelDefinition } from '../../onnx/kernels/definition.js';
import type { Runtime, SessionSettings } from './binding.js';
import { BufferPool } from './bufferPool.js';
import { type Plan, planRun, structureOf } from './compile.js';
import type { CpuKernels } from './cpuKernels.js';
import { copyNumbers, Entry, type PendingCall } from './entry.js';
import { Program } from './program.js';
import { ProgramCache } from './programCache.js';
import { reshapeKernel } from './reshapeKernel.js';

/** Settings of an {@link OnnxBackend}. */
export interface OnnxBackendOptions {
  /** Threads of every session. */
  readonly threads: number;
  /** Channels of a block of ONNX Runtime's NCHWc layout on this machine, 0 where it has none. */
  readonly block: number;
  /** Programs kept. @defaultValue 64 */
  readonly cacheSize?: number;
  /**
   * Work of up to so many numbers in all is done at once by the kernels of the CPU backend, which takes less time than
   * making a session. @defaultValue 512
   */
  readonly interpretUpTo?: number;
  /**
   * Recorded calls after which they run when the next outermost `tidy` begins, even though nobody has read a result:
   * the steps of `LayersModel.fit`, which reads losses now and then only, so become graphs of one step each.
   * @defaultValue 256
   */
  readonly stepLimit?: number;
  /** Changes to the settings of sessions, for measurements. */
  readonly settings?: Partial<SessionSettings>;
  /** Told about every program that is made: how many calls it holds, and the milliseconds that it took. */
  readonly onCompile?: (calls: number, milliseconds: number) => void;
}

/**
 * A TensorFlow.js backend whose kernels record what is to be done. When a value is read, all that is pending and still
 * referenced is lowered to one ONNX graph and run by ONNX Runtime; the graph is kept for the next time that the same
 * calls come with the same shapes. Numbers, constants too, travel as inputs, so that they may differ.
 */
export class OnnxBackend extends KernelBackendBase implements KernelBackend {
  readonly threads: number;
  readonly block: number;
  readonly data: DataStorage<Entry>;
  readonly #runtime: Runtime;
  readonly #cpu: CpuKernels;
  readonly #options: OnnxBackendOptions;
  readonly #programs: ProgramCache;
  readonly #pool = new BufferPool();
  readonly #slow = new Map<string, number>();
  readonly #engine: TensorEngine;
  /** The outermost scope of the last call. */
  #scope: number | undefined;
  #compileSeconds = 0;
  #pending: PendingCall[] = [];
  /** Disposed while calls that take them may be pending. */
  #retired: Entry[] = [];

  constructor(runtime: Runtime, cpu: CpuKernels, engine: TensorEngine, options: OnnxBackendOptions) {
    super();
    this.#engine = engine;
    this.#runtime = runtime;
    this.#cpu = cpu;
    this.#options = options;
    this.threads = options.threads;
    this.block = options.block;
    this.data = new DataStorage(this, engine);
    this.#programs = new ProgramCache(options.cacheSize ?? 64);
  }

  /** Calls of kernels that were not part of a graph but ran on the CPU backend, by name. */
  get slowKernels(): ReadonlyMap<string, number> {
    return this.#slow;
  }

  /** Seconds spent on making programs. */
  get compileSeconds(): number {
    return this.#compileSeconds;
  }

  /** Programs held. */
  get programs(): number {
    return this.#programs.size;
  }

  /** Records a call of a kernel, or runs it on the CPU backend where it cannot be lowered. */
  call(definition: KernelDefinition, inputs: NamedTensorInfoMap, attrs: NamedAttrMap): TensorInfo[] {
    this.#flushStep();
    const taken: Record<string, Entry> = {};
    for (const [name, info] of Object.entries(inputs)) {
      if (info !== undefined && info !== null) taken[name] = requireSound(this.entryOf(info as TensorInfo));
    }
    const known = { inputs: taken, attrs };
    const lowered =
      Object.values(taken).every((entry) => isSupported(entry) && entry.size > 0) &&
      (definition.accepts?.(known) ?? true);
    if (!lowered) return this.runOnCpu(definition.name, inputs, attrs);
    const fixed = this.#takeNumbers(definition, taken, attrs);
    const outputs = definition
      .infer({ inputs: taken, attrs: fixed })
      .map(({ shape, dtype }) => new Entry(shape, dtype));
    if (outputs.some((entry) => entry.size === 0 || !isSupported(entry))) {
      return this.runOnCpu(definition.name, inputs, attrs);
    }
    return this.#record(definition, taken, fixed, outputs).map((entry) => this.#publish(entry));
  }

  /** Runs what was recorded in the outermost scope before this one, where that was much. */
  #flushStep(): void {
    const scope = this.#engine.state.scopeStack[0]?.id;
    if (scope === this.#scope) return;
    this.#scope = scope;
    if (this.#pending.length >= (this.#options.stepLimit ?? 256)) this.flush();
  }

  /** Turns the attributes that are numbers of this call alone into inputs. */
  #takeNumbers({ numbers }: KernelDefinition, inputs: Record<string, Entry>, attrs: NamedAttrMap): NamedAttrMap {
    if (numbers === undefined) return attrs;
    const rest: NamedAttrMap = { ...attrs };
    for (const name of numbers) {
      const entry = new Entry([], 'float32');
      entry.data = Float32Array.of(attrs[name] as number);
      inputs[name] = entry;
      delete rest[name];
    }
    return rest;
  }

  #record(
    definition: KernelDefinition,
    inputs: Record<string, Entry>,
    attrs: NamedAttrMap,
    outputs: Entry[],
  ): readonly Entry[] {
    let signature = `${definition.name}${JSON.stringify(attrs, plainly)}`;
    for (const name in inputs) signature += `,${name}`;
    for (const { shape, dtype } of outputs) signature += `>${dtype}[${shape}]`;
    const call: PendingCall = { definition, inputs, attrs, outputs, signature };
    for (const entry of outputs) entry.call = call;
    this.#pending.push(call);
    return outputs;
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
    this.#record(reshapeKernel, { x: entry }, { shape: [...shape] }, [view]);
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
      if (plan.outputs.length > 0) this.#run(plan);
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

  #run(plan: Plan): void {
    if (this.#isTiny(plan)) {
      this.#interpret(plan);
      return;
    }
    const structure = structureOf(plan);
    let program = this.#programs.get(structure);
    if (program === undefined) {
      const start = performance.now();
      program = new Program(this.#runtime, plan, this.block, {
        intraOpNumThreads: this.threads,
        graphOptimizationLevel: 'basic',
        ...this.#options.settings,
      });
      this.#programs.set(structure, program);
      const milliseconds = performance.now() - start;
      this.#compileSeconds += milliseconds / 1000;
      this.#options.onCompile?.(plan.calls.length, milliseconds);
    }
    program.run(plan, this.#pool);
  }

  #isTiny({ calls, inputs }: Plan): boolean {
    const limit = this.#options.interpretUpTo ?? 512;
    let size = 0;
    for (const entry of inputs) size += entry.size;
    for (const { outputs, definition } of calls) {
      if (definition !== reshapeKernel && !this.#cpu.has(definition.name)) return false;
      for (const entry of outputs) size += entry.size;
      if (size > limit) return false;
    }
    return size <= limit;
  }

  #interpret({ calls }: Plan): void {
    for (const { definition, inputs, attrs, outputs } of calls) {
      if (definition === reshapeKernel) {
        outputs[0]!.data = inputs.x!.data!.slice();
        continue;
      }
      const results = this.#cpu.run(definition.name, inputs, attrs);
      results.forEach(({ data }, i) => {
        outputs[i]!.data = data;
      });
    }
  }

  /** Runs a kernel of the CPU backend on the numbers, after all that is pending. */
  runOnCpu(name: string, inputs: NamedTensorInfoMap, attrs: NamedAttrMap): TensorInfo[] {
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
    if (waited || size > (this.#options.interpretUpTo ?? 512)) this.#slow.set(name, (this.#slow.get(name) ?? 0) + 1);
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
    if (isSupported(entry)) entry.data = copyNumbers(values, entry.size, dtype);
    else entry.foreign = this.#cpu.write(values, shape, dtype);
    this.data.set(dataId, entry);
  }

  override readSync(dataId: DataId): BackendValues {
    const entry = this.data.get(dataId);
    if (entry.foreign) return this.#cpu.read(entry.foreign);
    this.#materialize(entry);
    entry.exposed = true;
    return entry.data as BackendValues;
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
    this.#programs.clear();
    this.#pool.clear();
  }
}

/** Passes on an entry whose numbers are there or can be had. */
function requireSound(entry: Entry): Entry {
  if (entry.failure === undefined) return entry;
  const reason = entry.failure instanceof Error ? entry.failure.message.split('\n')[0] : String(entry.failure);
  throw new EngineError(`This tensor has no values, since the computation that was to give them failed: ${reason}`);
}

/** The engine of TensorFlow.js, which moves data between backends and knows the scopes of `tidy`. */
type TensorEngine = ReturnType<typeof engine>;

/** Numbers that JSON does not know still tell graphs apart. */
function plainly(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
