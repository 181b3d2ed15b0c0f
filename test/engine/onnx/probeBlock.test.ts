import { expect, it } from 'vitest';
import { loadRuntime, type Runtime } from '../../../src/engine/onnx/binding.js';
import { checkBlock } from '../../../src/engine/onnx/checkBlock.js';
import { probeBlock } from '../../../src/engine/onnx/probeBlock.js';

it('finds the size of a block, and that blocked graphs are right', async () => {
  const runtime = await loadRuntime();
  const block = probeBlock(runtime);
  expect([0, 4, 8, 16]).toContain(block);
  if (block > 0) expect(checkBlock(runtime, block)).toBe(true);
});

it('does without blocks where their operations are missing or give something else', async () => {
  const runtime = await loadRuntime();
  const refusing: Runtime = {
    ...runtime,
    load: () => {
      throw new Error('no such operation');
    },
  };
  expect(probeBlock(refusing)).toBe(0);
  let runs = 0;
  const wrong: Runtime = {
    ...runtime,
    load: (model, settings) => {
      const session = runtime.load(model, settings);
      return {
        dispose: () => session.dispose(),
        run: (feeds, fetches) => {
          const results = session.run(feeds, fetches);
          // The first run probes, the second has planes, the third blocks.
          if (++runs === 3) for (const { data } of Object.values(results)) data.fill(0 as never);
          return results;
        },
      };
    },
  };
  expect(probeBlock(wrong)).toBe(0);
});
