/**
 * One training step (forward pass, cross entropy, backward pass, AdamW) of our engines beside PyTorch, in turns, two
 * threads each (wasm has one): `npm run bench:train -- [--networks unet,separableUnet,unetPlusPlus]
 * [--engines onnx,wasm] [--rounds 7]`. The first engine is the one that the last line is about: its time over
 * PyTorch's, and the time of wasm over its own. PYTHON names another interpreter than /usr/bin/python3.
 */
import type { NetworkName, Task } from './networks.js';
import { raceOptions } from './options.js';
import { bench, medianOf, peer, printTable, type Result, race } from './race.js';

const common = { kind: 'train', threads: 2, baseFilters: 16 } as const;
const tasks: Record<NetworkName, Omit<Task, 'weights' | 'network'>> = {
  unet: { ...common, shape: [4, 256, 256, 1] },
  separableUnet: { ...common, shape: [4, 256, 256, 1] },
  unetPlusPlus: { ...common, shape: [2, 256, 256, 3] },
};

function requireLearning({ name, values }: Result): void {
  const [first, last] = [values[0]![0]!, values.at(-1)![0]!];
  if (!(last < first)) throw new Error(`the loss of ${name} must fall, got ${first} first and ${last} last`);
}

await bench(async () => {
  const { networks, engines, rounds } = raceOptions(['unet', 'separableUnet', 'unetPlusPlus'], ['onnx', 'wasm']);
  const ratioToPyTorch: Record<string, number> = {};
  const speedupOverWasm: Record<string, number> = {};
  for (const network of networks) {
    const results = await race({ ...tasks[network], network }, { engines, rounds, tolerance: 1e-3 });
    results.forEach(requireLearning);
    printTable('step', results);
    const ours = results[0]!.median;
    ratioToPyTorch[network] = Number((ours / medianOf(results, peer)!).toFixed(3));
    const wasm = medianOf(results.slice(1), 'wasm');
    if (wasm !== undefined) speedupOverWasm[network] = Number((wasm / ours).toFixed(3));
  }
  return { ratioToPyTorch, speedupOverWasm };
});
