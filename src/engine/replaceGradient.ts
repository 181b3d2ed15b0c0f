import {
  type GradConfig,
  getBackend,
  getGradient,
  type NamedAttrMap,
  registerGradient,
  type Tensor,
  unregisterGradient,
} from '@tensorflow/tfjs-core';

/** Attributes of a kernel call. */
export type Attributes = NamedAttrMap;
/** Gradients of a kernel's inputs, by name, computed when asked for. */
export type NamedGradientMap = ReturnType<GradConfig['gradFunc']>;
/** A gradient of one engine; `undefined` hands over to the one that was registered before. */
export type Gradient = (dy: Tensor, saved: readonly Tensor[], attrs: Attributes) => NamedGradientMap | undefined;

interface OurGradient extends GradConfig {
  /** The backends that have a gradient of their own here. */
  readonly segkitBackends: ReadonlySet<string>;
}

/**
 * Puts a gradient in the place of the registered one for as long as a backend is active: the registry is shared by all
 * of them. Done once for a kernel and a backend; a gradient that is not registered yet is left alone.
 */
export function replaceGradient(backend: string, kernelName: string, gradient: Gradient): void {
  const original: GradConfig | undefined = getGradient(kernelName);
  if (!original) return;
  const done = 'segkitBackends' in original ? (original as OurGradient).segkitBackends : new Set<string>();
  if (done.has(backend)) return;
  const config: OurGradient = {
    ...original,
    gradFunc: (dy, saved, attrs) =>
      (getBackend() === backend ? gradient(dy as Tensor, saved, attrs) : undefined) ??
      original.gradFunc(dy, saved, attrs),
    segkitBackends: new Set([...done, backend]),
  };
  unregisterGradient(kernelName);
  registerGradient(config);
}
