import { FormatError } from '../core/errors.js';
import { ProtobufReader } from './protobufReader.js';

/** An input or output of a file: its element type by ONNX's number, and its sides, where the file says them. */
export interface PortDescription {
  readonly name: string;
  /** Number of `TensorProto.DataType`: 1 is float32. */
  readonly type: number;
  /** Lengths, or names of sides that are free (`'?'` without one); `undefined` where not even their number is said. */
  readonly shape: readonly (number | string)[] | undefined;
}

/** What an ONNX file says of itself. */
export interface OnnxDescription {
  /** Inputs that somebody has to feed. */
  readonly inputs: readonly PortDescription[];
  readonly outputs: readonly PortDescription[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads what an ONNX file says of its inputs, outputs and metadata.
 *
 * @throws FormatError where the bytes are no whole ONNX model.
 */
export function readOnnx(bytes: Uint8Array): OnnxDescription {
  const metadata: Record<string, string> = {};
  let graph: ProtobufReader | undefined;
  let version = 0;
  for (const field of new ProtobufReader(bytes, 'the model').fields()) {
    if (field.number === 1) version = field.integer();
    if (field.number === 7) graph = field.message('the graph');
    if (field.number === 14) {
      const entry = field.message('metadata');
      metadata[entry.text(1)] = entry.text(2);
    }
  }
  if (graph === undefined || version === 0) {
    throw new FormatError('ONNX: the bytes must hold a model with a version and a graph, got none.');
  }
  const inputs: PortDescription[] = [];
  const outputs: PortDescription[] = [];
  // Files of old list their weights among the inputs.
  const weights = new Set<string>();
  for (const field of graph.fields()) {
    if (field.number === 5) weights.add(field.message('a weight').text(8));
    if (field.number === 11) inputs.push(readPort(field.message('an input')));
    if (field.number === 12) outputs.push(readPort(field.message('an output')));
  }
  if (outputs.length === 0) throw new FormatError('ONNX: the graph must have an output, got none.');
  return { inputs: inputs.filter(({ name }) => !weights.has(name)), outputs, metadata };
}

function readPort(port: ProtobufReader): PortDescription {
  let name = '';
  let type = 0;
  let shape: (number | string)[] | undefined;
  for (const field of port.fields()) {
    if (field.number === 1) name = field.text();
    // TypeProto, of which field 1 is a tensor.
    const tensor = field.number === 2 ? field.message('a type').only(1) : undefined;
    if (tensor === undefined) continue;
    for (const part of tensor.message('a tensor').fields()) {
      if (part.number === 1) type = part.integer();
      if (part.number === 2) shape = readShape(part.message('a shape'));
    }
  }
  return { name, type, shape };
}

function readShape(shape: ProtobufReader): (number | string)[] {
  return [...shape.fields()]
    .filter(({ number }) => number === 1)
    .map((dimension) => {
      let side: number | string = '?';
      for (const field of dimension.message('a side').fields()) {
        if (field.number === 1) side = field.integer();
        if (field.number === 2) side = field.text() || '?';
      }
      return side;
    });
}
