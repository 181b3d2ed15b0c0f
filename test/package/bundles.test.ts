import { describe, expect, it } from 'vitest';
import { bundleCases, bundleSize } from '../../scripts/bundle.js';

describe('a browser bundle', () => {
  it.each(bundleCases.map((item) => [item.name, item] as const))(
    'of %s weighs no more than stated, without TensorFlow.js',
    async (_, item) => {
      const { initial, total, tensorflow } = await bundleSize(item, 'src');
      expect(tensorflow).toEqual([]);
      expect(initial).toBeGreaterThan(50);
      expect(initial).toBeLessThanOrEqual(item.limit);
      expect(total).toBeLessThanOrEqual(item.totalLimit ?? item.limit);
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
