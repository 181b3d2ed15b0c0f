import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import type { StatefulLayer } from './layers/stateTensor.js';
import { requireModel } from './requireModel.js';

type AnyLayer = InstanceType<typeof layers.Layer>;

function isStateful(layer: AnyLayer): layer is AnyLayer & StatefulLayer {
  return 'stateTensors' in layer && typeof layer.stateTensors === 'function';
}

/**
 * The layers of a model that hold weights, in the order of the network.
 *
 * @throws RangeError where a layer holds weights without PyTorch names.
 */
export function statefulLayers(model: LayersModel): readonly (AnyLayer & StatefulLayer)[] {
  requireModel(model);
  return model.layers.filter((layer): layer is AnyLayer & StatefulLayer => {
    if (isStateful(layer)) return true;
    if (layer.weights.length === 0) return false;
    throw new RangeError(
      `model must be built by segkit: layer ${layer.name} of class ${layer.getClassName()} has weights without PyTorch names.`,
    );
  });
}
