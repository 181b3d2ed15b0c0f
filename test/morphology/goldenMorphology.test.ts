import { createImage, createMask, type Image, type Mask } from 'segkit/core';
import {
  blackTopHat,
  convexHullImage,
  distanceTransform,
  expandLabels,
  findBoundaries,
  findContours,
  greyClose,
  greyDilate,
  greyErode,
  greyOpen,
  hMaxima,
  hMinima,
  label,
  localMaxima,
  localMinima,
  morphologicalGradient,
  peakLocalMax,
  reconstruction,
  skeletonize,
  thin,
  type WatershedOptions,
  watershed,
  whiteTopHat,
} from 'segkit/morphology';
import { describe, expect, it } from 'vitest';
import { differences, near } from './golden.js';
import { byteImage, floatImage, goldenLabels, goldenMask, packedArray, packedCases } from './packed.js';
import { slowWatershed } from './slowWatershed.js';

const names = (fn: string) => packedCases(fn).map((c) => [c.name, c] as const);

describe('grey morphology of scikit-image', () => {
  it.each(names('gray erosion/dilation/opening/closing/tophats'))('%s', (_, c) => {
    const image = byteImage(c.inputs.image);
    const footprint = goldenMask(c.inputs.footprint);
    const results: Record<string, Image> = {
      erosion: greyErode(image, { footprint }),
      dilation: greyDilate(image, { footprint }),
      opening: greyOpen(image, { footprint }),
      closing: greyClose(image, { footprint }),
      white_tophat: whiteTopHat(image, { footprint }),
      black_tophat: blackTopHat(image, { footprint }),
      gradient: morphologicalGradient(image, { footprint }),
    };
    for (const [name, { data }] of Object.entries(results)) {
      expect(differences(data, packedArray(c.outputs[name]).data), name).toEqual([]);
    }
  });
  it.each(names('morphology.reconstruction'))('%s', (_, c) => {
    const image = byteImage(c.inputs.image);
    const seed = byteImage(c.inputs.seed_dilation);
    const h = c.params.h as number;
    const results: Record<string, Image> = {
      by_dilation: reconstruction(seed, image),
      by_dilation_conn4: reconstruction(seed, image, { connectivity: 4 }),
      by_erosion: reconstruction(byteImage(c.inputs.seed_erosion), image, { method: 'erosion' }),
      h_maxima: hMaxima(image, { h }),
      h_minima: hMinima(image, { h }),
    };
    for (const [name, { data }] of Object.entries(results)) {
      expect(differences(data, packedArray(c.outputs[name]).data), name).toEqual([]);
    }
  });
  it.each(names('local_maxima/minima, area opening'))('%s', (_, c) => {
    const image = byteImage(c.inputs.image);
    const results: Record<string, Mask> = {
      local_maxima_8: localMaxima(image),
      local_maxima_4: localMaxima(image, { connectivity: 4 }),
      local_minima_8: localMinima(image),
    };
    for (const [name, { data }] of Object.entries(results)) {
      expect(differences(data, packedArray(c.outputs[name]).data), name).toEqual([]);
    }
  });
});

describe('h-maxima where nothing rises by h', () => {
  it('a flat image, and one of a smaller range than h, have none, as in scikit-image; at h = range the top is one', () => {
    const flat = createImage(new Uint8Array(6).fill(77), [2, 3]);
    const low = createImage(new Float32Array([1, 1.5, 1, 1, 1, 1]), [2, 3]);
    for (const [image, h] of [
      [flat, 10],
      [low, 0.75],
    ] as const) {
      expect([...hMaxima(image as Image, { h }).data]).toEqual([0, 0, 0, 0, 0, 0]);
      expect([...hMinima(image as Image, { h }).data]).toEqual([0, 0, 0, 0, 0, 0]);
    }
    expect([...hMaxima(low as Image, { h: 0.5 }).data]).toEqual([0, 1, 0, 0, 0, 0]);
    expect([...hMinima(low as Image, { h: 0.5 }).data]).toEqual([1, 0, 1, 1, 1, 1]);
  });
});

describe('distance transforms of SciPy', () => {
  it.each(names('distance transforms (distance to the nearest 0)'))('%s', (name, c) => {
    const mask = goldenMask(c.inputs.image);
    const outside = createMask(
      mask.data.map((value) => (value === 0 ? 1 : 0)),
      mask.shape,
    );
    const results: Record<string, Image> = {
      edt: distanceTransform(mask),
      'edt_aniso_0.5_2': distanceTransform(mask, { spacing: { row: 0.5, column: 2 } }),
      edt_background: distanceTransform(outside),
      cityblock: distanceTransform(mask, { metric: 'cityblock' }),
      chessboard: distanceTransform(mask, { metric: 'chessboard' }),
    };
    for (const [key, { data }] of Object.entries(results)) {
      // Without a background SciPy measures to a place beyond the image; here distances are infinite.
      const from = key === 'edt_background' ? outside : mask;
      if (from.data.every((value) => value === 1))
        expect(data.every((value) => value === Number.POSITIVE_INFINITY)).toBe(true);
      else expect(differences(data, packedArray(c.outputs[key]).data, c.tolerance), `${name} ${key}`).toEqual([]);
    }
  });
});

describe('skeletons, hulls and boundaries of scikit-image', () => {
  it.each(names('skeletonize / convex hull / boundaries'))('%s', (_, c) => {
    const mask = goldenMask(c.inputs.image);
    const labels = label(mask);
    const results: Record<string, Mask> = {
      skeletonize_zhang: skeletonize(mask),
      thin: thin(mask),
      convex_hull_image: convexHullImage(mask),
      convex_hull_object: convexHullImage(mask, { of: 'objects' }),
      boundaries_thick: findBoundaries(labels),
      boundaries_inner: findBoundaries(labels, { mode: 'inner' }),
      boundaries_outer: findBoundaries(labels, { mode: 'outer' }),
    };
    for (const [name, { data }] of Object.entries(results)) {
      expect(differences(data, packedArray(c.outputs[name]).data), name).toEqual([]);
    }
    // Pixels as near to two regions go to either: everything else must agree.
    const golden = packedArray(c.outputs.expand_labels_3).data;
    const grown = expandLabels(labels, { distance: 3 });
    const tie = (at: number) => {
      const [height, width] = labels.shape as [number, number];
      const row = Math.floor(at / width);
      const column = at % width;
      const nearest = (id: number) => {
        let least = Number.POSITIVE_INFINITY;
        for (let y = Math.max(0, row - 3); y <= Math.min(height - 1, row + 3); y++) {
          for (let x = Math.max(0, column - 3); x <= Math.min(width - 1, column + 3); x++) {
            if (labels.get(y, x) === id) least = Math.min(least, (y - row) ** 2 + (x - column) ** 2);
          }
        }
        return least;
      };
      return nearest(golden[at]!) === nearest(grown.data[at]!);
    };
    grown.data.forEach((id, at) => {
      if (id !== golden[at]) expect(tie(at), `at ${at}`).toBe(true);
    });
  });
});

describe('contours of scikit-image', () => {
  const all = [...packedCases('measure.find_contours (marching squares)'), ...packedCases('measure.find_contours')];
  it.each(all.map((c) => [c.name, c] as const))('%s', (_, c) => {
    const image = floatImage(c.inputs.image_padded ?? c.inputs.image);
    const contours = findContours(image, { level: c.params.level as number });
    expect(contours.length).toBe(c.params.n);
    for (let i = 0; c.outputs[`contour${i}`] !== undefined; i++) {
      const { data, shape } = packedArray(c.outputs[`contour${i}`]);
      const points = Array.from({ length: shape[0]! }, (_, k) => [data[2 * k]!, data[2 * k + 1]!] as const);
      // Lines may start elsewhere and run the other way: the same points in the same number make the same line.
      const same = contours.filter(
        (contour) =>
          contour.points.length === points.length &&
          points.every(([row, column]) =>
            contour.points.some(([r, k]) => near(r, row, c.tolerance) && near(k, column, c.tolerance)),
          ),
      );
      expect(same.length, `contour ${i}`).toBe(1);
    }
  });
});

describe('watersheds of scikit-image', () => {
  const negated = (file: string | number | undefined) => {
    const { data, shape } = packedArray(file);
    return createImage(
      Float32Array.from(data, (value) => -value),
      shape,
    );
  };
  /** Ours, and the peer's golden by way of a slow flood in which only the order of equal markers differs. */
  const compare = (image: Image, options: WatershedOptions, golden: ArrayLike<number>) => {
    expect(differences(slowWatershed(image, options, 'peer'), golden)).toEqual([]);
    expect(differences(watershed(image, options).data, slowWatershed(image, options, 'raster'))).toEqual([]);
  };
  it.each(names('peak_local_max + watershed on -distance'))('%s', (_, c) => {
    const mask = goldenMask(c.inputs.mask);
    const image = negated(c.outputs.distance);
    const markers = goldenLabels(c.outputs.markers);
    const variants: Record<string, WatershedOptions> = {
      watershed: { markers, mask },
      watershed_line: { markers, mask, watershedLine: true },
      watershed_conn8: { markers, mask, connectivity: 8 },
      watershed_nomask: { markers },
      watershed_compact: { markers, mask, compactness: 0.01 },
    };
    for (const [name, options] of Object.entries(variants)) compare(image, options, packedArray(c.outputs[name]).data);
  });
  it.each(names('peak_local_max + watershed on -distance'))('peaks of %s', (_, c) => {
    const distance = floatImage(c.outputs.distance);
    const minDistance = c.params.min_distance as number;
    const golden = packedArray(c.outputs.peaks_thr2);
    const peaks = peakLocalMax(distance, { minDistance, threshold: 2 });
    expect(peaks.length).toBe(golden.shape[0]);
    // Of equal peaks that lie too near to each other either may be taken: the heights are the same.
    const heights = peaks.map(([row, column]) => distance.get(row, column));
    const theirs = Array.from({ length: peaks.length }, (_, i) =>
      distance.get(golden.data[2 * i]!, golden.data[2 * i + 1]!),
    );
    expect(heights.sort()).toEqual(theirs.sort());
  });
  it.each(names('h-maxima markers + watershed'))('%s', (_, c) => {
    const distance = floatImage(c.outputs.distance);
    const tops = hMaxima(distance, { h: c.params.h as number });
    expect(differences(tops.data, packedArray(c.outputs.h_maxima).data)).toEqual([]);
    const markers = label(tops);
    expect(differences(markers.data, packedArray(c.outputs.markers).data)).toEqual([]);
    compare(
      negated(c.outputs.distance),
      { markers, mask: goldenMask(c.inputs.mask) },
      packedArray(c.outputs.watershed).data,
    );
  });
  it.each(names('marker-controlled watershed on Sobel'))('%s', (_, c) => {
    compare(
      floatImage(c.inputs.gradient),
      { markers: goldenLabels(c.inputs.markers) },
      packedArray(c.outputs.watershed).data,
    );
  });
});
