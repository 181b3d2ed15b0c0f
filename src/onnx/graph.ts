import { ProtobufWriter } from './protobuf.js';

/** Element types that graphs use. */
export type OnnxType = 'float32' | 'int32' | 'int64' | 'bool';

/** Numbers of `TensorProto.DataType`. */
export const TYPE_NUMBERS = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;

/** Numbers of a constant; booleans are bytes. */
export type OnnxData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

/** An attribute: an integer or a list of them, text, or floats, which say so since 1 could be either. */
export type Attribute =
  | number
  | readonly number[]
  | string
  | { readonly float: number }
  | { readonly floats: readonly number[] };

/** One operation. */
export interface OnnxNode {
  readonly op: string;
  /** `''` for the operations of ONNX itself. */
  readonly domain: string;
  /** Names of values; `''` where an optional input is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** Numbers that are part of the graph. */
export interface OnnxConstant {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly number[];
  readonly data: OnnxData;
}

/** An input or output; a side given by a name is of any length. */
export interface OnnxPort {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly (number | string)[];
  /** Whether it is a list of such tensors. */
  readonly isSequence?: boolean;
}

/** A whole graph. */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
}

/** Versions of the operator sets that the lowerings are written for. */
export const OPERATOR_SETS: Readonly<Record<string, number>> = {
  '': 17,
  'com.microsoft': 1,
  'com.microsoft.nchwc': 1,
};

/** Writes a graph as an ONNX model (`ModelProto`, IR version 8), with text entries about it where given. */
export function encodeModel(graph: OnnxGraph, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const body = new ProtobufWriter();
  for (const node of graph.nodes) body.message(1, encodeNode(node));
  body.text(2, 'segkit');
  for (const constant of graph.constants) body.message(5, encodeConstant(constant));
  for (const port of graph.inputs) body.message(11, encodePort(port));
  for (const port of graph.outputs) body.message(12, encodePort(port));
  const model = new ProtobufWriter().integer(1, 8).text(2, 'segkit').message(7, body);
  const domains = new Set(['', ...graph.nodes.map(({ domain }) => domain)]);
  for (const domain of domains) {
    model.message(8, new ProtobufWriter().text(1, domain).integer(2, OPERATOR_SETS[domain]!));
  }
  for (const [key, value] of Object.entries(metadata)) {
    model.message(14, new ProtobufWriter().text(1, key).text(2, value));
  }
  return model.toBytes();
}

function encodeNode({ op, domain, inputs, outputs, attributes }: OnnxNode): ProtobufWriter {
  const node = new ProtobufWriter();
  for (const name of inputs) node.text(1, name);
  for (const name of outputs) node.text(2, name);
  node.text(4, op);
  for (const [name, value] of Object.entries(attributes)) node.message(5, encodeAttribute(name, value));
  if (domain !== '') node.text(7, domain);
  return node;
}

function encodeAttribute(name: string, value: Attribute): ProtobufWriter {
  const attribute = new ProtobufWriter().text(1, name);
  if (typeof value === 'number') return attribute.integer(3, value).integer(20, 2);
  if (typeof value === 'string') return attribute.text(4, value).integer(20, 3);
  if ('float' in value) return attribute.float(2, value.float).integer(20, 1);
  if ('floats' in value) return attribute.floats(7, value.floats).integer(20, 6);
  return attribute.integers(8, value).integer(20, 7);
}

function encodeConstant({ name, type, shape, data }: OnnxConstant): ProtobufWriter {
  return new ProtobufWriter()
    .integers(1, shape)
    .integer(2, TYPE_NUMBERS[type])
    .text(8, name)
    .bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function encodePort({ name, type, shape, isSequence = false }: OnnxPort): ProtobufWriter {
  const sides = new ProtobufWriter();
  for (const side of shape) {
    const dimension = new ProtobufWriter();
    sides.message(1, typeof side === 'number' ? dimension.integer(1, side) : dimension.text(2, side));
  }
  const tensor = new ProtobufWriter().integer(1, TYPE_NUMBERS[type]).message(2, sides);
  const element = new ProtobufWriter().message(1, tensor);
  const ofPort = isSequence ? new ProtobufWriter().message(4, new ProtobufWriter().message(1, element)) : element;
  return new ProtobufWriter().text(1, name).message(2, ofPort);
}
