import { env } from '@tensorflow/tfjs-core';
import { importPackage } from '../importPackage.js';
import { missingVulkan } from './missingVulkan.js';

/** The part of the npm package `webgpu` that is used. */
interface WebGpuPackage {
  readonly create?: (options: readonly string[]) => object;
  readonly globals?: Readonly<Record<string, unknown>>;
}

/** Whether WebGPU could be set up, and how to take it away again. */
export interface ProvidedWebGpu {
  readonly obstacle?: string;
  /** Takes away what was set up here; WebGPU that was there before stays. */
  withdraw(): void;
}

/**
 * Makes sure that `navigator.gpu` is there. A browser has it or not; in Node it comes from the npm package `webgpu`
 * (Dawn, the WebGPU of Chromium) and must be in place before `@tensorflow/tfjs-backend-webgpu` is imported.
 */
export async function provideWebGpu(): Promise<ProvidedWebGpu> {
  const scope = globalThis as { readonly navigator?: { readonly gpu?: unknown } };
  const withdrawals: (() => void)[] = [];
  const withdraw = () => {
    for (const undo of withdrawals.splice(0).reverse()) undo();
  };
  if (scope.navigator?.gpu || !env().getBool('IS_NODE')) return { withdraw };
  const { module, obstacle = await missingVulkan() } = await importPackage<WebGpuPackage>('webgpu');
  if (obstacle !== undefined) return { obstacle, withdraw };
  if (!module?.create || !module.globals) return { obstacle: 'webgpu has another form than segkit knows', withdraw };
  const define = (target: object, name: string, value: unknown) => {
    if (name in target) return;
    Object.defineProperty(target, name, { value, configurable: true, enumerable: true, writable: true });
    withdrawals.push(() => Reflect.deleteProperty(target, name));
  };
  for (const [name, value] of Object.entries(module.globals)) define(globalThis, name, value);
  // Node has a navigator of its own from version 21 on.
  define(globalThis, 'navigator', {});
  define(scope.navigator!, 'gpu', module.create([]));
  return { withdraw };
}
