import { describe, it } from 'vitest';
import { expectSame, useOnnxBackend } from './compare.js';
import { LAYOUT_CASES, layoutInputs, onConvolutions } from './layoutCases.js';

// Graphs that run on any machine, as exported ones do.
useOnnxBackend({ block: 0 });

describe.each([20, 2])('without blocks, on images of %d channels from a convolution', (channels) => {
  it.each(Object.entries(LAYOUT_CASES))('%s: equal to the cpu backend', (_, compute) =>
    expectSame(layoutInputs(channels), onConvolutions(compute), { absolute: 1e-4, relative: 1e-5 }),
  );
});
