import type { Assembler, Code } from './assembler.js';
import { advance, f32x4, i32, repeat } from './instructions.js';

/**
 * Adds one step of Adam with decoupled decay to a module: `adamStep(weight, gradient, first, second, outWeight,
 * outFirst, outSecond, steps, beta1, beta2, epsilon, stepSize, decay)`, over 4 x `steps` floats:
 *
 * - outFirst = first beta1 + gradient
 * - outSecond = second beta2 + gradient^2
 * - outWeight = weight decay - outFirst / (sqrt(outSecond) + epsilon) stepSize
 */
export function defineOptimizer(module: Assembler): void {
  module.define('adamStep', (scope) => {
    const addresses = Array.from({ length: 7 }, () => scope.parameter());
    const [weight, gradient, first, second, outWeight, outFirst, outSecond] = addresses.map((local) => local.get) as [
      ...[Code, Code, Code, Code],
      ...[Code, Code, Code],
    ];
    const steps = scope.parameter();
    const numbers = Array.from({ length: 5 }, () => scope.parameter('f32'));
    const splats = numbers.map(() => scope.local('v128'));
    const [beta1, beta2, epsilon, stepSize, decay] = splats.map((local) => local.get) as [
      ...[Code, Code, Code, Code, Code],
    ];
    const [slope, moment, square] = [scope.local('v128'), scope.local('v128'), scope.local('v128')];
    const change = f32x4.mul(f32x4.div(moment.get, f32x4.add(f32x4.sqrt(square.get), epsilon)), stepSize);
    return [
      splats.map((splat, i) => splat.set(f32x4.splat(numbers[i]!.get))),
      repeat(steps, [
        slope.set(f32x4.load(gradient)),
        moment.set(f32x4.add(f32x4.mul(f32x4.load(first), beta1), slope.get)),
        square.set(f32x4.add(f32x4.mul(f32x4.load(second), beta2), f32x4.mul(slope.get, slope.get))),
        f32x4.store(outFirst, moment.get),
        f32x4.store(outSecond, square.get),
        f32x4.store(outWeight, f32x4.sub(f32x4.mul(f32x4.load(weight), decay), change)),
        addresses.map((address) => advance(address, i32.constant(16))),
      ]),
    ];
  });
}
