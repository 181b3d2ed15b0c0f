import type { LayersModel } from '@tensorflow/tfjs-layers';
import { show } from '../core/check.js';
import { FormatError } from '../core/errors.js';
import type { EfficientNetOptions } from './encoders/efficientnet.js';
import { efficientnetB0 } from './encoders/efficientnetB0.js';
import { efficientnetB1 } from './encoders/efficientnetB1.js';
import { efficientnetB2 } from './encoders/efficientnetB2.js';
import { efficientnetB3 } from './encoders/efficientnetB3.js';
import type { Encoder } from './encoders/encoder.js';
import { mobilenetV2 } from './encoders/mobilenetV2.js';
import { resnet18 } from './encoders/resnet18.js';
import { resnet34 } from './encoders/resnet34.js';
import { resnet50 } from './encoders/resnet50.js';
import { horwathUnet } from './horwathUnet.js';
import type { ModelInfo } from './modelInfo.js';
import { plainUnet } from './plainUnet.js';
import { separableUnet } from './separableUnet.js';
import { shallowNet } from './shallowNet.js';
import { stasUnet } from './stasUnet.js';
import { unet } from './unet.js';
import { unetPlusPlus } from './unetPlusPlus.js';

type Builder = (options: never) => LayersModel;

function builderOf(name: string): Builder | undefined {
  const builders: Record<string, Builder> = {
    horwathUnet,
    plainUnet,
    separableUnet,
    shallowNet,
    stasUnet,
    unet,
    unetPlusPlus,
  };
  return Object.hasOwn(builders, name) ? builders[name] : undefined;
}

function encoderOf(record: unknown, own: readonly Encoder[]): Encoder {
  const { name, ...options } = (typeof record === 'object' && record !== null ? record : {}) as { name?: unknown };
  const found = own.find((encoder) => encoder.name === name);
  if (found !== undefined) return found;
  switch (name) {
    case 'resnet18':
      return resnet18();
    case 'resnet34':
      return resnet34();
    case 'resnet50':
      return resnet50();
    case 'efficientnet-b0':
      return efficientnetB0(options as EfficientNetOptions);
    case 'efficientnet-b1':
      return efficientnetB1(options as EfficientNetOptions);
    case 'efficientnet-b2':
      return efficientnetB2(options as EfficientNetOptions);
    case 'efficientnet-b3':
      return efficientnetB3(options as EfficientNetOptions);
    case 'mobilenet_v2':
      return mobilenetV2();
    default:
      throw new FormatError(
        `the model file names the encoder ${show(name)}, which segkit does not have; give it by the option encoders.`,
      );
  }
}

/** Builds a network from what a file says of it. */
export function buildNetwork({ builder, options }: ModelInfo['architecture'], own: readonly Encoder[]): LayersModel {
  const build = builderOf(builder);
  if (build === undefined)
    throw new FormatError(`the model file names ${show(builder)}, a network segkit does not have.`);
  const encoder = 'encoder' in options ? { encoder: encoderOf(options.encoder, own) } : {};
  return build({ ...options, ...encoder } as never);
}
