import type { Transform } from '../augment/index.js';
import { requireInteger, requireKnownOptions, requireOneOf, show } from '../core/check.js';
import { FormatError } from '../core/errors.js';
import { messageOf } from '../engine/importPackage.js';
import { type ModelInfo, readRecord, requireArchitecture } from '../models/modelInfo.js';
import { type NotedNetwork, requireNotes } from '../models/modelNotes.js';
import type { OnnxLayout } from '../onnx/index.js';
import { type OnnxDescription, type PortDescription, readOnnx } from '../onnx/readOnnx.js';
import { type CompiledModel, compiledModel } from './compiledModel.js';
import { findRuntime, type OnnxRuntime } from './onnxRuntime.js';
import { OnnxSession } from './onnxSession.js';
import { storedPreprocess } from './storedPreprocess.js';

/** Options of {@link loadOnnx}. A file of `exportOnnx` says layout, divisor and output itself. */
export interface LoadOnnxOptions {
  /**
   * How images lie in input and output: `'NCHW'`, as PyTorch exports them, or `'NHWC'`, as TensorFlow does.
   * @defaultValue what a file of segkit says; for others it must be given
   */
  readonly layout?: OnnxLayout;
  /**
   * What height and width must be multiples of: 32 for a network that halves five times, 1 where any size will do.
   * @defaultValue what a file of segkit says; for others it must be given where the size is free
   */
  readonly divisor?: number;
  /** Channels of images. @defaultValue what the file says; where that leaves it open it must be given */
  readonly channels?: number;
  /** Channels of the result. @defaultValue what the file says; where that leaves it open it must be given */
  readonly classes?: number;
  /**
   * Whether the network returns logits, or probabilities already. @defaultValue what a file of segkit says, else
   * 'logits'
   */
  readonly output?: 'logits' | 'probabilities';
  /**
   * Makes images ready as the network's training did; the options of a prediction may name another.
   * @defaultValue the normalisation of the model that a file of segkit was; for others none: images must be float
   */
  readonly preprocess?: Transform;
  /**
   * How many CPU threads may compute. `onnxruntime-web` has a setting of its own, `env.wasm.numThreads`.
   * @defaultValue all cores
   */
  readonly threads?: number;
  /**
   * ONNX Runtime: in a browser the module `onnxruntime-web`, which the application imports. @defaultValue
   * `onnxruntime-node` where it is installed
   */
  readonly runtime?: OnnxRuntime;
}

/**
 * Returns a network from an ONNX file, of segkit or from elsewhere (a network of SMP exported by PyTorch), ready to
 * predict as `compileModel` makes it. It must take one float32 image and return one float32 map of the same size.
 *
 * @param bytes - the file; weights kept in files beside it are out of reach.
 * @throws FormatError where the bytes are no ONNX model; RangeError or TypeError where it takes or returns something
 * else than is declared, or what it leaves open is not declared; EngineError where ONNX Runtime is not to be found or
 * cannot load it.
 *
 * @example
 * ```ts
 * const model = plainUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 2, levels: 2 });
 * const network = await loadOnnx(await exportOnnx(model, { layout: 'NCHW' }));
 * network.divisor; // 4
 * const probability = await network.predict(createImage(new Float32Array(70), [10, 7]));
 * probability.shape; // [10, 7, 2]
 * await network.dispose();
 * model.dispose();
 * ```
 */
export async function loadOnnx(bytes: Uint8Array, options: LoadOnnxOptions = {}): Promise<CompiledModel> {
  requireKnownOptions('loadOnnx', options, [
    ...['layout', 'divisor', 'channels', 'classes', 'output', 'preprocess', 'threads', 'runtime'],
  ]);
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`bytes must be a Uint8Array, got ${show(bytes)}.`);
  const { threads, preprocess: given } = options;
  if (threads !== undefined) requireInteger('threads', threads, { min: 1, max: 1024 });
  if (given !== undefined && typeof given !== 'function') {
    throw new TypeError(`preprocess must be a transform, got ${show(given)}.`);
  }
  const file = readOnnx(bytes);
  const layout = layoutOf(file, options.layout);
  const [input, output] = [onlyPort('input', file.inputs), onlyPort('output', file.outputs)];
  const [image, map] = [sidesOf('input', input, layout), sidesOf('output', output, layout)];
  const size = [image.height, image.width].map((side) => (typeof side === 'number' ? side : undefined));
  const known = {
    channels: depthOf('channels', image.channels, options.channels),
    classes: depthOf('classes', map.channels, options.classes),
    size: size as [number | undefined, number | undefined],
    divisor: divisorOf(file, size, options.divisor),
    isLogits: isLogits(file, options.output),
  };
  const info = infoOf(file, known);
  const preprocess = given ?? storedPreprocess(info);
  const mode =
    file.metadata['segkit.output'] === 'probabilities' ? (known.classes === 1 ? 'binary' : 'multiclass') : undefined;
  const runtime = await findRuntime('loadOnnx', options.runtime);
  const session = await OnnxSession.open(runtime, bytes, threads);
  return compiledModel(session, { ...known, layout, mode, info, preprocess, input: input.name, output: output.name });
}

/** What a file of segkit says of the model that it was. */
function infoOf({ metadata }: OnnxDescription, network: NotedNetwork): ModelInfo | undefined {
  const text = metadata['segkit.info'];
  if (text === undefined) return undefined;
  const name = 'segkit.info of the file';
  const info = requireArchitecture(name, readRecord(name, text));
  const { architecture: _, ...notes } = info;
  try {
    requireNotes(notes, network);
  } catch (error) {
    throw new FormatError(`${name}: ${messageOf(error)}`);
  }
  return info;
}

function layoutOf({ metadata }: OnnxDescription, declared: OnnxLayout | undefined): OnnxLayout {
  const said = metadata['segkit.layout'];
  if (declared !== undefined) requireOneOf('layout', declared, ['NHWC', 'NCHW']);
  if (said !== undefined && declared !== undefined && said !== declared) {
    throw new RangeError(`layout must be ${said}, as the file says itself, got ${declared}.`);
  }
  const layout = said ?? declared;
  if (layout === 'NHWC' || layout === 'NCHW') return layout;
  throw new RangeError(
    `layout must be given for a file that segkit did not write: 'NCHW' for one of PyTorch, 'NHWC' of TensorFlow.`,
  );
}

function onlyPort(kind: 'input' | 'output', ports: readonly PortDescription[]): PortDescription {
  const names = ports.map(({ name }) => name).join(', ');
  if (ports.length !== 1) throw new RangeError(`the network must have one ${kind}, got ${ports.length}: ${names}.`);
  const [port] = ports as readonly [PortDescription];
  if (port.type !== 1) {
    throw new RangeError(`the ${kind} ${port.name} of the network must be float32, got type ${port.type} of ONNX.`);
  }
  return port;
}

type Side = number | string;

function sidesOf(
  kind: 'input' | 'output',
  { name, shape }: PortDescription,
  layout: OnnxLayout,
): { readonly height: Side; readonly width: Side; readonly channels: Side } {
  // A file need not say what shape comes out; what does come is checked.
  if (shape === undefined && kind === 'output') return { height: '?', width: '?', channels: '?' };
  if (shape?.length !== 4) {
    const wanted = layout === 'NCHW' ? '[batch, channels, height, width]' : '[batch, height, width, channels]';
    throw new RangeError(`the ${kind} ${name} of the network must have shape ${wanted}, got ${show(shape)}.`);
  }
  const [batch, a, b, c] = shape as [Side, Side, Side, Side];
  if (typeof batch === 'number' && batch !== 1) {
    throw new RangeError(`the ${kind} ${name} of the network must have a batch of 1 or any, got ${show(shape)}.`);
  }
  return layout === 'NCHW' ? { channels: a, height: b, width: c } : { height: a, width: b, channels: c };
}

function depthOf(name: 'channels' | 'classes', said: Side, declared: number | undefined): number {
  if (declared !== undefined) requireInteger(name, declared, { min: 1 });
  if (typeof said !== 'number') {
    if (declared !== undefined) return declared;
    throw new RangeError(`${name} must be given: the file leaves its number open ("${said}").`);
  }
  if (declared !== undefined && declared !== said) {
    throw new RangeError(`${name} must be ${said}, as the file has it in this layout, got ${declared}.`);
  }
  return said;
}

function divisorOf(
  { metadata }: OnnxDescription,
  size: readonly (number | undefined)[],
  declared: number | undefined,
): number {
  if (declared !== undefined) requireInteger('divisor', declared, { min: 1 });
  const said = Number(metadata['segkit.divisor'] ?? Number.NaN);
  if (Number.isInteger(said)) {
    if (declared !== undefined && declared % said !== 0) {
      throw new RangeError(`divisor must be a multiple of ${said}, as the file says itself, got ${declared}.`);
    }
    return declared ?? said;
  }
  if (size.every((side) => side !== undefined)) {
    if (declared === undefined) return 1;
    throw new RangeError('divisor must be left out for a network of a fixed input size.');
  }
  if (declared !== undefined) return declared;
  throw new RangeError(
    'divisor must be given for a network of free size that segkit did not write: 32 where it halves its image five ' +
      'times, 1 where any size will do.',
  );
}

function isLogits({ metadata }: OnnxDescription, declared: LoadOnnxOptions['output']): boolean {
  if (declared !== undefined) requireOneOf('output', declared, ['logits', 'probabilities']);
  const said = metadata['segkit.output'];
  if (said !== undefined && declared !== undefined && said !== declared) {
    throw new RangeError(`output must be ${said}, as the file says itself, got ${declared}.`);
  }
  return (said ?? declared ?? 'logits') === 'logits';
}
