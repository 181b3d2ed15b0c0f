import { tensor } from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import { expectSame, gradientsOf, useOnnxBackend } from './compare.js';
import { flatten, LAYOUT_CASES, layoutInputs, onConvolutions } from './layoutCases.js';

useOnnxBackend();

const WITH_GRADIENTS = [
  'operations on two',
  'a number for every channel',
  'a number for every pixel',
  'functions',
  'sums and means',
  'softmax',
  'joining and parting',
];

describe.each([32, 24, 5, 2])('on images of %d channels from a convolution', (channels) => {
  it.each(Object.entries(LAYOUT_CASES))('%s: equal to the cpu backend', (_, compute) =>
    expectSame(layoutInputs(channels), onConvolutions(compute), { absolute: 1e-4, relative: 1e-5 }),
  );

  it.each(WITH_GRADIENTS)('%s: gradients equal to the cpu backend', (name) => {
    const [image, first, ...others] = layoutInputs(channels);
    return expectSame(
      [image!, first!],
      gradientsOf((...both) => {
        const constants = others.map(({ data, shape }) => tensor([...data], [...shape]));
        return flatten(onConvolutions(LAYOUT_CASES[name]!)(...both, ...constants));
      }),
      { absolute: 1e-3, relative: 1e-4 },
    );
  });
});
