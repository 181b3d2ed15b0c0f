// Runs every story in its short form on generated data: npm run examples:short -- FOLDER. It shows that they run from a
// clean checkout, not what they can do.
import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { contiguous, type Image, type Labels, type Mask } from 'segkit/core';
import { mobilenetV2, saveSafetensors, unet } from 'segkit/models';
import { writeFileAtomic, writeImage, writeLabels, writeMask } from 'segkit/node';
import { measureParticles } from 'segkit/particles';
import { simulateDataset } from 'segkit/simulate';

const folder = process.argv[2];
if (folder === undefined) throw new Error('say where to write: npm run examples:short -- FOLDER');

function story(...args: string[]): void {
  console.log(`\nnpm run example -- ${args.join(' ')}`);
  execFileSync(process.execPath, ['--import', 'tsx', 'examples/index.ts', ...args], { stdio: 'inherit' });
}

async function writeFolder(
  path: string,
  samples: readonly { image: Image; labels: Labels; id: string }[],
): Promise<void> {
  await mkdir(join(path, 'images'), { recursive: true });
  await mkdir(join(path, 'segmaps'), { recursive: true });
  for (const { image, labels, id } of samples) {
    await writeImage(join(path, 'images', `${id}.png`), image);
    await writeLabels(join(path, 'segmaps', `${id}.png`), labels);
  }
}

/** Ellipses about the particles as CVAT would export them: rough labels, which is what people draw. */
function cvatXml(name: string, labels: Labels): string {
  const [height, width] = labels.shape;
  const shapes = measureParticles(labels).map(({ centroid: [row, column], axisMajor, axisMinor }) => {
    const [rx, ry] = [axisMajor / 2, axisMinor / 2].map((radius) => radius.toFixed(2));
    return `<ellipse label="particle" cx="${column.toFixed(2)}" cy="${row.toFixed(2)}" rx="${rx}" ry="${ry}" z_order="0"/>`;
  });
  return `<annotations><image id="0" name="${name}" width="${width}" height="${height}">${shapes.join('')}</image></annotations>`;
}

const samples = simulateDataset({ count: 4, seed: 1, height: 96, width: 96 });
const [first, second] = samples as [(typeof samples)[0], (typeof samples)[0]];
await writeFolder(join(folder, 'train'), samples.slice(0, 3));
await writeFolder(join(folder, 'test'), samples.slice(3));
await writeImage(join(folder, 'first.png'), first.image);
await writeImage(join(folder, 'second.png'), second.image);
await writeFileAtomic(join(folder, 'first.xml'), cvatXml('first.png', first.labels));
const mask: Mask = second.mask;
await writeMask(join(folder, 'second.mask.png'), mask);
if (!contiguous(mask).data.includes(1)) throw new Error('the simulated mask is empty');

const at = (name: string) => join(folder, name);
story(
  'measure',
  at('second.png'),
  '--mask',
  at('second.mask.png'),
  '--automatic',
  '--min-size',
  '4',
  '--pixel-size',
  '0.2',
  '--unit',
  'nm',
  '--out',
  at('measure-out'),
);
story(
  'own-data',
  '--train',
  at('train'),
  '--test',
  at('test'),
  '--classes',
  '2',
  '--out',
  at('own-out'),
  '--epochs',
  '1',
);
story(
  ...[
    'bubbles',
    '--train',
    `${at('first.png')}=${at('first.xml')}`,
    '--test',
    `${at('second.png')}=${at('second.mask.png')}`,
  ],
  ...['--out', at('bubbles-out'), '--steps', '20'],
);

// As Python would have written it.
const network = unet({ inputShape: [null, null, 1], classes: 2, encoder: mobilenetV2(), seed: 1 });
await writeFileAtomic(at('unet.safetensors'), await saveSafetensors(network));
network.dispose();
story(
  ...['import-smp', at('second.png'), '--weights', at('unet.safetensors'), '--encoder', 'mobilenet_v2'],
  ...['--classes', '2', '--channels', '1', '--out', at('import-out')],
);
