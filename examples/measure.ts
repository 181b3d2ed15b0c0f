import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { contiguous, createMask, type Image, type Labels, type LengthUnit, toGrey } from 'segkit';
import { encodePng } from 'segkit/io';
import {
  fillHoles,
  gaussian,
  isodataThreshold,
  label,
  liThreshold,
  open,
  otsu,
  removeSmallObjects,
  splitByWatershed,
  triangleThreshold,
  yenThreshold,
} from 'segkit/morphology';
import { readImage, readLabels, writeFileAtomic } from 'segkit/node';
import {
  boundaryUncertainty,
  type MeasurementProfile,
  measureParticles,
  type Particle,
  particlesNeeded,
  particlesToCsv,
  summarizeSizes,
} from 'segkit/particles';
import { htmlReport, overlay, type ReportValue, sizeHistogramSvg, unitSymbol } from 'segkit/report';
import { command } from './shared/command.js';
import { integer, positive } from './shared/options.js';
import { edgesOf, pixelSizeOf } from './shared/pixelSize.js';
import { requireFinite } from './shared/requireFinite.js';
import { runStoryInto } from './shared/runStoryInto.js';

interface Options {
  readonly mask?: string;
  readonly automatic?: boolean;
  readonly dataBar: number;
  readonly pixelSize?: number;
  readonly unit?: LengthUnit;
  readonly out: string;
  readonly instances?: boolean;
  readonly excludeBorder?: boolean;
  readonly dark?: boolean;
  readonly threshold?: keyof typeof thresholds;
  readonly minSize?: number;
  readonly connectivity: '4' | '8';
  readonly profile: MeasurementProfile;
}

/** Thresholds to choose from. Li's finds what Otsu's misses where particles are few and of several brightnesses. */
const thresholds = {
  otsu,
  li: liThreshold,
  isodata: isodataThreshold,
  triangle: triangleThreshold,
  yen: yenThreshold,
} as const;

/** What a threshold finds below this is noise more often than not. */
const automaticMinSize = 60;

async function measure(imagePath: string, options: Options, folder: string): Promise<object> {
  const { mask: maskPath, automatic = false, dataBar, instances = false, excludeBorder = false, profile } = options;
  if (maskPath === undefined && !automatic) {
    throw new RangeError('say --mask FILE to measure a mask, or --automatic to find the particles by a threshold.');
  }
  if (options.dark && !automatic)
    throw new RangeError('--dark goes with --automatic: a mask says itself what is particle.');
  if (options.threshold !== undefined && !automatic)
    throw new RangeError('--threshold goes with --automatic: a mask says itself what is particle.');
  if (options.unit !== undefined && options.pixelSize === undefined) {
    throw new RangeError('--unit goes with --pixel-size: the tags of an image say their unit themselves.');
  }
  const whole = await readImage(imagePath);
  requireFinite(imagePath, whole);
  const image = withoutBar(whole, dataBar, imagePath);
  const calibration = await pixelSizeOf(imagePath, options);
  const { unit } = calibration;
  const manual = maskPath === undefined ? undefined : await maskOf(maskPath, options, image, imagePath);
  const found = automatic ? segmented(image, options) : undefined;
  const labels = (manual ?? found)!;
  const symbol = unitSymbol(unit);
  const all = measureParticles(labels, { calibration, excludeBorder, profile });
  const large = ({ numPixels }: Particle) => numPixels >= (options.minSize ?? 0);
  const particles = all.filter(large);
  const sizes = summarizeSizes(particles, { confidence: { resamples: 500 } });
  const beside =
    manual && found ? measureParticles(found, { calibration, excludeBorder, profile }).filter(large) : undefined;
  const besideSizes = beside && summarizeSizes(beside);
  const outlines = boundaryUncertainty(particles);
  const shown = overlay(image, labels);
  const border = excludeBorder
    ? 'left out where the border of the image cuts them'
    : 'with those that the border of the image cuts';

  await writeFileAtomic(join(folder, 'particles.csv'), particlesToCsv(particles, { unit }));
  await writeFileAtomic(join(folder, 'overlay.png'), await encodePng(shown));
  if (beside) await writeFileAtomic(join(folder, 'particles-automatic.csv'), particlesToCsv(beside, { unit }));
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
      { label: 'Mean diameter', value: sizes.mean, unit, note: within(sizes.confidence!.mean, symbol) },
      { label: 'Standard deviation', value: sizes.standardDeviation, unit },
      { label: 'D10', value: sizes.d10, unit },
      { label: 'D50', value: sizes.d50, unit, note: within(sizes.confidence!.d50, symbol) },
      { label: 'D90', value: sizes.d90, unit },
    ],
    warnings: warningsOf(particles),
    sections: [
      sizes.count === 0
        ? { kind: 'text', heading: 'Sizes', text: 'No particle was found.' }
        : {
            kind: 'chart',
            heading: 'Sizes',
            text:
              'Diameters of the discs of the same area. Outlines that are half a pixel off, all to one side, would make the ' +
              `median ${plain(outlines.d50[0])} or ${plain(outlines.d50[2])} ${symbol}.` +
              (besideSizes && besideSizes.count > 0
                ? ` ${besideSizes.count} particles were found automatically, by a threshold and split where they touch, ` +
                  `beside ${sizes.count} of the mask: median ${plain(besideSizes.d50)} against ${plain(sizes.d50)} ${symbol}, ` +
                  `mean ${plain(besideSizes.mean)} against ${plain(sizes.mean)} ${symbol}.`
                : ''),
            svg: sizeHistogramSvg(
              particles.map((particle) => particle.equivalentDiameter),
              {
                unit,
                name: manual ? 'mask' : 'found automatically',
                ...(beside && beside.length > 0
                  ? {
                      comparison: beside.map((particle) => particle.equivalentDiameter),
                      comparisonName: 'found automatically',
                    }
                  : {}),
                markers: { mean: sizes.mean, D50: sizes.d50 },
              },
            ),
          },
      {
        kind: 'images',
        heading: 'What was measured',
        columns: 1,
        images: [
          { image: shown, alt: 'Image with outlined particles', caption: manual ? 'mask' : 'found', calibration },
          ...(manual && found
            ? [{ image: overlay(image, found), alt: 'Particles found', caption: 'found automatically', calibration }]
            : []),
        ],
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
      mask: maskPath ?? 'none: found automatically',
      'rows of the data bar': dataBar,
      threshold: automatic ? (options.threshold ?? 'otsu') : 'none',
      'least pixels': options.minSize ?? (automatic ? `${automaticMinSize} where found automatically` : 0),
      'pixel size': edgesOf(calibration),
      unit: symbol,
      profile,
      connectivity: instances ? 'instance ids' : options.connectivity,
    },
  });
  await writeFileAtomic(join(folder, 'report.html'), page);
  const { count, mean, standardDeviation, d10, d50, d90 } = sizes;
  const automatically = besideSizes && {
    automatic: { count: besideSizes.count, mean: besideSizes.mean, d50: besideSizes.d50, d90: besideSizes.d90 },
  };
  return { count, mean, standardDeviation, d10, d50, d90, unit, ...automatically };
}

/** Cuts off the rows at the bottom where a microscope writes its data. */
function withoutBar<T extends Image | Labels>(image: T, rows: number, path: string): T {
  const height = image.shape[0]!;
  if (rows >= height)
    throw new RangeError(`--data-bar must leave rows of the image, got ${rows} of ${height} (${path}).`);
  return rows === 0 ? image : (image.hi(height - rows, ...image.shape.slice(1)) as T);
}

/** The labels of a mask file, its data bar cut off where it has one. */
async function maskOf(path: string, options: Options, image: Image, imagePath: string): Promise<Labels> {
  const read = await readLabels(path);
  const barred = options.dataBar > 0 && read.shape[0] === image.shape[0]! + options.dataBar;
  const given = barred ? withoutBar(read, options.dataBar, path) : read;
  if (given.shape[0] !== image.shape[0] || given.shape[1] !== image.shape[1]) {
    throw new RangeError(
      `the mask must have the size of the image, ${image.shape[0]} x ${image.shape[1]} (${imagePath}), ` +
        `got ${given.shape[0]} x ${given.shape[1]} (${path}).`,
    );
  }
  return options.instances ? given : separate(given, path, options.connectivity === '4' ? 4 : 8);
}

/** What a reader should know before quoting the sizes. */
function warningsOf(particles: readonly Particle[]): string[] {
  const warnings: string[] = [];
  const specks = particles.filter(({ numPixels }) => numPixels < 12).length;
  if (specks > 0) {
    warnings.push(
      `${specks} of ${particles.length} objects have fewer than 12 pixels: specks of the mask, perhaps; --min-size leaves them out.`,
    );
  }
  const { warning } = particlesNeeded(particles, { statistic: 'd50', confidence: { resamples: 500 } });
  if (warning !== undefined) warnings.push(`Too few particles: ${warning}`);
  return warnings;
}

function within([low, high]: readonly [number, number], unit: string): string {
  return Number.isNaN(low) ? 'too few to say how sure' : `95 %: ${plain(low)} to ${plain(high)} ${unit}`;
}

function plain(value: number): string {
  return Number(value.toPrecision(4)).toString();
}

/** Bright (or dark) particles by a threshold, cleaned, and split where they touch. */
function segmented(
  image: Image,
  { dark = false, minSize = automaticMinSize, threshold: method = 'otsu' }: Options,
): Labels {
  const smooth = gaussian(toGrey(image), { sigma: 1 });
  const threshold = thresholds[method](smooth);
  const bright = createMask(
    Uint8Array.from(smooth.data, (value) => (value > threshold === dark ? 0 : 1)),
    smooth.shape,
  );
  return splitByWatershed(removeSmallObjects(fillHoles(open(bright)), { minSize })).labels;
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
    .description(
      'Measures the particles of a mask, or finds them by a threshold; no network is involved. Ends with one line of JSON.',
    )
    .argument('<image>', 'the micrograph: PNG, TIFF, JPEG or NPY')
    .option('--mask <file>', 'PNG, TIFF or NPY of the same size: 0 is background, one other value the particles')
    .option('--automatic', 'find bright (see --dark) particles by a threshold; with --mask, beside those of the mask')
    .option('--data-bar <rows>', 'rows at the bottom of the image that are no micrograph', integer(0), 0)
    .option('--pixel-size <length>', 'edge of a pixel; by default what the tags of a TIFF file say', positive)
    .addOption(
      new Option('--unit <unit>', 'unit of the pixel size (default: nm)').choices(['px', 'pm', 'nm', 'um', 'mm', 'm']),
    )
    .requiredOption('--out <folder>', 'where particles.csv, overlay.png and report.html go')
    .option('--instances', 'the mask holds an id a particle')
    .option('--dark', 'with --automatic: particles are darker than what is around them')
    .addOption(
      new Option(
        '--threshold <method>',
        'with --automatic: how to tell particles from background (default: otsu)',
      ).choices(Object.keys(thresholds)),
    )
    .option(
      '--min-size <pixels>',
      `leave out particles of fewer pixels; by default 0 of a mask, ${automaticMinSize} where found automatically`,
      integer(0),
    )
    .option('--exclude-border', 'leave out particles that the border of the image cuts')
    .addOption(new Option('--connectivity <n>', 'whether diagonal neighbours join').choices(['4', '8']).default('8'))
    .addOption(
      new Option('--profile <name>', 'whose formulas')
        .choices(['segkit', 'imagej', 'skimage', 'iso'])
        .default('segkit'),
    )
    .action((image: string, options: Options) =>
      runStoryInto(options.out, (folder) => measure(image, options, folder)),
    );
}
