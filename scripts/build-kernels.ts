/**
 * Builds the WebAssembly kernels of segkit/morphology: `npm run kernels` writes src/morphology/kernelBytes.ts;
 * `npm run kernels -- --check` fails where the committed file differs from what the source gives.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const source = fileURLToPath(new URL('kernels/morphology.ts', import.meta.url));
const target = fileURLToPath(new URL('../src/morphology/kernelBytes.ts', import.meta.url));

const { binary, error, stderr } = await asc.compileString(readFileSync(source, 'utf8'), {
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
const file = `/** The module that scripts/kernels/morphology.ts gives, in base64; \`npm run kernels\` writes it. */
export const KERNEL_BYTES =
${lines.join(' +\n')};
`;
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== file) {
    console.error('src/morphology/kernelBytes.ts is not what its source gives: npm run kernels');
    process.exitCode = 1;
  } else console.log(`kernels: ${binary.length} bytes, as committed`);
} else {
  writeFileSync(target, file);
  console.log(`kernels: ${binary.length} bytes`);
}
