// Run by tests as a process of its own, to be killed: node --import tsx child.ts WORK PATH
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { abortOnInterrupt, csvLogger, withOutputFolder, writeFileAtomic } from 'segkit/node';

const [work, path] = process.argv.slice(2) as [string, string];
const alive = setInterval(() => undefined, 1000);
const forever = () => new Promise<never>(() => undefined);

switch (work) {
  case 'write': {
    for (let round = 0; ; round++) {
      await writeFileAtomic(path, String.fromCharCode(65 + (round % 26)).repeat(8_000_000));
      if (round === 0) process.stdout.write('ready\n');
    }
  }
  case 'log': {
    const logger = csvLogger(path);
    for (let epoch = 1; ; epoch++) {
      logger.log({ epoch, text: 'x'.repeat(2000), end: 'end' });
      if (epoch === 3) process.stdout.write('ready\n');
    }
  }
  case 'stage':
  case 'abort': {
    const signal = work === 'abort' ? abortOnInterrupt() : undefined;
    try {
      await withOutputFolder(path, async (stage) => {
        writeFileSync(join(stage, 'result.txt'), 'half');
        process.stdout.write('ready\n');
        await (signal
          ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
          : forever());
      });
    } catch (error) {
      process.stdout.write(`${error}\n`);
      process.exitCode = 1;
      clearInterval(alive);
    }
    break;
  }
  case 'nested': {
    await withOutputFolder(path, (outer) => {
      writeFileSync(join(outer, 'result.txt'), 'half');
      return withOutputFolder(join(path, 'inner'), async (stage) => {
        writeFileSync(join(stage, 'result.txt'), 'half');
        process.stdout.write('ready\n');
        await forever();
      });
    });
    break;
  }
  case 'exit': {
    await withOutputFolder(path, async (stage) => {
      writeFileSync(join(stage, 'result.txt'), 'half');
      process.exit(3);
    });
    break;
  }
  default:
    throw new Error(`unknown work: ${work}`);
}
