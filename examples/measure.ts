import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { type Calibration, contiguous, createMask, type Labels, type LengthUnit } from 'segkit';
import { encodePng } from 'segkit/io';
import { label } from 'segkit/morphology';
import { readImage, readLabels, writeFileAtomic } from 'segkit/node';
import { type MeasurementProfile, measureParticles, particlesToCsv, summarizeSizes } from 'segkit/particles';
import { htmlReport, overlay, type ReportValue, sizeHistogramSvg } from 'segkit/report';
import { command } from './shared/command.js';
import { positive } from './shared/options.js';
import { requireFinite } from './shared/requireFinite.js';
import { runStoryInto } from './shared/runStoryInto.js';

interface Options {
  readonly mask: string;
  readonly pixelSize: number;
  readonly unit: LengthUnit;
  readonly out: string;
  readonly instances?: boolean;
  readonly excludeBorder?: boolean;
  readonly connectivity: '4' | '8';
  readonly profile: MeasurementProfile;
}

async function measure(imagePath: string, options: Options, folder: string): Promise<object> {
  const { mask: maskPath, pixelSize, unit, instances = false, excludeBorder = false, profile } = options;
  const image = await readImage(imagePath);
  requireFinite(imagePath, image);
  const given = await readLabels(maskPath);
  if (given.shape[0] !== image.shape[0] || given.shape[1] !== image.shape[1]) {
    throw new RangeError(
      `the mask must have the size of the image, ${image.shape[0]} x ${image.shape[1]} (${imagePath}), ` +
        `got ${given.shape[0]} x ${given.shape[1]} (${maskPath}).`,
    );
  }
  const labels = instances ? given : separate(given, maskPath, options.connectivity === '4' ? 4 : 8);
  const calibration: Calibration = { pixelSize, unit };
  const particles = measureParticles(labels, { calibration, excludeBorder, profile });
  const sizes = summarizeSizes(particles);
  const shown = overlay(image, labels);
  const border = excludeBorder
    ? 'left out where the border of the image cuts them'
    : 'with those that the border of the image cuts';

  await writeFileAtomic(join(folder, 'particles.csv'), particlesToCsv(particles, { unit }));
  await writeFileAtomic(join(folder, 'overlay.png'), await encodePng(shown));
  const rows = particles.map(
    ({
      label,
      equivalentDiameter,
      area,
      circularity,
      feretMax,
      feretMin,
      touchesBorder,
    }): Record<string, ReportValue> => ({
      particle: label,
      diameter: equivalentDiameter,
      area,
      circularity,
      feretMax,
      feretMin,
      touchesBorder,
    }),
  );
  const page = htmlReport({
    title: 'Particle sizes',
    subtitle: `${imagePath}, ${particles.length} particles, ${border}`,
    summary: [
      { label: 'Particles', value: sizes.count },
      { label: 'Mean diameter', value: sizes.mean, unit },
      { label: 'Standard deviation', value: sizes.standardDeviation, unit },
      { label: 'D10', value: sizes.d10, unit },
      { label: 'D50', value: sizes.d50, unit },
      { label: 'D90', value: sizes.d90, unit },
    ],
    warnings:
      sizes.count < 100
        ? [`Percentiles of ${sizes.count} particles are rough: count hundreds before quoting them.`]
        : [],
    sections: [
      sizes.count === 0
        ? { kind: 'text', heading: 'Sizes', text: 'No particle was found.' }
        : {
            kind: 'chart',
            heading: 'Sizes',
            text: 'Diameters of the discs of the same area.',
            svg: sizeHistogramSvg(
              particles.map((particle) => particle.equivalentDiameter),
              { unit, markers: { mean: sizes.mean, D50: sizes.d50 } },
            ),
          },
      {
        kind: 'images',
        heading: 'What was measured',
        columns: 1,
        images: [{ image: shown, alt: 'Image with outlined particles', calibration }],
      },
      {
        kind: 'table',
        heading: 'Particles',
        columns: [
          { key: 'particle' },
          { key: 'diameter', unit },
          { key: 'area', unit: `${unit}²` },
          { key: 'circularity', digits: 3 },
          { key: 'feretMax', label: 'maximum Feret', unit },
          { key: 'feretMin', label: 'minimum Feret', unit },
          { key: 'touchesBorder', label: 'at the border' },
        ],
        rows,
        limit: 200,
      },
    ],
    settings: {
      image: imagePath,
      mask: maskPath,
      'pixel size': pixelSize,
      unit,
      profile,
      connectivity: instances ? 'instance ids' : options.connectivity,
    },
  });
  await writeFileAtomic(join(folder, 'report.html'), page);
  const { count, mean, standardDeviation, d10, d50, d90 } = sizes;
  return { count, mean, standardDeviation, d10, d50, d90, unit };
}

/** Numbers the particles of a mask of two values; more values could be ids or classes, and are not guessed at. */
function separate(mask: Labels, path: string, connectivity: 4 | 8): Labels {
  const { data } = contiguous(mask);
  const values = new Set(data);
  values.delete(0);
  if (values.size > 1) {
    throw new RangeError(
      `the mask must hold 0 and one other value, got ${values.size + 1} values (${path}); say --instances where they are ids of particles.`,
    );
  }
  return label(
    createMask(
      Uint8Array.from(data, (value) => (value === 0 ? 0 : 1)),
      mask.shape,
    ),
    { connectivity },
  );
}

/** `npm run example -- measure`: sizes from an existing mask, without a network. */
export function measureCommand(): Command {
  return command('measure')
    .description('Measures the particles of an existing mask; no network is involved. Ends with one line of JSON.')
    .argument('<image>', 'the micrograph: PNG, TIFF, JPEG or NPY')
    .requiredOption(
      '--mask <file>',
      'PNG, TIFF or NPY of the same size: 0 is background, one other value the particles',
    )
    .requiredOption('--pixel-size <length>', 'edge of a pixel', positive)
    .addOption(
      new Option('--unit <unit>', 'unit of the pixel size').choices(['px', 'pm', 'nm', 'um', 'mm', 'm']).default('nm'),
    )
    .requiredOption('--out <folder>', 'where particles.csv, overlay.png and report.html go')
    .option('--instances', 'the mask holds an id a particle')
    .option('--exclude-border', 'leave out particles that the border of the image cuts')
    .addOption(new Option('--connectivity <n>', 'whether diagonal neighbours join').choices(['4', '8']).default('8'))
    .addOption(
      new Option('--profile <name>', 'whose formulas').choices(['segkit', 'imagej', 'skimage']).default('segkit'),
    )
    .action((image: string, options: Options) =>
      runStoryInto(options.out, (folder) => measure(image, options, folder)),
    );
}
