import { tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireKnownOptions, show } from '../core/check.js';
import { FormatError } from '../core/errors.js';
import { guardOf } from './guardOf.js';
import type { StateTensor } from './layers/stateTensor.js';
import { requireModel } from './requireModel.js';
import { readSafetensors, type StoredTensor, toCounts, toFloats } from './safetensors.js';
import { fromTorch, torchShape } from './stateLayout.js';
import { statefulLayers } from './stateTensors.js';

/** Options of {@link loadStateDict}. */
export interface LoadStateDictOptions {
  /**
   * Whether every name must fit. Otherwise what fits is loaded and the rest reported. @defaultValue true
   */
  readonly strict?: boolean;
  /**
   * What to put before each name of the file: `'encoder.'` for the weights of a torchvision or timm encoder. Only the
   * weights of the model that begin with it are then asked for.
   */
  readonly prefix?: string;
  /**
   * What a name of the file is called here, before the prefix is put in front; undefined passes over it.
   */
  readonly rename?: (name: string) => string | undefined;
  /**
   * Whether weights of the first convolution that were made for another number of channels are adapted as SMP does it:
   * summed for one channel, else repeated in turn and scaled so that their sum stays. @defaultValue false
   */
  readonly adaptFirstConvolution?: boolean;
}

/** What {@link loadStateDict} did. */
export interface LoadReport {
  /** Names loaded, as the model has them. */
  readonly loaded: readonly string[];
  /** Of these, names that the network does not use: kept, to be saved again. */
  readonly idle: readonly string[];
  /** Of these, the first convolution, where it was adapted to another number of channels. */
  readonly adapted: readonly string[];
  /** Names of the file that were passed over: the classifier of an encoder, and what `rename` left out. */
  readonly ignored: readonly string[];
  /** Names of the model that the file lacks; they keep their weights. */
  readonly missing: readonly string[];
  /** Names of the file (with `prefix`) that the model lacks. */
  readonly unexpected: readonly string[];
  /** Names whose shapes differ; they keep their weights. */
  readonly mismatched: readonly {
    /** Name as the model has it. */
    readonly name: string;
    /** Shape in PyTorch's layout that the model asks for. */
    readonly expected: readonly number[];
    /** Shape in the file. */
    readonly got: readonly number[];
  }[];
}

interface Change {
  readonly entry: StateTensor;
  readonly values: Float32Array;
}

type Report = { -readonly [Key in keyof LoadReport]: LoadReport[Key][number][] };

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((side, axis) => side === b[axis]);
}

/** The count that `num_batches_tracked` holds. */
function countOf(name: string, stored: StoredTensor): number {
  const counts = toCounts(stored);
  const [count = -1] = counts;
  if (counts.length !== 1 || !Number.isSafeInteger(count) || count < 0) {
    throw new FormatError(
      `tensor "${name}" must hold one count of 0 or more, got ${counts.length === 1 ? count : `${counts.length} values`}.`,
    );
  }
  return count;
}

/** Weights `[out, in, height, width]` for another number of input channels, as SMP's `patch_first_conv` makes them. */
function adaptChannels(values: Float32Array, [out, from, height, width]: readonly number[], to: number): Float32Array {
  const area = height! * width!;
  const result = new Float32Array(out! * to * area);
  for (let o = 0; o < out!; o++) {
    for (let i = 0; i < to; i++) {
      for (let at = 0; at < area; at++) {
        const source = o * from! * area + at;
        let value = 0;
        if (to === 1) for (let c = 0; c < from!; c++) value += values[source + c * area]!;
        else value = (values[source + (i % from!) * area]! * from!) / to;
        result[(o * to + i) * area + at] = value;
      }
    }
  }
  return result;
}

function finiteValues(name: string, stored: StoredTensor): Float32Array {
  if (stored.dtype === 'I64' || stored.dtype === 'I32') {
    throw new FormatError(`tensor "${name}" must hold floats, F64, F32, F16 or BF16, got ${stored.dtype}.`);
  }
  const values = toFloats(stored);
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new FormatError(`tensor "${name}" must hold finite numbers, got ${values[i]} at index ${i}.`);
  }
  return values;
}

function complaint({ missing, unexpected, mismatched }: LoadReport): string {
  const list = (names: readonly string[]): string =>
    names.length > 6 ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more` : names.join(', ');
  const parts: string[] = [];
  if (missing.length > 0) parts.push(`missing: ${list(missing)}`);
  if (unexpected.length > 0) parts.push(`unexpected: ${list(unexpected)}`);
  if (mismatched.length > 0) {
    const shapes = mismatched.map(
      ({ name, expected, got }) => `${name} must have shape [${expected.join(', ')}], got [${got.join(', ')}]`,
    );
    parts.push(`mis-shaped: ${list(shapes)}`);
  }
  return `the state dict must fit the model; ${parts.join('; ')}.`;
}

/**
 * Loads a safetensors file of PyTorch weights (F32, F64, F16 or BF16) into a model and returns a report. Either all of
 * it is loaded or, where anything throws, nothing is changed. `num_batches_tracked` may be there or not, and so may what
 * SMP's networks hold and never use; the latter is kept, so that `saveSafetensors` writes it again. An encoder of
 * torchvision is loaded with `prefix: 'encoder.'`; its classifier (`fc.weight`) is passed over.
 *
 * @param bytes - the file, as `safetensors.torch.save_file(model.state_dict(), ...)` writes it.
 * @throws FormatError where the file is broken, a tensor holds numbers that are not finite, or, with `strict`, names
 * are missing, unexpected or mis-shaped.
 *
 * @example
 * ```ts
 * const model = plainUnet({ inputShape: [8, 8, 1], classes: 2, baseFilters: 2, levels: 1 });
 * const bytes = await saveSafetensors(model);
 * loadStateDict(model, bytes).unexpected; // []
 * model.dispose();
 * ```
 */
export function loadStateDict(model: LayersModel, bytes: Uint8Array, options: LoadStateDictOptions = {}): LoadReport {
  requireKnownOptions('loadStateDict', options, ['strict', 'prefix', 'rename', 'adaptFirstConvolution']);
  const { strict = true, prefix = '', rename, adaptFirstConvolution = false } = options;
  requireModel(model);
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`bytes must be a Uint8Array, got ${show(bytes)}.`);
  requireBoolean('strict', strict);
  requireBoolean('adaptFirstConvolution', adaptFirstConvolution);
  if (typeof prefix !== 'string') throw new TypeError(`prefix must be a string, got ${show(prefix)}.`);
  if (rename !== undefined && typeof rename !== 'function') {
    throw new TypeError(`rename must be a function, got ${show(rename)}.`);
  }
  return applyState(model, readSafetensors(bytes), { strict, prefix, rename, adaptFirstConvolution });
}

function requireBoolean(name: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new TypeError(`${name} must be true or false, got ${show(value)}.`);
}

interface Plan {
  readonly strict: boolean;
  readonly prefix: string;
  readonly rename: ((name: string) => string | undefined) | undefined;
  readonly adaptFirstConvolution: boolean;
}

/** Renames what a file holds; what is left out is noted in `ignored`. */
function renamed(stored: ReadonlyMap<string, StoredTensor>, { prefix, rename }: Plan, ignored: string[]) {
  const result = new Map<string, StoredTensor>();
  for (const [name, value] of stored) {
    const own = rename === undefined ? name : rename(name);
    if (own === undefined) {
      ignored.push(name);
      continue;
    }
    if (result.has(prefix + own)) throw new FormatError(`two tensors of the file must not both become "${own}".`);
    result.set(prefix + own, value);
  }
  return result;
}

/** The part of {@link loadStateDict} behind the reading of the file. Internal to the library. */
export function applyState(model: LayersModel, stored: ReadonlyMap<string, StoredTensor>, plan: Plan): LoadReport {
  const report: Report = {
    loaded: [],
    idle: [],
    adapted: [],
    ignored: [],
    missing: [],
    unexpected: [],
    mismatched: [],
  };
  const file = renamed(stored, plan, report.ignored);
  const changes: Change[] = [];
  const effects: (() => void)[] = [];
  statefulLayers(model).forEach((layer, index) => {
    for (const entry of layer.stateTensors()) {
      const name = `${layer.name}.${entry.leaf}`;
      const found = file.get(name);
      file.delete(name);
      if (found === undefined) {
        if (name.startsWith(plan.prefix)) report.missing.push(name);
        continue;
      }
      const shape = entry.variable.shape as number[];
      const expected = torchShape(shape, entry.layout);
      const adapt = plan.adaptFirstConvolution && index === 0 && entry.layout === 'convolution';
      if (sameShape(expected, found.shape)) {
        changes.push({ entry, values: fromTorch(finiteValues(name, found), shape, entry.layout) });
      } else if (adapt && sameShape([expected[0]!, found.shape[1]!, expected[2]!, expected[3]!], found.shape)) {
        const adapted = adaptChannels(finiteValues(name, found), found.shape, expected[1]!);
        changes.push({ entry, values: fromTorch(adapted, shape, entry.layout) });
        report.adapted.push(name);
      } else {
        report.mismatched.push({ name, expected, got: found.shape });
        continue;
      }
      report.loaded.push(name);
    }
    const counter = `${layer.name}.num_batches_tracked`;
    const found = layer.batchesTracked === undefined ? undefined : file.get(counter);
    if (found === undefined) return;
    file.delete(counter);
    const count = countOf(counter, found);
    effects.push(() => {
      layer.batchesTracked = count;
    });
  });
  keepIdle(model, file, report, effects);
  report.unexpected.push(...file.keys());
  if (plan.strict && report.missing.length + report.unexpected.length + report.mismatched.length > 0) {
    throw new FormatError(complaint(report));
  }
  for (const { entry, values } of changes) {
    const next = tensor(values, entry.variable.shape as number[], 'float32');
    entry.variable.write(next);
    next.dispose();
  }
  for (const effect of effects) effect();
  return report;
}

/** Moves what the network holds and does not use, and what it passes over, from the file to the report. */
function keepIdle(model: LayersModel, file: Map<string, StoredTensor>, report: Report, effects: (() => void)[]): void {
  const idle = guardOf(model)?.idle;
  if (idle === undefined || file.size === 0) return;
  for (const [name, found] of [...file]) {
    if (idle.passedOver.has(name)) {
      report.ignored.push(name);
      file.delete(name);
      continue;
    }
    const expected = idle.shapes().get(name);
    if (expected === undefined) continue;
    file.delete(name);
    if (name.endsWith('.num_batches_tracked')) {
      const data = BigInt64Array.of(BigInt(countOf(name, found)));
      effects.push(() => idle.kept.set(name, { shape: [], data }));
      continue;
    }
    if (!sameShape(expected, found.shape)) {
      report.mismatched.push({ name, expected, got: found.shape });
      continue;
    }
    const data = finiteValues(name, found);
    effects.push(() => idle.kept.set(name, { shape: expected, data }));
    report.loaded.push(name);
    report.idle.push(name);
  }
}
