import { input, type LayersModel, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { requireInteger, show } from '../core/check.js';
import { attach, type InputShape } from './blocks.js';
import { fillWeights } from './fillWeights.js';
import { guardOf } from './guardOf.js';
import { type IdlePart, IdleState } from './idleState.js';
import { DivisibleInput, type Pruning, requireDivisible } from './layers/divisibleInput.js';

/** Throws unless `inputShape` is usable with a network that needs multiples of `divisor`. */
function requireInputShape(inputShape: unknown, divisor: number): asserts inputShape is InputShape {
  if (!Array.isArray(inputShape) || inputShape.length !== 3) {
    throw new RangeError(`inputShape must be [height, width, channels], got ${show(inputShape)}.`);
  }
  const [height, width, channels] = inputShape;
  requireInteger('inputShape[2]', channels, { min: 1 });
  if ((height === null) !== (width === null)) {
    throw new RangeError(`inputShape must have both height and width or null for both, got ${show(inputShape)}.`);
  }
  if (height === null) return;
  requireInteger('inputShape[0]', height, { min: 1 });
  requireInteger('inputShape[1]', width, { min: 1 });
  requireDivisible('inputShape', height, width, divisor);
}

/** What {@link assemble} makes a network of. */
export interface NetworkParts {
  /** Name of the builder. */
  readonly builder: string;
  readonly outputs: SymbolicTensor | readonly SymbolicTensor[];
  /** The builder's options as the caller gave them, plain data only. */
  readonly options: object;
  readonly seed: number;
  /** What the original has beside the network, and names of files to pass over. */
  readonly idle?: { readonly parts: readonly IdlePart[]; readonly passedOver: readonly string[] };
  readonly prune?: Pruning;
}

/**
 * Builds a network: its input behind a guard that refuses sizes which `divisor` does not divide, what `build` puts
 * behind that, first values, and on the guard what it is. Where something throws, what was made so far is disposed.
 */
export function assemble(
  inputShape: InputShape,
  divisor: number,
  build: (start: SymbolicTensor) => NetworkParts,
): LayersModel {
  requireInputShape(inputShape, divisor);
  const image = input({ shape: [...inputShape], name: 'image' });
  try {
    const start = attach(new DivisibleInput({ name: 'size', divisor }), image);
    const { builder, outputs, options, seed, idle, prune } = build(start);
    const several = Array.isArray(outputs) ? [...(outputs as readonly SymbolicTensor[])] : (outputs as SymbolicTensor);
    const network = model({ inputs: image, outputs: several, name: snakeCase(builder) });
    fillWeights(network, seed);
    const guard = guardOf(network)!;
    guard.record = JSON.stringify({ architecture: { builder, options } });
    guard.outputs = network.outputs.length;
    guard.prune = prune;
    if (idle !== undefined) guard.idle = new IdleState(idle.parts, idle.passedOver, seed);
    return network;
  } catch (error) {
    disposeBehind(image.sourceLayer);
    throw error;
  }
}

type AnyLayer = SymbolicTensor['sourceLayer'];

/** Frees the weights of all layers behind one. */
function disposeBehind(first: AnyLayer): void {
  const found = new Set([first]);
  for (const layer of found) {
    for (const { outboundLayer } of layer.outboundNodes) found.add(outboundLayer);
    for (const weight of layer.weights) weight.dispose();
  }
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
