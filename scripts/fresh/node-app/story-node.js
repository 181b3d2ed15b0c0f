// node story-node.js ENGINE: the story of both apps, with micrograph.png and mask.png beside it; prints its numbers.
import { readFile } from 'node:fs/promises';
import { label } from 'segkit/morphology';
import { measureParticles } from 'segkit/particles';
import { runStory } from './story.js';

const calibration = { pixelSize: 0.25, unit: 'nm' };
const files = { image: await readFile('micrograph.png'), mask: await readFile('mask.png') };
const { mask: _, ...numbers } = await runStory(process.argv[2], files, async (mask) =>
  measureParticles(label(mask), { calibration }),
);
console.log(JSON.stringify(numbers));
