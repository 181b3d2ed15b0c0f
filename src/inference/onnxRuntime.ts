import { env } from '@tensorflow/tfjs-core';
import { show } from '../core/check.js';
import { EngineError } from '../core/errors.js';
import { importPackage } from '../engine/importPackage.js';

/**
 * ONNX Runtime: the module `onnxruntime-node` or `onnxruntime-web` (`import * as runtime from 'onnxruntime-web'`), of
 * which this is the part that segkit uses.
 */
export interface OnnxRuntime {
  /** Makes sessions. */
  readonly InferenceSession: {
    /** Loads a model. */
    create(model: Uint8Array, options?: object): Promise<OnnxRuntimeSession>;
  };
  /** The class of tensors. */
  readonly Tensor: object;
}

/** A model that ONNX Runtime has loaded. */
export interface OnnxRuntimeSession {
  /** Runs the model. */
  run(feeds: Record<string, never>): Promise<Readonly<Record<string, OnnxRuntimeTensor>>>;
  /** Frees its memory. */
  release(): Promise<void>;
}

/** A tensor that ONNX Runtime returns. */
export interface OnnxRuntimeTensor {
  /** Its shape. */
  readonly dims: readonly number[];
  /** Its numbers. */
  readonly data: unknown;
}

/**
 * The runtime that the caller names, or `onnxruntime-node` where that is installed. Bundlers see no import of either.
 *
 * @throws TypeError where what was named is no such module; EngineError where none was and none can be found.
 */
export async function findRuntime(asker: string, named: OnnxRuntime | undefined): Promise<OnnxRuntime> {
  if (named !== undefined) {
    const { InferenceSession, Tensor } = (named ?? {}) as Partial<OnnxRuntime>;
    if (typeof InferenceSession?.create === 'function' && typeof Tensor === 'function') return named;
    throw new TypeError(`runtime must be the module onnxruntime-web or onnxruntime-node, got ${show(named)}.`);
  }
  if (!env().getBool('IS_NODE')) {
    throw new EngineError(
      `${asker} needs ONNX Runtime: npm install onnxruntime-web, and pass it on as runtime, ` +
        `for example { runtime: await import('onnxruntime-web') }.`,
    );
  }
  const { module, obstacle } = await importPackage<OnnxRuntime & { readonly default?: OnnxRuntime }>(
    'onnxruntime-node',
  );
  if (module) return module.default ?? module;
  throw new EngineError(
    `${asker} needs ONNX Runtime, but ${obstacle}: npm install onnxruntime-node --onnxruntime-node-install=skip.`,
  );
}
