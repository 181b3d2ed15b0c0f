import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bundleCases, bundleSize } from '../../scripts/bundle.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

describe('a browser bundle', () => {
  it.each(bundleCases.map((item) => [item.name, item] as const))(
    'of %s weighs no more than stated, without TensorFlow.js; the README is right to 3 kB',
    async (_, item) => {
      const { initial, total, tensorflow } = await bundleSize(item, 'src');
      expect(tensorflow).toEqual([]);
      expect(initial).toBeGreaterThan(50);
      expect(initial).toBeLessThanOrEqual(item.limit);
      expect(total).toBeLessThanOrEqual(item.totalLimit ?? item.limit);
      if (!item.name.startsWith('segkit/')) return;
      const stated = new RegExp(`\`${item.name}\`.*\\| (\\d+) kB \\|`).exec(readme)?.[1];
      expect(stated).toBeDefined();
      expect(Math.abs(total / 1000 - Number(stated))).toBeLessThan(3);
    },
  );

  it('of the losses does bring in TensorFlow.js, so the check can fail', async () => {
    const { tensorflow } = await bundleSize(
      { name: '', code: `export { diceLoss } from 'segkit/losses'`, limit: 0 },
      'src',
    );
    expect(tensorflow.length).toBeGreaterThan(0);
  });
});
