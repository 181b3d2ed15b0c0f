// What both fresh apps do: from the bytes of two PNG files over ten training steps to a mask and its particles. The
// numbers must agree between Node and a browser, whatever engine computes.
import { normalize } from 'segkit/augment';
import { useEngine } from 'segkit/engine';
import { postprocess, predict } from 'segkit/inference';
import { decodeMask, decodePng } from 'segkit/io';
import { diceLoss, focalLoss, sumLosses } from 'segkit/losses';
import { separableUnet } from 'segkit/models';
import { adamW, fit } from 'segkit/training';

/** Trains on an engine from a fixed seed, predicts, and lets `measure` turn the mask into particles. */
export async function runStory(engineName, { image: imageBytes, mask: maskBytes }, measure) {
  const software = engineName === 'webgpu' ? { allowSoftware: true } : {};
  const engine = await useEngine(engineName, { training: true, ...software });
  const [image, mask] = [await decodePng(imageBytes), await decodeMask(maskBytes)];
  const preprocess = normalize({ normalization: 'image' });
  const model = separableUnet({ inputShape: [null, null, 1], classes: 2, baseFilters: 4, levels: 2, seed: 1 });
  const { missing } = engine.preflight(model, { training: true });
  const optimizer = adamW(1e-2);
  const losses = [];
  await fit(model, {
    data: [{ image, mask }],
    transform: preprocess,
    loss: sumLosses([
      [1, diceLoss({ mode: 'multiclass' })],
      [1, focalLoss({ mode: 'multiclass', alpha: 0.25 })],
    ]),
    optimizer,
    epochs: 10,
    batchSize: 1,
    seed: 1,
    onBatch: ({ loss }) => {
      losses.push(loss);
    },
  });
  const probabilities = await predict(model, image, { preprocess });
  const predicted = postprocess(probabilities, { minSize: 40 });
  const particles = await measure(predicted);
  optimizer.dispose();
  model.dispose();
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    engine: engine.name,
    missing,
    losses,
    probability: mean(Array.from(probabilities.data).filter((_, i) => i % 2 === 1)),
    foreground: mean(Array.from(predicted.data)),
    particles: particles.length,
    meanArea: mean(particles.map(({ area }) => area)),
    mask: predicted,
  };
}
