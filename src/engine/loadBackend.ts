import { env, findBackendFactory } from '@tensorflow/tfjs-core';
import { importPackage, messageOf, type Obstacle } from './importPackage.js';
import type { EngineName } from './types.js';

/** The npm packages that bring a backend, the better one first. */
function packagesOf(name: EngineName): readonly string[] {
  return name === 'tensorflow'
    ? ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']
    : [`@tensorflow/tfjs-backend-${name}`];
}

/**
 * Makes sure that the factory of a backend is registered. In Node its package is imported where it is installed; in a
 * browser the application imports it, since bundlers must not see packages that may be absent.
 */
export async function loadBackend(name: EngineName): Promise<Obstacle> {
  if (findBackendFactory(name)) return undefined;
  const packages = packagesOf(name);
  if (!env().getBool('IS_NODE')) return `not imported: add import '${packages.at(-1)}' to the application`;
  const obstacles: string[] = [];
  for (const specifier of packages) {
    const { obstacle } = await importPackage(specifier);
    if (findBackendFactory(name)) return undefined;
    obstacles.push(obstacle ?? unregistered(name, specifier));
  }
  return obstacles.join('; ');
}

/** Why a package that loads has not registered its backend. */
function unregistered(name: EngineName, specifier: string): string {
  // It registers itself only where WebGPU is there already, which in Node is after useEngine has set it up.
  if (name === 'webgpu') return `${specifier} was imported before WebGPU was there: leave its import to useEngine`;
  return `${specifier} registers another copy of TensorFlow.js; install one version of it only`;
}

/** Asks a factory why it fails, after the backend could not be set. */
export async function failureOf(name: EngineName): Promise<string> {
  try {
    const backend = await findBackendFactory(name)?.();
    backend?.dispose();
    return 'it could not be initialised';
  } catch (error) {
    return messageOf(error);
  }
}
