import '@tensorflow/tfjs-backend-cpu';
import { normalize } from 'segkit/augment';
import { useEngine } from 'segkit/engine';
import { argmaxMask, predict } from 'segkit/inference';
import { decodePng, encodePng } from 'segkit/io';
import { diceLoss } from 'segkit/losses';
import { confusionMatrix, meanIou } from 'segkit/metrics';
import { separableUnet } from 'segkit/models';
import { label } from 'segkit/morphology';
import { measureParticles } from 'segkit/particles';
import { simulateMicrograph } from 'segkit/simulate';
import { adamW, fit } from 'segkit/training';

const output = document.querySelector('output')!;
try {
  const engine = await useEngine('cpu', { training: true });
  const sample = simulateMicrograph({ seed: 1, height: 64, width: 64 });
  const again = await decodePng(await encodePng(sample.image));
  if (again.data.join() !== sample.image.data.join()) throw new Error('the PNG differs');
  const preprocess = normalize({ normalization: 'image' });
  const model = separableUnet({ inputShape: [64, 64, 1], classes: 2, baseFilters: 2, seed: 1 });
  await fit(model, {
    data: [sample],
    transform: preprocess,
    loss: diceLoss({ mode: 'multiclass' }),
    optimizer: adamW(1e-2),
    epochs: 1,
    batchSize: 1,
    seed: 1,
  });
  const mask = argmaxMask(await predict(model, sample.image, { preprocess }));
  const score = meanIou(confusionMatrix(sample.mask, mask, { classes: 2 }));
  const count = measureParticles(label(sample.mask), { calibration: sample.calibration }).length;
  output.textContent = `fresh vite app: ok (${engine.name}, ${count} particles, score ${score.toFixed(2)})`;
} catch (error) {
  output.textContent = `fresh vite app: ${error instanceof Error ? error.stack : String(error)}`;
}
