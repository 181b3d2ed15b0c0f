/**
 * Morphology side by side in one run, one thread: segkit, OpenCV, scikit-image, SciPy (Debian's packages) and image-js.
 * Run: npm run bench:morphology [-- runs] [-- filter]. Each row is timed in five rounds, peers and ours in turn, and a
 * ratio is the median of those of the rounds: a machine whose speed comes and goes slows both. The last line is JSON;
 * ratios are the peer's time over ours.
 */
import { contiguous, createImage, createLabels, createMask, type Image, type Mask, Random } from 'segkit/core';
import {
  autoLabel,
  disk,
  distanceTransform,
  fillHoles,
  gaussian,
  greyOpen,
  label,
  median,
  open,
  otsu,
  type RegionProperty,
  reconstruction,
  regionProperties,
  removeSmallObjects,
  square,
  watershed,
} from 'segkit/morphology';
import { summarizeSizes } from 'segkit/particles';
import { loadImageJs } from './imageJs.js';
import { discs, startPeers, summary, type Timing, time } from './peer.js';

const [runsText = '9', filter = ''] = process.argv.slice(2);
const runs = Number(runsText);
const side = 2048;

const mask = discs(side, 6500, 1);
const image = noisy(mask, 7);
const distance = distanceTransform(mask);
const negative = createImage(
  distance.data.map((value) => -value),
  [side, side],
);
const markers = markersOf(distance.data, mask);
const lowered = createImage(
  image.data.map((value) => Math.max(0, value - 30)),
  [side, side],
) as Image;

const TWENTY = [
  'area',
  'bbox',
  'centroid',
  'equivalentDiameterArea',
  'perimeter',
  'perimeterCrofton',
  'feretDiameterMax',
  'feretMin',
  'eccentricity',
  'orientation',
  'axisMajorLength',
  'axisMinorLength',
  'solidity',
  'areaConvex',
  'extent',
  'eulerNumber',
  'momentsHu',
  'intensityMean',
  'intensityMin',
  'intensityMax',
] as const satisfies readonly RegionProperty[];
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
// scikit-image has no minimum Feret diameter.
const columns = ['label', ...TWENTY.filter((name) => name !== 'feretMin')].map((name) => `'${snake(name)}'`).join(', ');

interface Work {
  readonly ours: () => unknown;
  /** The same without the option `out`: the result takes fresh memory. */
  readonly fresh?: () => unknown;
  readonly opencv?: string;
  readonly skimage?: string;
  readonly scipy?: string;
  readonly imagejs?: () => unknown;
}

const disk5 = disk(5);
const square5 = square(5);
const imageJs = await loadImageJs();

// Results go where those of the call before went, as in a loop over frames; the peers get the memory of the result before
// back from their heap.
const labels = createLabels(undefined, [side, side]);
const floats = createImage(new Float32Array(side * side), [side, side]);
const bytes = createImage(new Uint8Array(side * side), [side, side]);
const opened = createMask(undefined, [side, side]);

const works: Record<string, Work> = {
  label: {
    ours: () => label(mask, { out: labels }),
    fresh: () => label(mask),
    opencv: 'cv2.connectedComponentsWithStats(mask, connectivity=8)',
    skimage: 'measure.label(mask, connectivity=2)',
  },
  'label + 20 region properties': {
    ours: () => regionProperties(label(mask, { out: labels }), { properties: TWENTY, intensity: image }),
    fresh: () => regionProperties(label(mask), { properties: TWENTY, intensity: image }),
    skimage: `measure.regionprops_table(measure.label(mask), intensity_image=image, properties=(${columns}))`,
    ...(imageJs === undefined ? {} : { imagejs: () => imageJs(mask) }),
  },
  'exact distance transform': {
    ours: () => distanceTransform(mask, { out: floats }),
    fresh: () => distanceTransform(mask),
    opencv: 'cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)',
    scipy: 'ndimage.distance_transform_edt(mask)',
  },
  'watershed from markers': {
    ours: () => watershed(negative, { markers, mask, out: labels }),
    fresh: () => watershed(negative, { markers, mask }),
    skimage: 'segmentation.watershed(negative, markers, mask=inside)',
  },
  'reconstruction by dilation': {
    ours: () => reconstruction(lowered, image as Image, { out: bytes as Image }),
    fresh: () => reconstruction(lowered, image as Image),
    skimage: 'morphology.reconstruction(lowered, image)',
  },
  'disk(5) opening': {
    ours: () => open(mask, { footprint: disk5, out: opened }),
    fresh: () => open(mask, { footprint: disk5 }),
    opencv: 'cv2.morphologyEx(mask, cv2.MORPH_OPEN, disk5)',
    skimage: 'morphology.opening(mask, disk5)',
  },
  'disk(5) opening, grey': {
    ours: () => greyOpen(image, { footprint: disk5, out: bytes }),
    fresh: () => greyOpen(image, { footprint: disk5 }),
    opencv: 'cv2.morphologyEx(image, cv2.MORPH_OPEN, disk5)',
    skimage: 'morphology.opening(image, disk5)',
  },
  // Floats out, as ours gives; the kernel has the 17 taps of sigma 2 and truncate 4.
  'Gaussian, sigma 2': {
    ours: () => gaussian(image, { sigma: 2, out: floats }),
    fresh: () => gaussian(image, { sigma: 2 }),
    opencv: 'cv2.GaussianBlur(image.astype(np.float32), (17, 17), 2)',
    skimage: 'filters.gaussian(image, 2, preserve_range=True)',
  },
  'median 5x5': {
    ours: () => median(image, { footprint: square5, out: bytes }),
    fresh: () => median(image, { footprint: square5 }),
    opencv: 'cv2.medianBlur(image, 5)',
    skimage: 'filters.median(image, np.ones((5, 5)))',
  },
  Otsu: {
    ours: () => otsu(image),
    opencv: 'cv2.threshold(image, 0, 255, cv2.THRESH_OTSU)',
    skimage: 'filters.threshold_otsu(image)',
  },
};

// The camera of Horwath et al.: frames of 512 x 512, timed in a round after every row.
const small = discs(512, 406, 3);
const smallImage = noisy(small, 8);
const whole = createMask(undefined, [512, 512]);
const clean = createMask(undefined, [512, 512]);
const particles = createLabels(undefined, [512, 512]);
const analyse = () => {
  label(removeSmallObjects(fillHoles(small, { out: whole }), { minSize: 20, out: clean }), { out: particles });
  const regions = regionProperties(particles, { properties: TWENTY, intensity: smallImage });
  return summarizeSizes(regions.map(({ equivalentDiameterArea }) => equivalentDiameterArea));
};
const frames: Timing[] = [];
const frameRound = () => frames.push(time(analyse, Math.max(100, runs), 3));

const ROUNDS = 5;
const PEERS = ['opencv', 'skimage', 'scipy'] as const;
const rows: Record<string, Record<string, number>> = {};
const chosen = Object.entries(works).filter(([name]) => name.includes(filter));
const peers = chosen.length > 0 ? await startPeers({ mask, image, negative, markers, lowered }) : undefined;
for (const [name, work] of chosen) {
  const own: Timing[] = [];
  const others: Partial<Record<(typeof PEERS)[number] | 'imagejs' | 'fresh', Timing[]>> = {};
  const add = (peer: keyof typeof others, timing: Timing) => {
    others[peer] = [...(others[peer] ?? []), timing];
  };
  time(work.ours, 1);
  for (let round = 0; round < ROUNDS; round++) {
    // Peers of seconds take one run a round, and what they say hardly moves.
    for (const peer of PEERS) {
      const code = work[peer];
      if (code === undefined || peers === undefined) continue;
      const first = await peers.time(code, 1);
      add(peer, summary(first[0]! > 1000 ? first : await peers.time(code, Math.min(runs, 5))));
    }
    for (let i = 0; i < 3; i++) work.ours();
    own.push(time(work.ours, runs, 0));
    if (work.fresh !== undefined) add('fresh', time(work.fresh, runs, 0));
  }
  if (work.imagejs !== undefined) add('imagejs', time(work.imagejs, 1, 0));
  const middle = over(own);
  const row: Record<string, number> = { ms: middle.median };
  const parts = [`${name.padEnd(30)} segkit ${show(middle)}`];
  for (const [peer, timings] of Object.entries(others)) {
    const text = show(over(timings));
    if (peer === 'fresh') {
      row.freshMs = over(timings).median;
      parts.push(`without out ${text}`);
      continue;
    }
    row[peer] = summary(timings.map((timing, round) => timing.median / own[round]!.median)).median;
    parts.push(`${peer} ${text} = ${row[peer].toFixed(1)} x`);
  }
  console.log(parts.join(', '));
  rows[name] = row;
  frameRound();
}
peers?.close();

if ('autoLabel at 1024 x 1024'.includes(filter)) {
  const plate = gaussian(noisy(discs(1024, 1600, 2), 9));
  const own = time(() => autoLabel(plate), runs);
  rows['autoLabel at 1024 x 1024'] = { ms: own.median };
  console.log(`${'autoLabel at 1024 x 1024'.padEnd(30)} segkit ${show(own)}`);
}

while (frames.length < ROUNDS) frameRound();
const frame = over(frames);
const framesPerSecond512 = 1000 / frame.median;
console.log(
  `whole analysis of 512 x 512, ${new Set(label(small).data).size - 1} particles: ${show(frame)}, ` +
    `${framesPerSecond512.toFixed(0)} frames a second; rounds: ` +
    `${frames.map(({ median: one }) => (1000 / one).toFixed(0)).join(', ')}`,
);
console.log(JSON.stringify({ rows, framesPerSecond512 }));

/** The median of the medians of rounds, and the extremes of all. */
function over(timings: readonly Timing[]): Timing {
  return {
    median: summary(timings.map((timing) => timing.median)).median,
    min: Math.min(...timings.map((timing) => timing.min)),
    max: Math.max(...timings.map((timing) => timing.max)),
  };
}

function show({ median: middle, min, max }: Timing): string {
  return `${middle.toFixed(1)} ms (${min.toFixed(1)} to ${max.toFixed(1)})`;
}

/** A grey image of a mask: 60 outside, 180 inside, with noise of standard deviation 12. */
function noisy(of: Mask, seed: number) {
  const random = new Random(seed);
  const data = Uint8Array.from(of.data, (value) =>
    Math.min(255, Math.max(0, Math.round(60 + 120 * value + random.normal(0, 12)))),
  );
  return createImage(data, [...of.shape]);
}

/** Markers where the distance is largest within 9 x 9 pixels. */
function markersOf(values: Float32Array, of: Mask) {
  const [height, width] = of.shape as [number, number];
  const tops = createMask(undefined, [height, width]);
  for (let row = 4; row < height - 4; row++) {
    for (let column = 4; column < width - 4; column++) {
      const at = row * width + column;
      let top = values[at]! > 2;
      for (let y = -4; y <= 4 && top; y++) {
        for (let x = -4; x <= 4 && top; x++) top = values[at + y * width + x]! <= values[at]!;
      }
      if (top) tops.data[at] = 1;
    }
  }
  const { data } = contiguous(label(tops));
  return createLabels(data, [height, width]);
}
