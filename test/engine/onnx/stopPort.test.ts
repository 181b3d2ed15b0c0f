import { mul, square, tensor1d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { loadRuntime, type Runtime, type RuntimeSession } from '../../../src/engine/onnx/binding.js';
import { isStop, probeStop } from '../../../src/engine/onnx/stopPort.js';
import { useOnnxBackend } from './onnxBackend.js';

/** A runtime whose runs go on in another way. */
async function changed(run: (session: RuntimeSession) => RuntimeSession['run']): Promise<Runtime> {
  const runtime = await loadRuntime();
  return {
    ...runtime,
    load: (model, settings) => {
      const session = runtime.load(model, settings);
      return { run: run(session), dispose: () => session.dispose() };
    },
  };
}

describe('the stop port', () => {
  it('keeps the binding of onnxruntime-node from copying results', async () => {
    expect(probeStop(await loadRuntime())).toBe(true);
  });

  it('is not used where a run returns, ends with another error, or leaves the memory as it was', async () => {
    expect(probeStop(await changed(() => () => ({})))).toBe(false);
    const other = await changed(() => () => {
      throw new Error('out of memory');
    });
    expect(probeStop(other)).toBe(false);
    const idle = await changed((session) => (feeds, fetches) => {
      const { stop, ...rest } = fetches;
      expect(stop).toBeNull();
      return session.run(feeds, { stop: stop!, ...Object.fromEntries(Object.keys(rest).map((name) => [name, null])) });
    });
    expect(probeStop(idle)).toBe(false);
    expect(isStop(new Error('out of memory'))).toBe(false);
  });
});

describe.each([true, false])('results with and without it (%s)', (stops) => {
  useOnnxBackend({ stops });

  it('are the same, and belong to one tensor each', () => {
    const x = tensor1d([1, 2, 3]);
    const [y, z] = [mul(x, 2), square(x)];
    expect([...y.dataSync()]).toEqual([2, 4, 6]);
    const first = y.dataSync();
    const again = mul(x, 3);
    expect([...again.dataSync()]).toEqual([3, 6, 9]);
    expect([...first]).toEqual([2, 4, 6]);
    expect([...z.dataSync()]).toEqual([1, 4, 9]);
  });
});
