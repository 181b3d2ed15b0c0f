import { join } from 'node:path';
import { encodePng } from 'segkit/io';
import { writeFileAtomic } from 'segkit/node';
import { type Particle, particlesToCsv } from 'segkit/particles';
import {
  htmlReport,
  overlay,
  type ReportSection,
  type ReportValue,
  sizeHistogramSvg,
  trainingCurvesSvg,
  unitSymbol,
} from 'segkit/report';
import type { History } from 'segkit/training';
import type { Analysis, ImageResult } from './analyse.js';

export interface Results {
  readonly title: string;
  readonly subtitle: string;
  readonly analysis: Analysis;
  readonly history: History;
  readonly warnings?: readonly string[];
  readonly classNames: readonly string[];
  readonly settings: Readonly<Record<string, ReportValue>>;
}

const shownImages = 12;

/** Writes overlays, masks, particle tables, sizes and the report; `folder` is the stage of `withOutputFolder`. */
export async function writeResults(folder: string, results: Results): Promise<void> {
  const { analysis, classNames } = results;
  const overlays: { readonly id: string; readonly bytes: Uint8Array }[] = [];
  const names = fileNames(analysis.images.map(({ id }) => id));
  for (const [index, image] of analysis.images.entries()) {
    const name = names[index]!;
    const bytes = await encodePng(
      overlay(image.image, image.classes.length === 1 ? image.classes[0]!.labels : image.mask),
    );
    await writeFileAtomic(join(folder, `${name}.overlay.png`), bytes);
    await writeFileAtomic(join(folder, `${name}.mask.png`), await encodePng(image.mask));
    overlays.push({ id: image.id, bytes });
  }
  for (const [i] of analysis.sizes.entries()) {
    const suffix = analysis.sizes.length === 1 ? '' : `-class-${i + 1}`;
    await writeFileAtomic(join(folder, `particles${suffix}.csv`), particleTable(analysis, names, i, 'particles'));
    await writeFileAtomic(
      join(folder, `true-particles${suffix}.csv`),
      particleTable(analysis, names, i, 'trueParticles'),
    );
  }
  await writeFileAtomic(join(folder, 'sizes.csv'), sizesCsv(analysis, classNames));
  await writeFileAtomic(join(folder, 'metrics.json'), metricsJson(analysis));
  await writeFileAtomic(
    join(folder, 'report.html'),
    htmlReport({
      title: results.title,
      subtitle: results.subtitle,
      summary: keyFigures(results),
      warnings: results.warnings ?? [],
      sections: sections(results, overlays),
      settings: results.settings,
    }),
  );
}

function metricsJson({ metrics, confusion }: Analysis): string {
  const plain = { ...metrics, confusion: confusion.counts };
  return `${JSON.stringify(plain, (_, value) => (ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value), 2)}\n`;
}

function particleTable(
  { images, calibration }: Analysis,
  names: readonly string[],
  classAt: number,
  which: 'particles' | 'trueParticles',
): string {
  const tables = images.map((image, index) =>
    particlesToCsv(image.classes[classAt]![which], { image: names[index]!, unit: calibration.unit }),
  );
  // One header for all images.
  return tables.map((table, i) => (i === 0 ? table : table.slice(table.indexOf('\r\n') + 2))).join('');
}

function sizesCsv({ sizes, calibration }: Analysis, classNames: readonly string[]): string {
  const lines = ['class,source,unit,count,mean,standardDeviation,d10,d50,d90'];
  sizes.forEach(({ measured, truth }, i) => {
    for (const [source, summary] of [
      ['measured', measured],
      ['truth', truth],
    ] as const) {
      const { count, mean, standardDeviation, d10, d50, d90 } = summary;
      const numbers = [mean, standardDeviation, d10, d50, d90].map((value) =>
        Number.isNaN(value) ? '' : String(value),
      );
      lines.push([classNames[i + 1] ?? `class ${i + 1}`, source, calibration.unit, count, ...numbers].join(','));
    }
  });
  return `${lines.join('\r\n')}\r\n`;
}

function keyFigures({ analysis }: Results) {
  const { metrics, sizes, calibration } = analysis;
  const figures: { label: string; value: ReportValue; unit?: string; note?: string }[] = [
    { label: 'Mean IoU', value: metrics.meanIou, note: 'of the classes, over all test pixels' },
    { label: 'Mean Dice', value: metrics.meanDice },
  ];
  if (sizes.length === 1) {
    const { measured, truth } = sizes[0]!;
    const unit = unitSymbol(calibration.unit);
    figures.push({
      label: 'Particles',
      value: measured.count,
      note: `truth ${truth.count}; those at the border are left out`,
    });
    figures.push({ label: 'Mean diameter', value: measured.mean, unit, note: `truth ${short(truth.mean)} ${unit}` });
    figures.push({
      label: 'Median diameter D50',
      value: measured.d50,
      unit,
      note: `truth ${short(truth.d50)} ${unit}`,
    });
  }
  return figures;
}

function short(value: number): string {
  return Number.isNaN(value) ? 'unknown' : value.toPrecision(4);
}

function sections(
  { analysis, history, classNames }: Results,
  overlays: readonly { id: string; bytes: Uint8Array }[],
): ReportSection[] {
  const { images, sizes, confusion, calibration } = analysis;
  const all: ReportSection[] = [];
  sizes.forEach(({ measured, truth }, i) => {
    const diameters = images.flatMap((image) =>
      image.classes[i]!.particles.map((particle) => particle.equivalentDiameter),
    );
    const trueDiameters = images.flatMap((image) =>
      image.classes[i]!.trueParticles.map((particle) => particle.equivalentDiameter),
    );
    const name = sizes.length === 1 ? '' : ` of ${classNames[i + 1] ?? `class ${i + 1}`}`;
    if (diameters.length === 0) {
      all.push({ kind: 'text', heading: `Sizes${name}`, text: 'No whole particle was found.' });
      return;
    }
    all.push({
      kind: 'chart',
      heading: `Sizes${name}`,
      text: `${measured.count} particles, ${short(measured.mean)} ± ${short(measured.standardDeviation)} ${unitSymbol(calibration.unit)} (mean ± standard deviation); truth ${truth.count} particles, ${short(truth.mean)} ± ${short(truth.standardDeviation)} ${unitSymbol(calibration.unit)}. Equivalent-circle diameters; particles that the border cuts are left out.`,
      svg: sizeHistogramSvg(diameters, {
        unit: calibration.unit,
        ...(trueDiameters.length > 0 ? { comparison: trueDiameters } : {}),
        markers: { mean: measured.mean, D50: measured.d50 },
      }),
    });
  });
  all.push({
    kind: 'images',
    heading: 'What was found',
    text:
      images.length > shownImages
        ? `The first ${shownImages} of ${images.length} images.`
        : 'Each particle in a colour of its own.',
    images: overlays.slice(0, shownImages).map(({ id, bytes }) => ({
      image: bytes,
      alt: `${id} with the particles found in it`,
      caption: id,
      calibration,
    })),
  });
  all.push({ kind: 'metrics', heading: 'Pixel by pixel', confusion, classNames });
  all.push({ kind: 'chart', heading: 'Training', svg: trainingCurvesSvg(history) });
  all.push(table(images, calibration.unit));
  return all;
}

function table(images: readonly ImageResult[], unit: string): ReportSection {
  const rows = images.flatMap((image) =>
    image.classes.flatMap(({ classIndex, particles }) =>
      particles.map((particle) => row(image.id, classIndex, particle)),
    ),
  );
  return {
    kind: 'table',
    heading: 'Particles',
    columns: [
      { key: 'image' },
      { key: 'classIndex', label: 'class' },
      { key: 'label', label: 'particle' },
      { key: 'diameter', unit },
      { key: 'area', unit: `${unit}²` },
      { key: 'circularity', digits: 3 },
      { key: 'feretMax', label: 'maximum Feret', unit },
      { key: 'feretMin', label: 'minimum Feret', unit },
    ],
    rows,
    limit: 40,
  };
}

function row(
  image: string,
  classIndex: number,
  { label, equivalentDiameter, area, circularity, feretMax, feretMin }: Particle,
): Record<string, ReportValue> {
  return { image, classIndex, label, diameter: equivalentDiameter, area, circularity, feretMax, feretMin };
}

/** Names that files may have, from whatever the images are called; no two are the same, whatever the case of letters. */
function fileNames(ids: readonly string[]): string[] {
  const taken = new Set<string>();
  return ids.map((id, index) => {
    const safe = id.replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '_').replace(/^\.+/, '') || `image-${index + 1}`;
    let name = safe;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${safe}-${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}
