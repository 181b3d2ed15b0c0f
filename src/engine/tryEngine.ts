import { env, findBackend, ready, setBackend } from '@tensorflow/tfjs-core';
import { missingTrainingKernels, threadsOf } from './abilities.js';
import { messageOf, type Obstacle } from './importPackage.js';
import { failureOf, loadBackend } from './loadBackend.js';
import { prepareOnnxEngine } from './prepareOnnxEngine.js';
import type { ConsideredEngine, EngineName } from './types.js';
import type { WasmBackend } from './wasm/backend.js';
import { prepareTraining } from './wasm/prepareTraining.js';
import { correctCast } from './webgpu/correctCast.js';
import { keepUploads } from './webgpu/keepUploads.js';
import { probeWebGpu } from './webgpu/probeWebGpu.js';
import { provideWebGpu } from './webgpu/provideWebGpu.js';
import { raiseErrors } from './webgpu/raiseErrors.js';

/** What an engine must do. */
export interface EngineWish {
  readonly training: boolean;
  readonly allowSoftware: boolean;
  /** CPU threads at most, or as many as the engine takes by itself. */
  readonly threads: number | undefined;
}

/** Prepares an engine and makes it the active one, or says why not; another backend may be active then. */
export async function tryEngine(name: EngineName, wish: EngineWish): Promise<ConsideredEngine> {
  const { obstacle, reason } = name === 'webgpu' ? await startWebGpu(wish) : await startOther(name, wish);
  return obstacle === undefined
    ? { name, available: true, reason: reason ?? purposeOf(name) }
    : { name, available: false, reason: obstacle };
}

interface Start {
  readonly obstacle?: Obstacle;
  readonly reason?: string;
}

async function startOther(name: EngineName, wish: EngineWish): Promise<Start> {
  let obstacle = forbids(name, wish);
  obstacle ??= name === 'onnx' ? await prepareOnnxEngine(wish.threads) : await loadBackend(name);
  obstacle ??= await activate(name);
  if (name === 'wasm') obstacle ??= await prepareWasm(wish);
  return { obstacle: obstacle ?? lacks(name, wish) };
}

/** Takes WebGPU only with an adapter that will do, and leaves no trace of it otherwise. */
async function startWebGpu(wish: EngineWish): Promise<Start> {
  const { obstacle: absent, withdraw } = await provideWebGpu();
  if (absent !== undefined) return { obstacle: absent };
  const { kind, reason } = await probeWebGpu();
  let obstacle: Obstacle;
  if (kind === 'none') obstacle = reason;
  if (kind === 'software' && !wish.allowSoftware) {
    obstacle = `${reason}, which is software and slower than wasm (the option allowSoftware takes it all the same)`;
  }
  obstacle ??= await loadBackend('webgpu');
  obstacle ??= await activate('webgpu');
  if (obstacle === undefined) {
    raiseErrors(findBackend('webgpu'));
    correctCast();
    keepUploads(findBackend('webgpu'));
  }
  obstacle ??= lacks('webgpu', wish);
  if (obstacle === undefined) return { reason };
  withdraw();
  return { obstacle };
}

/** What speaks against an engine from the outset. */
function forbids(name: EngineName, { threads }: EngineWish): Obstacle {
  if (name === 'webgl' && env().getBool('IS_NODE')) return 'runs in browsers only';
  if (name === 'tensorflow' && threads !== undefined) {
    return 'the native library chooses its threads itself: leave out the option threads';
  }
  return undefined;
}

function lacks(name: EngineName, { training }: EngineWish): Obstacle {
  const missing = training ? missingTrainingKernels(name) : [];
  return missing.length > 0 ? `cannot train: it lacks ${missing.join(', ')}` : undefined;
}

async function activate(name: EngineName): Promise<Obstacle> {
  try {
    if (await setBackend(name)) {
      await ready();
      return undefined;
    }
    return `does not start: ${await failureOf(name)}`;
  } catch (error) {
    return `does not start: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function prepareWasm({ training, threads }: EngineWish): Promise<Obstacle> {
  const running = threadsOf('wasm') ?? 1;
  if (threads !== undefined && running > threads) {
    return `runs on ${running} threads: call setThreadsCount of @tensorflow/tfjs-backend-wasm before it starts`;
  }
  try {
    await prepareTraining(findBackend('wasm') as WasmBackend);
  } catch (error) {
    if (training) {
      return `cannot train: its extra kernels do not load (they need WebAssembly SIMD): ${messageOf(error)}`;
    }
  }
  return undefined;
}

function purposeOf(name: EngineName): string {
  const threads = threadsOf(name) ?? 1;
  const on = threads === 1 ? 'one thread' : `${threads} threads`;
  if (name === 'tensorflow') return 'the native TensorFlow library is installed';
  if (name === 'webgl') return 'this browser has WebGL';
  if (name === 'onnx') return `ONNX Runtime on ${on} of the CPU`;
  if (name === 'wasm') return `WebAssembly with ${on} and the training kernels of segkit`;
  return 'plain JavaScript, which runs everywhere and is slow';
}
