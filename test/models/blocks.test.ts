import { dispose, type Tensor, transpose } from '@tensorflow/tfjs-core';
import { model as createModel, input, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { loadStateDict } from 'segkit/models';
import { describe, expect, it } from 'vitest';
import { scse } from '../../src/models/attention.js';
import { invertedResidual } from '../../src/models/encoders/mobilenetV2.js';
import { basicBlock, bottleneck } from '../../src/models/encoders/resnet.js';
import { stateShapes } from '../../src/models/idleState.js';
import { decoderBlock } from '../../src/models/smpDecoder.js';
import { useCpuBackend } from '../helpers/tensorflow.js';
import { filled, goldenArray, goldenCase, goldenTensor, NHWC, safetensors } from './golden.js';

useCpuBackend();

type Build = (x: SymbolicTensor, skip: SymbolicTensor) => SymbolicTensor;
const plain = { useBatchNorm: true, attention: false, idle: [] };
const BLOCKS: readonly (readonly [name: string, prefix: string, build: Build])[] = [
  ['scse_r16', 'b.attention.', (x) => scse(x, 'b')],
  ['basicblock_s1', 'b.', (x) => basicBlock(x, 'b', 32, 1)],
  ['basicblock_s2', 'b.', (x) => basicBlock(x, 'b', 48, 2)],
  ['bottleneck_s2', 'b.', (x) => bottleneck(x, 'b', 12, 2)],
  ['invres_s1_e6', 'b.', (x) => invertedResidual(x, 'b', 6, 32, 1)],
  ['invres_s2_e6', 'b.', (x) => invertedResidual(x, 'b', 6, 40, 2)],
  ['invres_s1_e1', 'b.', (x) => invertedResidual(x, 'b', 1, 16, 1)],
  ['unet_decoder', 'b.', (x, skip) => decoderBlock(x, [skip], 'b', 12, plain)],
];

describe('blocks equal those of PyTorch, names and numbers', () => {
  it.each(BLOCKS)('block_%s', (name, prefix, build) => {
    const { params, inputs, outputs, tolerance } = goldenCase(`block_${name}`);
    const images = [inputs.x, inputs.skip].filter((file) => file !== undefined).map((file) => goldenTensor(file, NHWC));
    const starts = images.map(({ shape }) => input({ shape: [null, null, shape[3]!] }));
    const block = createModel({ inputs: starts, outputs: build(starts[0]!, starts[1]!) });
    // The formula knows the names of the block alone.
    const shapes = [...stateShapes(block)];
    const own = shapes.map(([key, shape]) => [key.slice(prefix.length), shape] as const);
    expect(new Map(own)).toEqual(new Map(params.keys as [string, number[]][]));
    const counters = own.filter(([key]) => key.endsWith('num_batches_tracked')).length;
    const values = shapes.map(([key, shape]): [string, readonly number[], Float32Array] => [
      key,
      shape,
      filled(key.slice(prefix.length), shape),
    ]);
    expect(loadStateDict(block, safetensors(values)).loaded.length).toBe(own.length - counters);
    const y = block.predict(images) as Tensor;
    const nchw = transpose(y, [0, 3, 1, 2]);
    const { data, shape } = goldenArray(outputs.y);
    expect(nchw.shape).toEqual(shape);
    const got = nchw.dataSync();
    let worst = 0;
    data.forEach((value, i) => {
      worst = Math.max(worst, Math.abs(got[i]! - value) / (1 + Math.abs(value)));
    });
    expect(worst).toBeLessThanOrEqual(tolerance);
    dispose([...images, y, nchw]);
    block.dispose();
  });
});
