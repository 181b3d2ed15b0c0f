import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireInteger, requireKnownOptions, requireOneOf, show } from '../core/check.js';
import type { GeneralGraph } from './exportGeneralize.js';
import { IMAGE, type OnnxLayout } from './exportLower.js';
import { simplify } from './exportSimplify.js';
import { traceAllSizes } from './exportTraces.js';
import { encodeModel, type OnnxGraph, type OnnxNode } from './graph.js';
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
   * classes, of a single class its sigmoid.
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
 * part of the convolutions. The file's metadata says model, divisor, classes and layout.
 *
 * Any `LayersModel` of one input and one output can be written whose kernels have an ONNX form. The model, its weights
 * and the active backend stay as they are.
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
  const channelAxis = layout === 'NCHW' ? 1 : general.outputShape.length - 1;
  const classes = general.outputShape[channelAxis]!;
  return {
    graph: finish(simplify(general), { output, channelAxis, classes }),
    divisor: multiple,
    metadata: {
      'segkit.version': VERSION,
      'segkit.model': model.name,
      'segkit.layout': layout,
      'segkit.divisor': `${multiple}`,
      'segkit.classes': `${classes}`,
      'segkit.output': output,
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

/** Throws unless there is one input of floats and one output; returns the shape of the input. */
function requireModel(model: LayersModel): readonly (number | null)[] {
  if (!Array.isArray(model?.inputs) || !Array.isArray(model.outputs) || typeof model.apply !== 'function') {
    throw new TypeError(`model must be a LayersModel, got ${show(model)}.`);
  }
  const [inputs, outputs] = [model.inputs, model.outputs];
  if (inputs.length !== 1 || outputs.length !== 1) {
    throw new RangeError(`model must have one input and one output, got ${inputs.length} and ${outputs.length}.`);
  }
  const { shape, dtype } = inputs[0]!;
  if (dtype !== 'float32') throw new RangeError(`model must take float32, got ${dtype}.`);
  return shape;
}

interface Ending {
  readonly output: 'logits' | 'probabilities';
  readonly channelAxis: number;
  readonly classes: number | string;
}

/** Gives the ports their names. */
function finish(general: GeneralGraph, { output, channelAxis, classes }: Ending): OnnxGraph {
  const nodes: OnnxNode[] = [...general.nodes];
  const add = (op: string, attributes: OnnxNode['attributes'] = {}): void => {
    nodes.push({ op, domain: '', inputs: [general.output], outputs: [output], attributes });
  };
  const { constants } = general;
  if (output === 'probabilities') {
    if (classes === 1) add('Sigmoid');
    else add('Softmax', { axis: channelAxis });
  } else if (general.output === IMAGE || constants.some(({ name }) => name === general.output)) {
    add('Identity');
  } else {
    const rename = (name: string): string => (name === general.output ? output : name);
    nodes.forEach((node, i) => {
      nodes[i] = { ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) };
    });
  }
  return {
    nodes,
    constants,
    inputs: [{ name: IMAGE, type: 'float32', shape: general.inputShape }],
    outputs: [{ name: output, type: 'float32', shape: general.outputShape }],
  };
}
