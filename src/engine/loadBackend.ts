import { env, findBackendFactory } from '@tensorflow/tfjs-core';
import type { EngineName } from './types.js';

/** What stands in the way of an engine, or `undefined` where nothing does. */
export type Obstacle = string | undefined;

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String((error as { message?: unknown })?.message ?? error);
  return text.split('\n')[0]!.trim();
}

/** The npm packages that bring an engine, the better one first. */
export function packagesOf(name: EngineName): readonly string[] {
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
    try {
      await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier);
      if (findBackendFactory(name)) return undefined;
      obstacles.push(`${specifier} registers another copy of TensorFlow.js; install one version of it only`);
    } catch (error) {
      // Node, or the bundler that runs this, names the missing package in quotes; a broken one fails in its own words.
      const text = messageOf(error);
      const absent =
        /cannot find|could not resolve|failed to (load|resolve)/i.test(text) &&
        (text.includes(`'${specifier}'`) || text.includes(`"${specifier}"`));
      obstacles.push(absent ? `${specifier} is not installed` : `${specifier} does not load: ${text}`);
    }
  }
  return obstacles.join('; ');
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
