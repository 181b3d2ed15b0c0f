import type { Runtime, SessionSettings } from './binding.js';
import type { BufferPool } from './bufferPool.js';
import { type Plan, structureOf } from './compile.js';
import type { CpuKernels } from './cpuKernels.js';
import { Program } from './program.js';
import { ProgramCache } from './programCache.js';
import { reshapeKernel } from './reshapeKernel.js';

/** Settings of the backend `onnx`. */
export interface OnnxBackendOptions {
  /** Threads of every session. */
  readonly threads: number;
  /** Channels of a block of ONNX Runtime's NCHWc layout on this machine, 0 where it has none. */
  readonly block: number;
  /** Whether ONNX Runtime can be kept from copying results, see `stopPort`. */
  readonly stops: boolean;
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
  /** The same where a scope within the outermost one begins, as for batches of a prediction. @defaultValue 1024 */
  readonly loopLimit?: number;
  /** The same where gradients are taken. @defaultValue 16,384 */
  readonly gradientLimit?: number;
  /** Changes to the settings of sessions, for measurements. */
  readonly settings?: Partial<SessionSettings>;
  /** Told about every program that is made: how many calls it holds, and the milliseconds that it took. */
  readonly onCompile?: (calls: number, milliseconds: number) => void;
}

/** Runs what was recorded: as a program, made where there is none of that structure yet, or by hand where it is little. */
export class PlanRunner {
  readonly #runtime: Runtime;
  readonly #cpu: CpuKernels;
  readonly #pool: BufferPool;
  readonly #options: OnnxBackendOptions;
  readonly #programs: ProgramCache;
  #compileSeconds = 0;

  constructor(runtime: Runtime, cpu: CpuKernels, pool: BufferPool, options: OnnxBackendOptions) {
    this.#runtime = runtime;
    this.#cpu = cpu;
    this.#pool = pool;
    this.#options = options;
    this.#programs = new ProgramCache(options.cacheSize ?? 64);
  }

  /** Seconds spent on making programs. */
  get compileSeconds(): number {
    return this.#compileSeconds;
  }

  /** Programs held. */
  get programs(): number {
    return this.#programs.size;
  }

  /** Runs a plan and gives its outputs their numbers. */
  run(plan: Plan): void {
    if (this.#isTiny(plan)) {
      this.#interpret(plan);
      return;
    }
    const structure = structureOf(plan);
    let program = this.#programs.get(structure);
    if (program === undefined) {
      const start = performance.now();
      program = new Program(this.#runtime, plan, this.#options.block, this.#options.stops, {
        intraOpNumThreads: this.#options.threads,
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
    for (const { definition, asCalled, outputs } of calls) {
      const { inputs, attrs } = asCalled;
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

  /** Lets go of all programs. */
  clear(): void {
    this.#programs.clear();
  }
}
