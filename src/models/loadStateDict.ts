import { tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireKnownOptions, show } from '../core/check.js';
import { FormatError } from '../core/errors.js';
import type { StateTensor } from './layers/stateTensor.js';
import { readSafetensors, type StoredTensor, toFloats } from './safetensors.js';
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
}

/** What {@link loadStateDict} did. */
export interface LoadReport {
  /** Names loaded, as the model has them. */
  readonly loaded: readonly string[];
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

function finiteValues(name: string, stored: StoredTensor): Float32Array {
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
 * it is loaded or, where anything throws, nothing is changed. `num_batches_tracked` may be there or not.
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
  requireKnownOptions('loadStateDict', options, ['strict', 'prefix']);
  const { strict = true, prefix = '' } = options;
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`bytes must be a Uint8Array, got ${show(bytes)}.`);
  if (typeof strict !== 'boolean') throw new TypeError(`strict must be true or false, got ${show(strict)}.`);
  if (typeof prefix !== 'string') throw new TypeError(`prefix must be a string, got ${show(prefix)}.`);
  const file = new Map([...readSafetensors(bytes)].map(([name, stored]) => [prefix + name, stored]));

  const changes: Change[] = [];
  const counters: (() => void)[] = [];
  const report = {
    loaded: [] as string[],
    missing: [] as string[],
    unexpected: [] as string[],
    mismatched: [] as { name: string; expected: number[]; got: readonly number[] }[],
  };
  for (const layer of statefulLayers(model)) {
    for (const entry of layer.stateTensors()) {
      const name = `${layer.name}.${entry.leaf}`;
      const stored = file.get(name);
      file.delete(name);
      if (stored === undefined) {
        if (name.startsWith(prefix)) report.missing.push(name);
        continue;
      }
      const shape = entry.variable.shape as number[];
      const expected = torchShape(shape, entry.layout);
      if (expected.length !== stored.shape.length || expected.some((side, axis) => side !== stored.shape[axis])) {
        report.mismatched.push({ name, expected, got: stored.shape });
        continue;
      }
      changes.push({ entry, values: fromTorch(finiteValues(name, stored), shape, entry.layout) });
      report.loaded.push(name);
    }
    const counter = `${layer.name}.num_batches_tracked`;
    const stored = layer.batchesTracked === undefined ? undefined : file.get(counter);
    if (stored === undefined) continue;
    file.delete(counter);
    const count = finiteValues(counter, stored)[0] ?? -1;
    if (!Number.isSafeInteger(count) || count < 0 || stored.shape.length > 1) {
      throw new FormatError(`tensor "${counter}" must hold one count of 0 or more, got ${count}.`);
    }
    counters.push(() => {
      layer.batchesTracked = count;
    });
  }
  report.unexpected.push(...file.keys());
  if (strict && report.missing.length + report.unexpected.length + report.mismatched.length > 0) {
    throw new FormatError(complaint(report));
  }
  for (const { entry, values } of changes) {
    const next = tensor(values, entry.variable.shape as number[], 'float32');
    entry.variable.write(next);
    next.dispose();
  }
  for (const change of counters) change();
  return report;
}
