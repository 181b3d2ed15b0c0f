import { Random } from 'segkit/core';
import { describe, expect, it } from 'vitest';
import { BucketQueue } from '../../src/morphology/bucketQueue.js';

describe('queue of buckets', () => {
  it('gives back every place once, buckets in order, first in first out within', () => {
    const random = new Random(2);
    const values = Float32Array.from({ length: 20000 }, () => random.uniform(-3, 5));
    values[7] = -3;
    values[8] = 5;
    const queue = new BucketQueue(-3, 5, 65);
    values.forEach((value, place) => {
      queue.push(value, place);
    });
    const bucket = (place: number) => Math.floor((values[place]! + 3) * 8);
    const wanted = Array.from(values.keys()).sort((a, b) => bucket(a) - bucket(b) || a - b);
    expect(wanted.map(() => queue.pop())).toEqual(wanted);
    expect(queue.pop()).toBe(-1);
  });
  it('takes places while it gives others, more often than it has room, and one of one value', () => {
    const queue = new BucketQueue(0, 100, 101);
    for (let value = 0; value <= 100; value++) {
      for (let i = 0; i < 100; i++) queue.push(value, 100 * value + i);
      for (let i = 0; i < 100; i++) expect(queue.pop()).toBe(100 * value + i);
    }
    expect(queue.pop()).toBe(-1);
    const flat = new BucketQueue(4, 4, 16);
    flat.push(4, 11);
    flat.push(4, 10);
    expect([flat.pop(), flat.pop(), flat.pop()]).toEqual([11, 10, -1]);
  });
});
