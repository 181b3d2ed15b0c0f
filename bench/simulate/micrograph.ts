/** Time of simulated micrographs by size, on one core: `npx tsx bench/simulate/micrograph.ts`. */
import { simulateMicrograph } from '../../src/simulate/index.js';

for (const size of [256, 512, 1024]) {
  for (const mode of ['darkField', 'brightField'] as const) {
    simulateMicrograph({ seed: 0, height: size, width: size, mode });
    const times = Array.from({ length: 7 }, (_, seed) => {
      const start = performance.now();
      simulateMicrograph({ seed, height: size, width: size, mode });
      return performance.now() - start;
    });
    const median = times.sort((a, b) => a - b)[3]!;
    console.log(`${size} x ${size} ${mode.padEnd(12)}${median.toFixed(0).padStart(6)} ms (median of 7)`);
  }
}
