import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { attach, channelCount } from './blocks.js';
import { Gate2D } from './layers/gate2d.js';
import { GlobalPool2D } from './layers/globalPool2d.js';
import { TorchConv2D } from './layers/torchConv2d.js';

/**
 * Concurrent spatial and channel squeeze and excitation (Roy et al. 2018) as SMP has it: features weighed by channel,
 * plus features weighed by pixel. The channels are squeezed 16-fold.
 */
export function scse(features: SymbolicTensor, name: string): SymbolicTensor {
  const at = `${name}.attention`;
  const channels = channelCount(features);
  const conv = (leaf: string, filters: number, activation: 'relu' | 'sigmoid') =>
    new TorchConv2D({ name: `${at}.${leaf}`, filters, kernelSize: 1, activation, initializer: 'kaimingUniform' });
  const means = attach(new GlobalPool2D({ name: `${at}.cSE.0` }), features);
  const squeezed = attach(conv('cSE.1', Math.max(1, Math.floor(channels / 16)), 'relu'), means);
  const byChannel = attach(conv('cSE.3', channels, 'sigmoid'), squeezed);
  const byPixel = attach(conv('sSE.0', 1, 'sigmoid'), features);
  return attach(layers.add({ name: `${at}.add` }), [
    attach(new Gate2D({ name: `${at}.cSE` }), [features, byChannel]),
    attach(new Gate2D({ name: `${at}.sSE` }), [features, byPixel]),
  ]);
}
