/**
 * Builds the WebAssembly kernels of segkit/morphology: `npm run kernels` writes src/morphology/kernelBytes.ts and
 * runKernelBytes.ts; `npm run kernels -- --check` fails where a committed file differs from what its source gives.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const MODULES = [
  { source: 'morphology', target: 'kernelBytes', name: 'KERNEL_BYTES' },
  { source: 'runs', target: 'runKernelBytes', name: 'RUN_KERNEL_BYTES' },
];

for (const { source, target, name } of MODULES) {
  const path = fileURLToPath(new URL(`../src/morphology/${target}.ts`, import.meta.url));
  const code = readFileSync(new URL(`kernels/${source}.ts`, import.meta.url), 'utf8');
  const { binary, error, stderr } = await asc.compileString(code, {
    optimizeLevel: 3,
    shrinkLevel: 0,
    enable: ['simd'],
    runtime: 'stub',
    noAssert: true,
  });
  if (error !== null || binary === null) {
    console.error(stderr.toString());
    throw error ?? new Error('the compiler gave no module');
  }
  const text = Buffer.from(binary).toString('base64');
  const lines = text.match(/.{1,100}/g)!.map((line) => `  '${line}'`);
  const file = `/** The module that scripts/kernels/${source}.ts gives, in base64; \`npm run kernels\` writes it. */
export const ${name} =
${lines.join(' +\n')};
`;
  if (process.argv.includes('--check')) {
    if (readFileSync(path, 'utf8') !== file) {
      console.error(`src/morphology/${target}.ts is not what its source gives: npm run kernels`);
      process.exitCode = 1;
    } else console.log(`kernels of ${source}: ${binary.length} bytes, as committed`);
  } else {
    writeFileSync(path, file);
    console.log(`kernels of ${source}: ${binary.length} bytes`);
  }
}
