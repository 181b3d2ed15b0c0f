import { createImage, createLabels, createMask, type Image, type Mask, Random } from 'segkit/core';
import {
  close,
  dilate,
  disk,
  distanceTransform,
  erode,
  fillHoles,
  gaussian,
  greyClose,
  greyDilate,
  greyErode,
  greyOpen,
  label,
  median,
  open,
  reconstruction,
  removeSmallObjects,
  square,
  watershed,
} from 'segkit/morphology';
import { describe, expect, it } from 'vitest';
import { withoutKernels } from '../../src/morphology/wasmModules.js';

const HEIGHT = 23;
const WIDTH = 31;
const shape = [HEIGHT, WIDTH];
const random = new Random(5);
const bytes = Uint8Array.from({ length: HEIGHT * WIDTH }, () => Math.floor(random.uniform(0, 256)));
const grey = createImage(bytes, shape);
const wide = createImage(
  Uint16Array.from(bytes, (value) => 200 * value),
  shape,
);
const floats = createImage(
  Float32Array.from(bytes, (value) => value / 9 - 7),
  shape,
);
const low = createImage(
  bytes.map((value, i) => (i % 7 === 0 ? value : Math.max(0, value - 60))),
  shape,
);
const lowFloats = createImage(
  floats.data.map((value) => value - 3),
  shape,
);
const mask: Mask = createMask(
  bytes.map((value) => (value > 100 ? 1 + (value % 2) : 0)),
  shape,
);
const labels = createLabels(
  Int32Array.from(bytes, (value) => (value > 150 ? value % 40 : 0)),
  shape,
);
const markers = createLabels(
  Int32Array.from(bytes, (value, i) => (value > 240 ? i + 1 : 0)),
  shape,
);
const markersMask: Mask = createMask(
  bytes.map((value) => (value > 240 ? 3 : 0)),
  shape,
);

type Array2 = Image | Mask | typeof labels;
/** Each work, its first input, and an array for its result. */
const works: Record<string, readonly [(options: { out?: never }) => Array2, Array2, () => Array2]> = {
  label: [(o) => label(mask, o), mask, () => createLabels(undefined, shape)],
  erode: [(o) => erode(mask, o), mask, () => createMask(undefined, shape)],
  dilate: [(o) => dilate(markersMask, o), markersMask, () => createMask(undefined, shape)],
  open: [(o) => open(mask, { footprint: disk(2), ...o }), mask, () => createMask(undefined, shape)],
  close: [(o) => close(mask, o), mask, () => createMask(undefined, shape)],
  fillHoles: [(o) => fillHoles(mask, o), mask, () => createMask(undefined, shape)],
  'removeSmallObjects of a mask': [
    (o) => removeSmallObjects(mask, { minSize: 4, ...o }),
    mask,
    () => createMask(undefined, shape),
  ],
  'removeSmallObjects of labels': [
    (o) => removeSmallObjects(labels, { minSize: 4, ...o }),
    labels,
    () => createLabels(undefined, shape),
  ],
  distanceTransform: [
    (o) => distanceTransform(mask, o),
    mask,
    () => createImage(new Float32Array(HEIGHT * WIDTH), shape),
  ],
  'distanceTransform, chessboard': [
    (o) => distanceTransform(mask, { metric: 'chessboard', ...o }),
    mask,
    () => createImage(new Float32Array(HEIGHT * WIDTH), shape),
  ],
  gaussian: [(o) => gaussian(grey, o), grey, () => createImage(new Float32Array(HEIGHT * WIDTH), shape)],
  'median of bytes': [
    (o) => median(grey, { footprint: square(5), ...o }),
    grey,
    () => createImage(new Uint8Array(HEIGHT * WIDTH), shape),
  ],
  'median of floats': [(o) => median(floats, o), floats, () => createImage(new Float32Array(HEIGHT * WIDTH), shape)],
  greyErode: [(o) => greyErode(grey, o), grey, () => createImage(new Uint8Array(HEIGHT * WIDTH), shape)],
  greyDilate: [(o) => greyDilate(wide, o), wide, () => createImage(new Uint16Array(HEIGHT * WIDTH), shape)],
  greyOpen: [(o) => greyOpen(floats, o), floats, () => createImage(new Float32Array(HEIGHT * WIDTH), shape)],
  greyClose: [(o) => greyClose(grey, o), grey, () => createImage(new Uint8Array(HEIGHT * WIDTH), shape)],
  reconstruction: [(o) => reconstruction(low, grey, o), low, () => createImage(new Uint8Array(HEIGHT * WIDTH), shape)],
  'reconstruction by erosion': [
    (o) => reconstruction(floats, lowFloats, { method: 'erosion', ...o }),
    floats,
    () => createImage(new Float32Array(HEIGHT * WIDTH), shape),
  ],
  watershed: [(o) => watershed(grey, { markers, ...o }), markers, () => createLabels(undefined, shape)],
  'watershed on a mask': [
    (o) => watershed(floats, { markers, mask, ...o }),
    markers,
    () => createLabels(undefined, shape),
  ],
  'watershed with lines': [
    (o) => watershed(grey, { markers, mask, watershedLine: true, ...o }),
    markers,
    () => createLabels(undefined, shape),
  ],
};

describe('out', () => {
  it.each(Object.entries(works))('%s is written to it, whatever was there, and it is returned', (_, work) => {
    const [run, , make] = work;
    for (const around of [(f: () => unknown) => f(), withoutKernels]) {
      around(() => {
        const plain = run({});
        const out = make();
        out.data.fill(99);
        expect(run({ out: out as never })).toBe(out);
        expect(out.data).toEqual(plain.data);
        expect(plain.data.some((value) => value !== plain.data[0])).toBe(true);
      });
    }
  });
  it.each(Object.entries(works))('%s refuses what does not fit', (_, [run, input, make]) => {
    const refuse = (out: unknown, message: string) => expect(() => run({ out: out as never })).toThrow(message);
    refuse([1, 2], 'out must be an ndarray of shape [23, 31], got [1, 2].');
    refuse(createImage(new Uint8Array(3), [1, 3]), 'out must ');
    const made = make();
    refuse(made.transpose(1, 0), 'out must have shape [23, 31], got [31, 23].');
    refuse(made.step(1, -1), 'out must hold its samples row by row');
    const other = made.data instanceof Int32Array ? createMask(undefined, shape) : createLabels(undefined, shape);
    refuse(other, `out must hold a ${made.data.constructor.name}, got a ${other.data.constructor.name}`);
    if (input.data.constructor === made.data.constructor) refuse(input, 'out must not lie in the memory of an input');
  });
  it('takes a part of a buffer beside the input, and not one that overlaps', () => {
    const buffer = new ArrayBuffer(3 * 20);
    const input = createMask(new Uint8Array(buffer, 0, 20).fill(1, 3, 9), [4, 5]);
    const beside = createMask(new Uint8Array(buffer, 20, 20), [4, 5]);
    expect(erode(input, { out: beside }).data).toEqual(erode(input).data);
    const over = createMask(new Uint8Array(buffer, 19, 20), [4, 5]);
    expect(() => erode(input, { out: over })).toThrow('out must not lie in the memory of an input');
  });
  it('of several channels', () => {
    const colours = createImage(bytes.slice(0, 22 * 10 * 3), [22, 10, 3]);
    const out = createImage(new Float32Array(22 * 10 * 3).fill(5), [22, 10, 3]);
    expect(gaussian(colours, { out })).toBe(out);
    expect(out.data).toEqual(gaussian(colours).data);
  });
});
