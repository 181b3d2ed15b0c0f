/**
 * Predicting one image of 512 x 512, from its samples in memory to the probabilities in memory, beside PyTorch (eval,
 * no_grad, softmax), in turns, two threads each: `npm run bench:predict -- [--networks unetPlusPlus,separableUnet]
 * [--engines compiled] [--rounds 7]`. `compiled` is `compileModel`, whose compiling counts into the first turn; `onnx`
 * and `wasm` are `predict` on these engines. The last line is about the first of them. The separable U-Net has the
 * paper's 64 channels. PYTHON names another interpreter than /usr/bin/python3.
 */
import type { Task } from './networks.js';
import { raceOptions } from './options.js';
import { bench, medianOf, peer, printTable, race } from './race.js';

const common = { kind: 'predict', threads: 2, baseFilters: 64 } as const;
const tasks: Record<'unetPlusPlus' | 'separableUnet', Omit<Task, 'weights' | 'network'>> = {
  unetPlusPlus: { ...common, shape: [1, 512, 512, 3] },
  separableUnet: { ...common, shape: [1, 512, 512, 1] },
};

await bench(async () => {
  const { networks, engines, rounds } = raceOptions(['unetPlusPlus', 'separableUnet'], ['compiled']);
  const speedupOverPyTorch: Record<string, number> = {};
  for (const network of networks) {
    const results = await race({ ...tasks[network], network }, { engines, rounds, tolerance: 1e-4 });
    printTable('image', results);
    speedupOverPyTorch[network] = Number((medianOf(results, peer)! / results[0]!.median).toFixed(3));
  }
  return { speedupOverPyTorch };
});
