import { EngineError } from '../../core/errors.js';
import { memoryOf, type WasmBackend } from './backend.js';

/**
 * Makes the wasm backend throw where its memory is used up. By itself it goes on at address 0, over its own data, so
 * that a batch too large gives wrong numbers instead of an error.
 */
export function guardMemory(backend: WasmBackend): void {
  const { wasm } = backend;
  const { malloc } = wasm.asm as { readonly malloc?: (bytes: number) => number };
  if (!malloc) return;
  const memory = memoryOf(backend);
  wasm._malloc = (bytes) => {
    const address = bytes < 2 ** 32 ? malloc(bytes) : 0;
    if (address !== 0 || bytes === 0) return address;
    const [asked, held] = [bytes, memory.buffer.byteLength].map((size) => `${Math.ceil(size / 2 ** 20)} MB`);
    throw new EngineError(
      `The wasm backend is out of memory: asked for ${asked} on top of a heap of ${held}, of 4096 MB at most. ` +
        'Use smaller batches or images, or dispose tensors.',
    );
  };
}
