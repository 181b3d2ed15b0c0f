import { createLabels, createMask, type Mask } from 'segkit/core';
import { label, type SplitResult, splitByConcavity, splitByEllipses, splitByWatershed } from 'segkit/morphology';
import { describe, expect, it } from 'vitest';
import { discMask } from './grids.js';

const union = (...masks: Mask[]) =>
  createMask(
    masks[0]!.data.map((_, i) => (masks.some(({ data }) => data[i] === 1) ? 1 : 0)),
    masks[0]!.shape,
  );
const methods: ReadonlyArray<readonly [string, (mask: Mask) => SplitResult]> = [
  ['splitByWatershed', splitByWatershed],
  ['splitByConcavity', splitByConcavity],
  ['splitByEllipses', splitByEllipses],
];

describe.each(methods)('%s', (_, split) => {
  const pair = union(discMask(40, 60, 20, 18, 10), discMask(40, 60, 20, 35, 10));
  it('cuts two overlapping discs in the middle, and nothing is lost', () => {
    const { labels, cuts } = split(pair);
    expect(cuts).toHaveLength(1);
    expect(cuts[0]).toMatchObject({ object: 1, between: [1, 2] });
    expect(cuts[0]!.confidence).toBeGreaterThan(0.2);
    expect(cuts[0]!.confidence).toBeLessThanOrEqual(1);
    expect(labels.get(20, 18)).not.toBe(labels.get(20, 35));
    labels.data.forEach((id, i) => {
      expect(id > 0).toBe(pair.data[i] === 1);
    });
    const areas = [1, 2].map((id) => labels.data.filter((value) => value === id).length);
    expect(Math.abs(areas[0]! - areas[1]!)).toBeLessThan(0.1 * areas[0]!);
  });
  it('leaves a disc, an ellipse-like bar and tiny objects whole', () => {
    const whole = union(discMask(40, 60, 15, 15, 9), discMask(40, 60, 30, 50, 1), discMask(40, 60, 5, 55, 0));
    const { labels, cuts } = split(whole);
    expect(cuts).toEqual([]);
    expect(labels.data).toEqual(label(whole).data);
    expect(split(createMask(undefined, [5, 5])).cuts).toEqual([]);
  });
  it('is surer of a narrow neck than of a wide one', () => {
    const narrow = union(discMask(40, 60, 20, 16, 10), discMask(40, 60, 20, 35, 10));
    const wide = union(discMask(40, 60, 20, 19, 10), discMask(40, 60, 20, 34, 10));
    expect(split(narrow).cuts[0]!.confidence).toBeGreaterThan(split(wide).cuts[0]?.confidence ?? 0);
  });
  it('splits a chain of three', () => {
    const chain = union(discMask(40, 80, 20, 15, 9), discMask(40, 80, 20, 30, 9), discMask(40, 80, 20, 45, 9));
    const { labels, cuts } = split(chain);
    expect(cuts).toHaveLength(2);
    expect(new Set([15, 30, 45].map((column) => labels.get(20, column))).size).toBe(3);
  });
  it('splits labels each for itself: what touches another id stays that id', () => {
    const labels = createLabels(
      Int32Array.from(pair.data, (value, i) => (value === 0 ? 0 : i % 60 < 27 ? 7 : 4)),
      [40, 60],
    );
    const found = split(labels as unknown as Mask);
    expect(found.cuts).toEqual([]);
    expect(new Set(found.labels.data).size).toBe(3);
  });
});
