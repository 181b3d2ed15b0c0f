import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeModel, type OnnxGraph } from '../../src/onnx/graph.js';
import { ProtobufWriter } from '../../src/onnx/protobuf.js';
import { ProtobufReader } from '../../src/onnx/protobufReader.js';
import { readOnnx } from '../../src/onnx/readOnnx.js';

const graph: OnnxGraph = {
  nodes: [{ op: 'Add', domain: '', inputs: ['x', 'w'], outputs: ['y'], attributes: {} }],
  constants: [{ name: 'w', type: 'float32', shape: [1], data: Float32Array.of(300) }],
  inputs: [{ name: 'x', type: 'float32', shape: ['batch', 300, 'width', 1] }],
  outputs: [{ name: 'y', type: 'int32', shape: [] }],
};

describe('readOnnx', () => {
  it('reads what encodeModel has written', () => {
    expect(readOnnx(encodeModel(graph, { note: 'µm', empty: '' }))).toEqual({
      inputs: [{ name: 'x', type: 1, shape: ['batch', 300, 'width', 1] }],
      outputs: [{ name: 'y', type: 6, shape: [] }],
      metadata: { note: 'µm', empty: '' },
    });
  });

  it('leaves out inputs that are weights, as files of IR version 3 list them', () => {
    const old = { ...graph, inputs: [...graph.inputs, { name: 'w', type: 'float32', shape: [1] } as const] };
    expect(readOnnx(encodeModel(old)).inputs.map(({ name }) => name)).toEqual(['x']);
  });

  it('says where nothing is said of a shape or a side', () => {
    const port = (type: ProtobufWriter) =>
      new ProtobufWriter().text(1, 'p').message(2, new ProtobufWriter().message(1, type));
    const side = new ProtobufWriter().message(1, new ProtobufWriter());
    const body = new ProtobufWriter()
      .message(11, port(new ProtobufWriter().integer(1, 1)))
      .message(12, port(new ProtobufWriter().integer(1, 1).message(2, side)));
    const { inputs, outputs } = readOnnx(new ProtobufWriter().integer(1, 8).message(7, body).toBytes());
    expect(inputs[0]!.shape).toBeUndefined();
    expect(outputs[0]!.shape).toEqual(['?']);
  });

  it('refuses what is no model', () => {
    expect(() => readOnnx(new Uint8Array())).toThrow('ONNX: the bytes must hold a model');
    expect(() => readOnnx(new TextEncoder().encode('{"a": 1}'))).toThrow(/^ONNX: the model is damaged: .+\.$/);
    expect(() => readOnnx(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10))).toThrow(/^ONNX: /);
    expect(() => readOnnx(new ProtobufWriter().integer(1, 8).message(7, new ProtobufWriter()).toBytes())).toThrow(
      'ONNX: the graph must have an output, got none.',
    );
    expect(() => readOnnx(new ProtobufWriter().text(1, 'eight').toBytes())).toThrow('field 1 must hold a number');
    expect(() => readOnnx(new ProtobufWriter().integer(7, 1).toBytes())).toThrow('field 7 must hold bytes');
  });

  it('refuses a file that ends too early, wherever', () => {
    const bytes = encodeModel(graph, { note: 'x' });
    const whole = readOnnx(bytes);
    for (let length = 0; length < bytes.length; length++) {
      const cut = bytes.subarray(0, length);
      // Between two fields of the model a shorter file is a model as well, with less metadata.
      try {
        expect(readOnnx(cut)).toEqual({ ...whole, metadata: {} });
      } catch (error) {
        expect((error as Error).name).toBe('FormatError');
      }
    }
  });

  it('ends, and throws nothing but FormatError, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          readOnnx(bytes);
        } catch (error) {
          expect((error as Error).name).toBe('FormatError');
        }
      }),
    );
  });
});

describe('ProtobufReader', () => {
  it('reads back whole numbers up to 2^53', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 2000 }), (value, number) => {
        const [field] = [...new ProtobufReader(new ProtobufWriter().integer(number, value).toBytes(), 'x').fields()];
        expect([field!.number, field!.integer()]).toEqual([number, value]);
      }),
    );
  });

  it('passes over floats and takes the last of several values', () => {
    const bytes = new ProtobufWriter().float(1, 1.5).text(2, 'first').text(2, 'last').toBytes();
    const reader = new ProtobufReader(bytes, 'x');
    expect(reader.text(2)).toBe('last');
    expect(reader.text(3)).toBe('');
  });
});
