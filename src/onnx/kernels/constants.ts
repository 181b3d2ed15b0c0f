import { type DataType, Fill, LinSpace, OnesLike, Range, util, ZerosLike } from '@tensorflow/tfjs-core';
import { isSupported, type KernelDefinition, numberOf, type Value, varyNumbers } from './definition.js';

/** Tensors that are made from nothing. */
export function constantKernels(): readonly KernelDefinition[] {
  return [
    {
      name: Fill,
      accepts: ({ attrs }) => isSupported({ shape: [], dtype: fillType(attrs.dtype, attrs.value) }),
      infer: ({ attrs }) => [{ shape: attrs.shape as number[], dtype: fillType(attrs.dtype, attrs.value) }],
      // Zeros and ones are known as such.
      vary: ({ attrs }) => {
        const dtype = fillType(attrs.dtype, attrs.value);
        const isKnown = dtype === 'bool' || Object.is(attrs.value, 0) || attrs.value === 1;
        return isKnown ? undefined : varyNumbers({ ...attrs, dtype }, ['value'], dtype);
      },
      lower: (call, graph) => {
        const [output] = call.outputs as readonly [Value];
        graph.defineSpread(output, { name: numberOf(graph, call, 'value', output.dtype), shape: [] });
      },
    },
    like(ZerosLike, 0),
    like(OnesLike, 1),
    {
      name: Range,
      isImmediate: true,
      accepts: ({ attrs: { dtype, start, stop, step } }) =>
        dtype === 'float32' || (dtype === 'int32' && [start, stop, step].every(Number.isInteger)),
      infer: ({ attrs }) => {
        const { start, stop, step } = attrs as Record<string, number>;
        return [{ shape: [rangeLength(start!, stop!, step!)], dtype: attrs.dtype as DataType }];
      },
      lower: ({ attrs, outputs }, graph) => {
        const { start, stop, step } = attrs as Record<'start' | 'stop' | 'step', number>;
        const [output] = outputs;
        const [length] = output!.shape as [number];
        // A step of 1, the default, counts down too.
        const stride = stop < start && step === 1 ? -1 : step;
        if (output!.dtype === 'float32') {
          graph.define(output!, graph.floats(accumulated(start, stride, length), [length]));
          return;
        }
        const ends = [start, start + stride * length, stride].map((value) => graph.int(value));
        graph.define(output!, graph.op('Range', ends));
      },
    },
    {
      name: LinSpace,
      isImmediate: true,
      infer: ({ attrs }) => [{ shape: [attrs.num as number], dtype: 'float32' }],
      lower: ({ attrs, outputs }, graph) => {
        const { start, stop, num } = attrs as Record<'start' | 'stop' | 'num', number>;
        const values = accumulated(start, (stop - start) / (num - 1), num);
        graph.define(outputs[0]!, graph.floats(values, [num]));
      },
    },
  ];
}

function like(name: string, value: number): KernelDefinition {
  return {
    name,
    infer: ({ inputs }) => [{ shape: inputs.x!.shape, dtype: inputs.x!.dtype }],
    lower: ({ outputs }, graph) => {
      graph.defineSpread(outputs[0]!, { name: graph.scalar(value, outputs[0]!.dtype), shape: [] });
    },
  };
}

function fillType(dtype: unknown, value: unknown): DataType {
  return (dtype as DataType | undefined) || util.inferDtype(value as number);
}

/** As the CPU backend of TensorFlow.js has it. */
function rangeLength(start: number, stop: number, step: number): number {
  const isEmpty = start === stop || (start < stop && step < 0) || (stop < start && step > 1);
  return isEmpty ? 0 : Math.abs(Math.ceil((stop - start) / step));
}

/** Every number the one before plus the step, rounded to float32 each time. */
function accumulated(start: number, step: number, length: number): Float32Array {
  const values = new Float32Array(length);
  values[0] = start;
  for (let i = 1; i < length; i++) values[i] = values[i - 1]! + step;
  return values;
}
