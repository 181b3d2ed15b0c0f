import { createMask, toGrey } from 'segkit/core';
import { fillHoles, gaussian, label, otsu, removeSmallObjects } from 'segkit/morphology';
import { measureParticles, summarizeSizes } from 'segkit/particles';
import { simulateMicrograph } from 'segkit/simulate';

const { image, calibration } = simulateMicrograph({ seed: 7 });
const smooth = gaussian(toGrey(image), { sigma: 1 });
const threshold = otsu(smooth);
const bright = createMask(
  Uint8Array.from(smooth.data, (value) => (value > threshold ? 1 : 0)),
  smooth.shape,
);
const labels = label(fillHoles(removeSmallObjects(bright, { minSize: 20 })));
const particles = measureParticles(labels, { calibration, excludeBorder: true });
const { count, mean, d50 } = summarizeSizes(particles);
console.log(`${count} particles, mean ${mean.toFixed(2)} nm, median ${d50.toFixed(2)} nm`);
