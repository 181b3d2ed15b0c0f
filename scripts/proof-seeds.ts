// Runs the quickstart for several seeds and fails where one misses its promise: test MIoU of at least 0.85, mean
// diameter within 3 % of the truth, 3 minutes. npm run proof:seeds [-- SEED ...]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Result {
  readonly miou: number;
  readonly meanDiameterNm: number;
  readonly trueMeanDiameterNm: number;
  readonly d50Nm: number;
  readonly trueD50Nm: number;
  readonly seconds: number;
}

const seeds = process.argv.length > 2 ? process.argv.slice(2) : ['1', '2', '3', '4', '5'];
const folder = mkdtempSync(join(tmpdir(), 'segkit-seeds-'));
console.log('| seed | test MIoU | mean diameter, found / true (nm) | off by | seconds (2 cores) |');
console.log('| --- | --- | --- | --- | --- |');
try {
  for (const seed of seeds) {
    const args = ['--import', 'tsx', 'examples/quickstart.ts', '--seed', seed, '--out', join(folder, seed)];
    const printed = execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const { miou, meanDiameterNm, trueMeanDiameterNm, seconds } = JSON.parse(
      printed.trim().split('\n').at(-1)!,
    ) as Result;
    const off = meanDiameterNm / trueMeanDiameterNm - 1;
    const kept = miou >= 0.85 && Math.abs(off) <= 0.03 && seconds <= 180;
    console.log(
      `| ${seed} | ${miou.toFixed(3)} | ${meanDiameterNm.toFixed(3)} / ${trueMeanDiameterNm.toFixed(3)} ` +
        `| ${(off * 100).toFixed(1)} % | ${seconds.toFixed(0)} |${kept ? '' : ' MISSED'}`,
    );
    if (!kept) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
