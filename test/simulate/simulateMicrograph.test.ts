import fc from 'fast-check';
import { Random } from 'segkit/core';
import { type SimulatedMicrograph, type SimulateMicrographOptions, simulateMicrograph } from 'segkit/simulate';
import { describe, expect, it } from 'vitest';

/** FNV-1a over the bytes. */
function hash({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  let h = 0x811c9dc5;
  for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) h = Math.imul(h ^ byte, 0x01000193);
  return (h >>> 0).toString(16);
}

/** Number of 8-connected regions, by flooding. */
function regions({ mask }: SimulatedMicrograph): number {
  const [height, width] = mask.shape as [number, number];
  const left = mask.data.slice();
  let count = 0;
  for (let start = 0; start < left.length; start++) {
    if (left[start] === 0) continue;
    count++;
    const stack = [start];
    left[start] = 0;
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const row = Math.floor(at / width);
      const column = at % width;
      for (let r = Math.max(0, row - 1); r <= Math.min(height - 1, row + 1); r++) {
        for (let c = Math.max(0, column - 1); c <= Math.min(width - 1, column + 1); c++) {
          if (left[r * width + c] === 0) continue;
          left[r * width + c] = 0;
          stack.push(r * width + c);
        }
      }
    }
  }
  return count;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

const quiet = { dose: Number.POSITIVE_INFINITY, readoutNoise: 0, jitter: 0, drift: 0, dtype: 'float32' } as const;

describe('the default micrograph', () => {
  it('is 256 x 256 of 8 bits with 15 to 50 particles on 0.2 nm pixels, most of them 14 to 27 pixels wide', () => {
    for (let seed = 0; seed < 6; seed++) {
      const { image, mask, labels, particles, calibration } = simulateMicrograph({ seed });
      expect([image.shape, mask.shape, labels.shape]).toEqual([
        [256, 256],
        [256, 256],
        [256, 256],
      ]);
      expect(image.data).toBeInstanceOf(Uint8Array);
      expect(calibration).toEqual({ pixelSize: 0.2, unit: 'nm' });
      expect(particles.length).toBeGreaterThanOrEqual(15);
      expect(particles.length).toBeLessThanOrEqual(50);
      const usual = particles.filter(({ diameter }) => diameter / 0.2 > 14 && diameter / 0.2 < 27);
      expect(usual.length / particles.length).toBeGreaterThan(0.8);
    }
  });

  it('has the same bytes on every platform', () => {
    const dark = simulateMicrograph({ seed: 2024 });
    const bright = simulateMicrograph({ seed: 2024, mode: 'brightField', support: 'edge', touching: 0.4 });
    expect([hash(dark.image.data), hash(dark.labels.data)]).toEqual(['38d3b715', '1ddcde17']);
    expect([hash(bright.image.data), hash(bright.labels.data)]).toEqual(['421e278b', 'd2a6e5d9']);
  });

  it('is the same for a seed and a generator of that seed, whatever has been drawn from it', () => {
    const random = new Random(5);
    random.uniform();
    const options = { height: 64, width: 64 };
    const a = simulateMicrograph({ seed: 5, ...options });
    expect(simulateMicrograph({ seed: random, ...options })).toEqual(a);
    expect(simulateMicrograph({ seed: 6, ...options }).image.data).not.toEqual(a.image.data);
  });

  it('keeps the particles where they are when mode, dose or blur change', () => {
    const { labels, particles } = simulateMicrograph({ seed: 3 });
    const other = simulateMicrograph({ seed: 3, mode: 'brightField', dose: 50, blur: 2, texture: 0, dtype: 'uint16' });
    expect(other.labels.data).toEqual(labels.data);
    expect(other.particles).toEqual(particles);
  });
});

describe('the ground truth', () => {
  it('agrees with itself: labels, mask, rows of truth, border, in order of appearance', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.nat(),
          height: fc.integer({ min: 40, max: 140 }),
          width: fc.integer({ min: 40, max: 140 }),
          touching: fc.constantFrom(0, 0.5, 1),
          support: fc.constantFrom('full' as const, 'edge' as const),
          coverage: fc.constantFrom(0, 0.05, 0.2),
          drift: fc.constantFrom(0, 1, 10),
        }),
        (options) => {
          const micrograph = simulateMicrograph({ ...options, diameterMedian: 2.4 });
          const { mask, labels, particles } = micrograph;
          const areas = new Map<number, number>();
          const border = new Set<number>();
          let last = 0;
          for (let i = 0; i < labels.data.length; i++) {
            const id = labels.data[i]!;
            if (mask.data[i] !== (id > 0 ? 1 : 0)) throw new Error(`mask and labels differ at ${i}`);
            if (id === 0) continue;
            if (id > last + 1) throw new Error(`id ${id} comes before ${last + 1}`);
            last = Math.max(last, id);
            areas.set(id, (areas.get(id) ?? 0) + 1);
            const row = Math.floor(i / options.width);
            const column = i % options.width;
            if (row % (options.height - 1) === 0 || column % (options.width - 1) === 0) border.add(id);
          }
          expect(particles.map(({ label }) => label)).toEqual(Array.from({ length: last }, (_, i) => i + 1));
          for (const { label, area, touchesBorder } of particles) {
            expect(area).toBe(areas.get(label));
            expect(touchesBorder).toBe(border.has(label));
          }
          if (options.touching === 0) expect(regions(micrograph)).toBe(particles.length);
        },
      ),
      { numRuns: 25, seed: 1 },
    );
  });

  it('counts pi d^2 / 4 pixels for every whole particle, of any shape, within the error of the grid', () => {
    const errors: number[] = [];
    for (let seed = 0; seed < 4; seed++) {
      const { particles } = simulateMicrograph({ seed, height: 384, width: 384, drift: 20, dose: 1000 });
      for (const { diameter, area, touchesBorder } of particles) {
        if (touchesBorder) continue;
        const pixels = (Math.PI * (diameter / 0.2) ** 2) / 4;
        errors.push((area - pixels) / pixels);
        expect(Math.abs(area - pixels)).toBeLessThan(2.5 * Math.sqrt(diameter / 0.2));
      }
    }
    expect(errors.length).toBeGreaterThan(150);
    expect(Math.abs(mean(errors))).toBeLessThan(0.004);
  });

  it('puts the centres where the pixels are, with drift', () => {
    const { labels, particles } = simulateMicrograph({ seed: 8, drift: 40 });
    for (const { label, row, column, touchesBorder } of particles) {
      if (touchesBorder) continue;
      const rows: number[] = [];
      const columns: number[] = [];
      labels.data.forEach((id, i) => {
        if (id !== label) return;
        rows.push(Math.floor(i / 256));
        columns.push(i % 256);
      });
      expect(Math.abs(mean(rows) - row)).toBeLessThan(0.5);
      expect(Math.abs(mean(columns) - column)).toBeLessThan(0.5);
    }
  });

  it('draws log-normal diameters: mean and deviation of 1500 logarithms within 4 standard errors', () => {
    const logs: number[] = [];
    const options = { ...quiet, count: 50, diameterMedian: 3, diameterGeometricSd: 1.25 };
    for (let seed = 0; seed < 30; seed++) {
      const { particles } = simulateMicrograph({ ...options, seed, height: 320, width: 320 });
      expect(particles).toHaveLength(50);
      for (const { diameter } of particles) logs.push(Math.log(diameter));
    }
    const centre = mean(logs);
    const sd = Math.sqrt(mean(logs.map((value) => (value - centre) ** 2)));
    const sigma = Math.log(1.25);
    expect(Math.abs(centre - Math.log(3))).toBeLessThan((4 * sigma) / Math.sqrt(1500));
    expect(Math.abs(sd - sigma)).toBeLessThan((4 * sigma) / Math.sqrt(3000));
  });

  it('covers the asked share of the frame', () => {
    const shares = Array.from({ length: 12 }, (_, seed) =>
      mean(simulateMicrograph({ seed, height: 300, width: 200, coverage: 0.2 }).mask.data),
    );
    expect(mean(shares)).toBeGreaterThan(0.18);
    expect(mean(shares)).toBeLessThan(0.22);
  });
});

describe('the picture', () => {
  it('shows particles bright in dark field, dark in bright field', () => {
    for (const mode of ['darkField', 'brightField'] as const) {
      const { image, mask } = simulateMicrograph({ seed: 4, mode });
      const inside = mean(image.data.filter((_, i) => mask.data[i] === 1));
      const outside = mean(image.data.filter((_, i) => mask.data[i] === 0));
      expect(mode === 'darkField' ? inside - outside : outside - inside).toBeGreaterThan(50);
    }
  });

  it.each(['darkField', 'brightField'] as const)(
    'has its outlines where the labels have them: %s, steepest within 0.5 px at default noise',
    (mode) => {
      const sums = new Float64Array(21);
      const counts = new Float64Array(21);
      for (let seed = 0; seed < 6; seed++) {
        const { image, particles } = simulateMicrograph({ seed, mode, shapes: { sphere: 1 } });
        for (const { row, column, diameter } of particles) {
          for (let i = 0; i < image.data.length; i++) {
            const off = Math.sqrt((Math.floor(i / 256) - row) ** 2 + ((i % 256) - column) ** 2);
            const bin = Math.round(2 * (diameter / 0.4 - off) + 10);
            if (bin < 0 || bin > 20) continue;
            sums[bin]! += image.data[i]!;
            counts[bin]! += 1;
          }
        }
      }
      const profile = sums.map((sum, i) => sum / counts[i]!);
      let steepest = 1;
      const slope = (i: number) => Math.abs(profile[i + 1]! - profile[i - 1]!);
      for (let i = 1; i < 20; i++) if (slope(i) > slope(steepest)) steepest = i;
      expect(Math.abs(steepest - 10) / 2).toBeLessThanOrEqual(0.5);
    },
  );

  it('has vacuum beyond the edge of a support', () => {
    const { image } = simulateMicrograph({ seed: 1, support: 'edge', coverage: 0, unevenness: 0 });
    const low = image.data.filter((value) => value < 25).length / image.data.length;
    expect(low).toBeGreaterThan(0.05);
    expect(low).toBeLessThan(0.6);
  });

  it('joins particles where touching is asked for', () => {
    const micrograph = simulateMicrograph({ seed: 1, touching: 1, coverage: 0.2 });
    expect(regions(micrograph)).toBeLessThan(micrograph.particles.length * 0.7);
  });

  it('is noisier at a lower dose, by the square root of the dose', () => {
    const flat = { coverage: 0, unevenness: 0, texture: 0, jitter: 0, readoutNoise: 0, dtype: 'float32' } as const;
    const deviation = (dose: number) => {
      const { data } = simulateMicrograph({ seed: 1, dose, ...flat }).image;
      const centre = mean(data);
      return Math.sqrt(mean(Float64Array.from(data, (value) => (value - centre) ** 2)));
    };
    // Full scale 0.22: sqrt(0.22 / dose).
    expect(deviation(100)).toBeCloseTo(Math.sqrt(0.22 / 100), 3);
    expect(deviation(10_000)).toBeCloseTo(Math.sqrt(0.22 / 10_000), 3);
    expect(deviation(Number.POSITIVE_INFINITY)).toBeLessThan(1e-6);
  });

  it('holds the same picture in 8, 16 and 32 bits', () => {
    const at = (dtype: 'uint8' | 'uint16' | 'float32') =>
      simulateMicrograph({ seed: 2, height: 64, width: 64, dtype }).image.data;
    const float = at('float32');
    expect(at('uint8')).toEqual(Uint8Array.from(float, (value) => Math.round(value * 255)));
    const wide = at('uint16');
    expect(wide).toBeInstanceOf(Uint16Array);
    wide.forEach((value, i) => {
      expect(Math.abs(value - float[i]! * 65535)).toBeLessThan(0.51);
    });
    expect(Math.max(...float)).toBeLessThanOrEqual(1);
  });

  const changes: readonly Partial<SimulateMicrographOptions>[] = [
    { pixelSize: 0.25 },
    { diameterMedian: 3 },
    { diameterGeometricSd: 1.3 },
    { diameterRange: [2.4, 2.6] },
    { coverage: 0.05 },
    { count: 3 },
    { shapes: { pentagon: 1 } },
    { roundness: 1 },
    { gap: 9 },
    { touching: 0.7 },
    { contrast: 0.5 },
    { contrastSpread: 0 },
    { thicknessContrast: 0 },
    { unevenness: 0 },
    { texture: 0 },
    { support: 'edge' },
    { blur: 0 },
    { defocused: 1 },
    { defocusBlur: 3 },
    { dose: 1000 },
    { readoutNoise: 0 },
    { jitter: 0 },
    { drift: 0 },
    { mode: 'brightField' },
  ];
  it('changes with every option', () => {
    const base = { seed: 1, height: 112, width: 112, defocused: 0.5, diameterMedian: 2.5 };
    const before = hash(simulateMicrograph(base).image.data);
    for (const change of changes) {
      expect(hash(simulateMicrograph({ ...base, ...change }).image.data), JSON.stringify(change)).not.toBe(before);
    }
  });

  it('can draw equal discs of one size', () => {
    const { particles } = simulateMicrograph({ seed: 1, diameterGeometricSd: 1, shapes: { sphere: 2 } });
    expect(particles.every(({ diameter }) => Math.abs(diameter - 4) < 1e-12)).toBe(true);
    expect(particles.every(({ shape }) => shape === 'sphere')).toBe(true);
  });
});

describe('errors', () => {
  const base = { seed: 1 };
  it.each([
    [{ colour: 'red' }, /has no option "colour"/],
    [{ height: 16 }, /height must be an integer at least 32/],
    [{ width: 100.5 }, /width must be an integer/],
    [{ pixelSize: 0 }, /pixelSize must be a finite number above 0, got 0/],
    [{ mode: 'sem' }, /mode must be one of "darkField", "brightField", got "sem"/],
    [{ dtype: 'int8' }, /dtype must be one of/],
    [{ diameterMedian: 1 }, /diameterMedian must lie within diameterRange, 1\.4.* \(7\.0 to 128\.0 pixels/],
    [{ pixelSize: 1 }, /diameterMedian must lie within diameterRange, 7 to 128 nm/],
    [{ diameterGeometricSd: 0.9 }, /diameterGeometricSd must be a finite number at least 1/],
    [{ diameterRange: 4 }, /diameterRange must be two lengths in nm/],
    [{ diameterRange: [0.1, 9] }, /diameterRange\[0\] must be a finite number at least 0\.[78]/],
    [{ diameterRange: [5, 2] }, /diameterRange\[1\] must be a finite number at least 5/],
    [{ diameterMedian: 4, diameterRange: [4, 4] }, /diameterRange must hold a fair share/],
    [{ coverage: 0.9 }, /coverage must be a finite number at least 0 and at most 0.4/],
    [{ count: -1 }, /count must be an integer at least 0/],
    [{ count: 1, coverage: 0.1 }, /count and coverage cannot be given both/],
    [{ count: 400 }, /count must leave room for every particle: after \d+ of them/],
    [{ shapes: { cube: 1 } }, /shapes has no option "cube"/],
    [{ shapes: { sphere: 0 } }, /shapes must give one of .* a frequency above 0/],
    [{ shapes: { sphere: -1 } }, /shapes\.sphere must be a finite number at least 0/],
    [{ gap: 1 }, /gap must be a finite number at least 2/],
    [{ touching: 2 }, /touching must be a finite number at least 0 and at most 1/],
    [{ dose: 0 }, /dose must be a finite number at least 1/],
    [{ drift: 100 }, /drift must be a finite number at least 0 and at most 64/],
    [{ seed: -1 }, /seed must be an integer at least 0/],
  ])('refuses %o', (change, message) => {
    expect(() => simulateMicrograph({ ...base, ...change } as SimulateMicrographOptions)).toThrow(message);
  });
});
