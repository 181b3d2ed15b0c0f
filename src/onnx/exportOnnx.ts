import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireInteger, requireKnownOptions, requireOneOf, show } from '../core/check.js';
import type { GeneralOutput } from './exportGeneralize.js';
import type { OnnxLayout } from './exportLower.js';
import { nameOutputs } from './exportPorts.js';
import { simplify } from './exportSimplify.js';
import { traceAllSizes } from './exportTraces.js';
import { encodeModel, type OnnxGraph } from './graph.js';
import { guardOf } from './modelGuard.js';
import { readWeights } from './traceModel.js';
import { VERSION } from './version.js';

/** Options of {@link exportOnnx}. */
export interface ExportOnnxOptions {
  /**
   * How images lie in input and output: `[batch, height, width, channels]`, as everywhere in segkit, or `[batch,
   * channels, height, width]`, as PyTorch has it.
   *
   * @defaultValue 'NHWC'
   */
  readonly layout?: OnnxLayout;
  /**
   * What the graph returns: the model's own result under the name `logits`, or `probabilities`, its softmax over the
   * classes, of a single class its sigmoid. It concerns the first output.
   *
   * @defaultValue 'logits'
   */
  readonly output?: 'logits' | 'probabilities';
  /**
   * What height and width of images are multiples of, where they are free. @defaultValue what the model of segkit
   * demands; for others the first of 1, 2, 3, 4, 6, 8, ... that fits
   */
  readonly divisor?: number;
  /** Entries of text for the metadata of the file, besides segkit's own. @defaultValue none */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A graph with what is told about it. */
export interface ExportedGraph {
  readonly graph: OnnxGraph;
  readonly metadata: Readonly<Record<string, string>>;
  readonly divisor: number;
}

/**
 * Writes a model as an ONNX file: one input `image`, one output `logits`, weights included, in operations of ONNX
 * itself (operator set 17), so that ONNX Runtime reads it in Python, C++, Node and browsers. Batch, height and width
 * are free where the model leaves them free, within multiples of the model's divisor; batch normalisation has become
 * part of the convolutions. The file's metadata says model, divisor, classes and layout, and under `segkit.info` what
 * `modelInfo` does, as JSON.
 *
 * Any `LayersModel` of one input can be written whose kernels have an ONNX form; of several outputs the first is
 * `logits`, and the others are called after their layers. The model, its weights and the active backend stay as they
 * are.
 *
 * @throws TypeError for anything but a model; RangeError for bad options; EngineError naming the layer and the kernel
 * that have no ONNX form, or depend on the size in a way that is no multiple of it.
 *
 * @example
 * ```ts
 * const model = plainUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 2, levels: 2 });
 * const file = await exportOnnx(model, { layout: 'NCHW' });
 * file.length > 1000; // true
 * model.dispose();
 * ```
 */
export async function exportOnnx(model: LayersModel, options: ExportOnnxOptions = {}): Promise<Uint8Array> {
  requireKnownOptions('exportOnnx', options, ['layout', 'output', 'divisor', 'metadata']);
  const { graph, metadata } = await exportGraph(model, options);
  return encodeModel(graph, metadata);
}

/** The graph of a model, not yet written. Internal to the library. */
export async function exportGraph(model: LayersModel, options: ExportOnnxOptions): Promise<ExportedGraph> {
  const { layout = 'NHWC', output = 'logits', divisor, metadata = {} } = options;
  requireOneOf('layout', layout, ['NHWC', 'NCHW']);
  requireOneOf('output', output, ['logits', 'probabilities']);
  requireMetadata(metadata);
  const shape = requireModel(model);
  if (layout === 'NCHW' && shape.length !== 4) {
    throw new RangeError(`layout must be NHWC where the input of the model is no image, got NCHW and ${show(shape)}.`);
  }
  if (divisor !== undefined) {
    requireInteger('divisor', divisor, { min: 1 });
    if (shape.slice(1, -1).every((side) => side !== null)) {
      throw new RangeError('divisor must be left out for a model of a fixed input size.');
    }
  }
  const weights = await readWeights(model);
  const { general, multiple } = traceAllSizes(model, shape, weights, { layout, divisor });
  const [main, ...others] = general.outputs as readonly [GeneralOutput, ...GeneralOutput[]];
  const channelAxis = main.shape.length === 4 && layout === 'NCHW' ? 1 : main.shape.length - 1;
  const classes = main.shape[channelAxis]!;
  const ending = {
    activation: output === 'logits' ? 'none' : classes === 1 ? 'Sigmoid' : 'Softmax',
    channelAxis,
  } as const;
  const info = guardOf(model)?.record;
  const names = [output, ...others.map((_, i) => model.outputNames[i + 1]!)];
  return {
    graph: nameOutputs(simplify(general), names, ending),
    divisor: multiple,
    metadata: {
      'segkit.version': VERSION,
      'segkit.model': model.name,
      'segkit.layout': layout,
      'segkit.divisor': `${multiple}`,
      'segkit.classes': `${classes}`,
      'segkit.output': output,
      ...(info !== undefined && { 'segkit.info': info }),
      ...metadata,
    },
  };
}

function requireMetadata(metadata: unknown): void {
  if (metadata === null || typeof metadata !== 'object' || Array.isArray(metadata)) {
    throw new TypeError(`metadata must be an object of texts, got ${show(metadata)}.`);
  }
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') throw new TypeError(`metadata.${key} must be text, got ${show(value)}.`);
  }
}

/** Throws unless there is one input, of floats; returns its shape. */
function requireModel(model: LayersModel): readonly (number | null)[] {
  if (!Array.isArray(model?.inputs) || !Array.isArray(model.outputs) || typeof model.apply !== 'function') {
    throw new TypeError(`model must be a LayersModel, got ${show(model)}.`);
  }
  if (model.inputs.length !== 1) throw new RangeError(`model must have one input, got ${model.inputs.length}.`);
  const { shape, dtype } = model.inputs[0]!;
  if (dtype !== 'float32') throw new RangeError(`model must take float32, got ${dtype}.`);
  return shape;
}
