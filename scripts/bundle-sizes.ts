// Prints what each part of the built package weighs in a browser bundle, and fails where one weighs more than stated
// or brings in TensorFlow.js. Run after `npm run build`: `npm run bundle-sizes`.
import { bundleCases, bundleSize } from './bundle.js';

let failures = 0;
console.log('minified bytes                            at once     limit  on demand too');
for (const item of bundleCases) {
  const { initial, total, tensorflow } = await bundleSize(item, 'dist');
  const wrong = initial > item.limit || total > (item.totalLimit ?? item.limit) || tensorflow.length > 0;
  if (wrong) failures++;
  const numbers = [initial, item.limit, total].map((number) => String(number).padStart(10)).join('');
  console.log(
    `${item.name.padEnd(38)}${numbers}${wrong ? '   TOO MUCH' : ''}${tensorflow.length > 0 ? `  ${tensorflow[0]}` : ''}`,
  );
}
if (failures > 0) {
  console.error(`${failures} bundles weigh more than stated, or bring in TensorFlow.js`);
  process.exitCode = 1;
}
