import type { LayersModel } from '@tensorflow/tfjs-layers';
import { show } from '../core/check.js';
import type { Network } from './network.js';

/**
 * What a model takes and returns. Internal to the library.
 *
 * @throws TypeError or RangeError for anything but a model of one image and its logits.
 */
export function portsOf(model: LayersModel): Pick<Network, 'channels' | 'classes' | 'size'> {
  const input = model?.inputs?.[0]?.shape;
  const output = model?.outputs?.[0]?.shape;
  if (input === undefined || output === undefined) {
    throw new TypeError(`model must be a LayersModel, got ${show(model)}.`);
  }
  const [channels, classes] = [input[3], output[3]];
  if (model.inputs.length !== 1 || model.outputs.length !== 1 || !channels || !classes) {
    throw new RangeError(
      'model must take one input [batch, height, width, channels] and return logits [batch, height, width, classes], ' +
        `got inputs ${show(model.inputs.map(({ shape }) => shape))} and outputs ${show(model.outputs.map(({ shape }) => shape))}.` +
        (model.outputs.length > 1 ? ' mainOutput(model) has the first alone.' : ''),
    );
  }
  return { channels, classes, size: [input[1] ?? undefined, input[2] ?? undefined] };
}
