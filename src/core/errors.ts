/**
 * Thrown where the bytes of a file are not what its format demands: a truncated PNG, an XML without images, a TIFF
 * with an unknown compression. The message says what was expected, what came and, where known, the position.
 *
 * @example
 * ```ts
 * const error = new FormatError('PNG: the file ends inside the image data');
 * error.name; // 'FormatError'
 * ```
 */
export class FormatError extends Error {
  /** Always `'FormatError'`, so that errors survive bundlers and worker boundaries recognisably. */
  override readonly name = 'FormatError';
}

/**
 * Thrown where a backend cannot do what is asked of it, for example train a network.
 *
 * @example
 * ```ts
 * const error = new EngineError('the wasm backend is not installed');
 * error instanceof Error; // true
 * ```
 */
export class EngineError extends Error {
  /** Always `'EngineError'`. */
  override readonly name = 'EngineError';
}
