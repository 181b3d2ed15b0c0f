import { createMask } from 'segkit/core';
import { label } from 'segkit/morphology';
import { measureParticles } from 'segkit/particles';

const calibration = { pixelSize: 0.25, unit: 'nm' } as const;

self.onmessage = ({ data: { data, shape } }: MessageEvent<{ data: Uint8Array; shape: [number, number] }>) => {
  self.postMessage(measureParticles(label(createMask(data, shape)), { calibration }));
};
