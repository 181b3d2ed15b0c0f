import { compose, flip, normalize } from 'segkit/augment';
import { useEngine } from 'segkit/engine';
import { argmaxMask, predict } from 'segkit/inference';
import { diceLoss } from 'segkit/losses';
import { separableUnet } from 'segkit/models';
import { label } from 'segkit/morphology';
import { measureParticles } from 'segkit/particles';
import { simulateMicrograph } from 'segkit/simulate';
import { adamW, fit } from 'segkit/training';

const engine = await useEngine('auto', { training: true });
const preprocess = normalize({ normalization: 'image' });
const samples = [0, 1].map((seed) => simulateMicrograph({ seed, height: 64, width: 64 }));
const model = separableUnet({ inputShape: [64, 64, 1], classes: 2, baseFilters: 2, seed: 1 });
const history = await fit(model, {
  data: samples,
  transform: compose([flip({ p: 0.5 }), preprocess], { seed: 1 }),
  loss: diceLoss({ mode: 'multiclass' }),
  optimizer: adamW(1e-2),
  epochs: 2,
  batchSize: 2,
  seed: 1,
});
if (history.epochs.length !== 2) throw new Error('two epochs were asked for');
const mask = argmaxMask(await predict(model, samples[0].image, { preprocess }));
const particles = measureParticles(label(samples[0].mask), { calibration: samples[0].calibration });
if (mask.shape.join() !== '64,64' || particles.length === 0) throw new Error('nothing was measured');
console.log(`fresh node app: ok (${engine.name})`);
