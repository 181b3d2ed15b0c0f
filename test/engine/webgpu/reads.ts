// Run by webgpu.test.ts as a process of its own: what can be read on WebGPU in Node, and what a failure leads to.
import { add, backend, cast, ones, sum, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { useEngine } from 'segkit/engine';

const message = async (work: () => unknown) => {
  try {
    await work();
    return 'no error';
  } catch (error) {
    return String(error).split('\n')[0];
  }
};

await useEngine('webgpu', { allowSoftware: true });
// Tensors of many numbers: the backend computes with few ones on the CPU.
const ids = tensor1d(new Int32Array(5000).fill(3), 'int32');
const four = add(cast(ids, 'float32'), ones([5000]));
const values = await four.data();
const table = tensor2d(
  Int32Array.from({ length: 5000 }, (_, i) => i % 50),
  [100, 50],
  'int32',
);
const sums = await tidy(() => sum(cast(table, 'float32'), 0)).data();
const uploaded = ids.dataSync()[4999];
const result = add(four, 1);
const sync = await message(() => result.dataSync());
const { device } = backend() as unknown as { device: { createShaderModule(of: { code: string }): void } };
device.createShaderModule({ code: 'fn broken( {' });
const failed = await message(() => result.data());
const after = (await add(four, 2).data())[0];
console.log(JSON.stringify({ value: values[17], sums: Array.from(sums), uploaded, sync, failed, after }));
