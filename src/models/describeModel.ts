import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { requireInteger, requireKnownOptions } from '../core/check.js';
import { guardOf } from './guardOf.js';
import { costOf, type LayerCost, through, type View } from './layerCosts.js';
import { requireDivisible } from './layers/divisibleInput.js';
import { requireModel } from './requireModel.js';
import { imageWindows, largestWindow } from './windows.js';

/** Options of {@link describeModel}. */
export interface DescribeModelOptions {
  /** Height of the image. @defaultValue that of the model, else 512 */
  readonly height?: number;
  /** Width of the image. @defaultValue that of the model, else 512 */
  readonly width?: number;
}

/** A stage of a network: the layers whose names begin alike. */
export interface ModelStage extends LayerCost {
  /** What their names begin with. */
  readonly name: string;
  /** Height, width and channels of what the stage returns; of its largest map, where it ends in several. */
  readonly shape: readonly number[];
  /**
   * Side of the square of the image that one pixel of the stage sees, of the one that sees most, however large the image
   * is; Infinity where it sees all.
   */
  readonly receptiveField: number;
}

/** Result of {@link describeModel}. */
export interface ModelDescription {
  /** In the order of the network. */
  readonly stages: readonly ModelStage[];
  /** Parameters that training changes. */
  readonly parameters: number;
  /** Multiplications with additions for one image. */
  readonly multiplyAdds: number;
  /** Largest receptive field of the outputs. */
  readonly receptiveField: number;
  /** All of it as text, one line a stage. */
  readonly table: string;
}

/** `encoder.layer1`, `decoder.blocks.0`, `head`: as much of a layer's name as tells its stage. */
function stageOf(name: string): string {
  const [first, second, third] = name.split('.');
  if (second === undefined || first === 'head' || first === 'image') return first!;
  const inList = second === 'blocks' || second === '_blocks' || second === 'features';
  return inList ? `${first}.${second}.${third}` : `${first}.${second}`;
}

/**
 * Returns what a network is made of, stage by stage: shapes, parameters, multiply-adds of convolutions and linear
 * layers, and receptive fields, for one image.
 *
 * @throws RangeError for a size that the network does not take.
 *
 * @example
 * ```ts
 * const model = plainUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 4, levels: 2 });
 * const { multiplyAdds, receptiveField } = describeModel(model, { height: 64, width: 64 });
 * [multiplyAdds, receptiveField]; // [6340608, 44]
 * model.dispose();
 * ```
 */
export function describeModel(model: LayersModel, options: DescribeModelOptions = {}): ModelDescription {
  requireKnownOptions('describeModel', options, ['height', 'width']);
  requireModel(model);
  const [, ownHeight, ownWidth, channels] = model.inputs[0]!.shape;
  const { height = ownHeight ?? 512, width = ownWidth ?? 512 } = options;
  requireInteger('height', height, { min: 1 });
  requireInteger('width', width, { min: 1 });
  requireDivisible('height and width', height, width, guardOf(model)?.divisor ?? 1);

  const views = new Map<SymbolicTensor, View>();
  model.inputs.forEach((tensor) => {
    views.set(tensor, { shape: [1, height, width, channels ?? 1], windows: imageWindows() });
  });
  const stages = new Map<string, { -readonly [Key in keyof ModelStage]: ModelStage[Key] }>();
  // Layers stand in the order of the network.
  for (const layer of model.layers) {
    const output = layer.output as SymbolicTensor;
    if (views.has(output)) continue;
    const inputs = output.inputs.map((tensor) => views.get(tensor)!);
    const view = through(layer, inputs);
    views.set(output, view);
    const name = stageOf(layer.name);
    if (name === 'size') continue;
    const cost = costOf(layer, inputs[0]!.shape, view.shape);
    const before = stages.get(name);
    stages.set(name, {
      name,
      shape: view.shape.slice(1),
      parameters: (before?.parameters ?? 0) + cost.parameters,
      multiplyAdds: (before?.multiplyAdds ?? 0) + cost.multiplyAdds,
      receptiveField: Math.max(before?.receptiveField ?? 0, largestWindow(view.windows)),
    });
  }
  const all = [...stages.values()];
  const parameters = all.reduce((sum, stage) => sum + stage.parameters, 0);
  const multiplyAdds = all.reduce((sum, stage) => sum + stage.multiplyAdds, 0);
  const receptiveField = Math.max(...model.outputs.map((tensor) => largestWindow(views.get(tensor)!.windows)));
  const total = { name: 'total', shape: [], parameters, multiplyAdds, receptiveField };
  return { stages: all, parameters, multiplyAdds, receptiveField, table: tableOf([...all, total]) };
}

function tableOf(stages: readonly ModelStage[]): string {
  const rows = [['stage', 'shape', 'parameters', 'multiply-adds', 'sees']];
  for (const { name, shape, parameters, multiplyAdds, receptiveField } of stages) {
    const sees = receptiveField === Number.POSITIVE_INFINITY ? 'all' : `${receptiveField}`;
    const numbers = [parameters, multiplyAdds].map((value) => value.toLocaleString('en'));
    rows.push([name, shape.join(' x '), ...numbers, sees]);
  }
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const pad = (text: string, column: number): string =>
    column < 2 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!);
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}
