import { Assembler } from './assembler.js';
import { type KernelFunctions, memoryOf, type WasmBackend } from './backend.js';
import { defineConvolutions } from './defineConvolutions.js';
import { defineElementwise } from './defineElementwise.js';
import { defineNormalization } from './defineNormalization.js';
import { defineOptimizer } from './defineOptimizer.js';
import { definePooling } from './definePooling.js';
import { defineRows } from './defineRows.js';

/** Assembles the kernels and links them to the memory of the backend. */
export async function loadKernels(backend: WasmBackend): Promise<KernelFunctions> {
  const memory = memoryOf(backend);
  const shared = typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer;
  const assembler = new Assembler();
  defineConvolutions(assembler);
  defineElementwise(assembler);
  defineNormalization(assembler);
  defineOptimizer(assembler);
  definePooling(assembler);
  defineRows(assembler);
  const { instance } = await WebAssembly.instantiate(assembler.toBytes({ shared }), { env: { memory } });
  return instance.exports as KernelFunctions;
}
