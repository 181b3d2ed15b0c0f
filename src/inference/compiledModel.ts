import type { Transform } from '../augment/index.js';
import { requireShape } from '../core/check.js';
import type { Image, ProbabilityMap } from '../core/types.js';
import type { LossMode } from '../losses/index.js';
import type { ModelInfo } from '../models/index.js';
import type { OnnxLayout } from '../onnx/index.js';
import type { Network } from './network.js';
import type { OnnxSession } from './onnxSession.js';
import { toPixels, toPlanes } from './planes.js';
import type { PredictOptions } from './predictOptions.js';
import { predictTiles } from './predictTiles.js';
import { toProbabilities } from './toProbabilities.js';

/** A network that ONNX Runtime holds, ready to predict. */
export interface CompiledModel {
  /** Channels of its images. */
  readonly channels: number;
  /** Channels of its result: 1, or the number of classes. */
  readonly classes: number;
  /** What height and width are grown to multiples of; 1 where they are fixed. */
  readonly divisor: number;
  /** What `modelInfo` told of the network when it was compiled or exported; undefined for one that segkit did not build. */
  readonly info: ModelInfo | undefined;
  /**
   * Does what `predict(model, image, options)` does, with the same options.
   *
   * @throws as `predict` does; EngineError after {@link CompiledModel.dispose}, or where ONNX Runtime fails.
   */
  predict(image: Image, options?: PredictOptions): Promise<ProbabilityMap>;
  /** Frees its memory, once what is under way has ended. */
  dispose(): Promise<void>;
}

/** What is known of a network besides its session. Internal to the library. */
export interface SessionNetwork extends Pick<Network, 'channels' | 'classes' | 'size'> {
  readonly divisor: number;
  readonly layout: OnnxLayout;
  /** Name of the input. */
  readonly input: string;
  /** Name of the output. */
  readonly output: string;
  /** Whether the output is logits still. */
  readonly isLogits: boolean;
  /** How logits became probabilities, where that is settled. */
  readonly mode?: LossMode | undefined;
  /** What is known of the model that it was. */
  readonly info: ModelInfo | undefined;
  /** What makes images ready where the options of `predict` name nothing. */
  readonly preprocess: Transform | undefined;
}

/** A session with the interface of `predict`. Internal to the library. */
export function compiledModel(session: OnnxSession, known: SessionNetwork): CompiledModel {
  const { channels, classes, size, divisor, info, mode, preprocess } = known;
  return {
    ...{ channels, classes, divisor, info },
    predict: (image, options = {}) => {
      const network: Network = {
        ...{ channels, classes, size, mode },
        divisor: () => divisor,
        isDivisorFixed: true,
        forward: (samples, height, width) => forward(session, known, options.mode ?? mode, samples, height, width),
      };
      return predictTiles(network, image, options, preprocess);
    },
    dispose: () => session.dispose(),
  };
}

async function forward(
  session: OnnxSession,
  { channels, classes, layout, input, output, isLogits }: SessionNetwork,
  mode: LossMode | undefined,
  image: Float32Array,
  height: number,
  width: number,
): Promise<ArrayLike<number>> {
  const isPlanes = layout === 'NCHW';
  const shape = (depth: number) => (isPlanes ? [1, depth, height, width] : [1, height, width, depth]);
  const samples = isPlanes ? toPlanes(image, height * width, channels) : image;
  const { dims, data } = await session.run(input, samples, shape(channels), output);
  requireShape(`the network's ${output}`, dims, shape(classes));
  const values = data as Float32Array;
  const pixels = isPlanes ? toPixels(values, height * width, classes) : values;
  return isLogits ? toProbabilities(pixels, classes, mode) : pixels;
}
