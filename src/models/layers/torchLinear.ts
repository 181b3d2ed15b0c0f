import { add, matMul, reshape, serialization, type Tensor, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, layers, type Shape } from '@tensorflow/tfjs-layers';
import { channelsOf, onlyShape, onlyTensor } from './arguments.js';
import { convolutionState, type StatefulLayer, type StateTensor } from './stateTensor.js';

/** Arguments of {@link TorchLinear}. */
export interface TorchLinearConfig {
  /** Name of the layer: PyTorch's module path. */
  name?: string;
  /** Numbers in the result. */
  units: number;
}

/** PyTorch's `Flatten` and `Linear` behind a map of one pixel: `[batch, 1, 1, channels]` to `[batch, units]`. */
export class TorchLinear extends layers.Layer implements StatefulLayer {
  /** @nocollapse */
  static readonly className = 'TorchLinear';
  private readonly units: number;
  private kernel!: LayerVariable;
  private bias!: LayerVariable;

  constructor(config: TorchLinearConfig) {
    super(config as object);
    this.units = config.units;
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = [channelsOf(onlyShape(inputShape)), this.units];
    this.kernel = this.addWeight('kernel', shape, 'float32', initializers.zeros());
    this.bias = this.addWeight('bias', [this.units], 'float32', initializers.zeros());
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [onlyShape(inputShape)[0] ?? null, this.units];
  }

  override call(inputs: Tensor | Tensor[]): Tensor2D {
    const x = onlyTensor(inputs);
    return tidy(() =>
      add<Tensor2D>(
        matMul(reshape(x, [x.shape[0], x.shape[3]]) as Tensor2D, this.kernel.read() as Tensor2D),
        this.bias.read(),
      ),
    );
  }

  /** The tensors of PyTorch's `state_dict`. */
  stateTensors(): readonly StateTensor[] {
    return convolutionState(this.kernel, this.bias, 'linear', 'xavierUniform');
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), units: this.units };
  }
}
serialization.registerClass(TorchLinear);
