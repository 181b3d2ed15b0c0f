import {
  averageSurfaceDistance,
  type BoundaryDistancesOptions,
  boundaryDistances,
  hausdorffDistance,
  surfaceDice,
} from 'segkit/metrics';
import { describe, expect, it } from 'vitest';
import { near } from '../morphology/golden.js';
import { casesOf, maskOf, numberOf } from './golden.js';

describe('boundaries against MONAI, MedPy and scikit-image', () => {
  it.each(casesOf('surface distances'))('%s', (_, c) => {
    const [target, predicted] = [maskOf(c.inputs.target), maskOf(c.inputs.pred)];
    const of = (options: BoundaryDistancesOptions = {}) => boundaryDistances(target, predicted, options);
    const spacing = { calibration: { pixelSize: { row: 0.5, column: 2 }, unit: 'nm' } } as const;
    const empty = of().targetToPredicted.length === 0 || of().predictedToTarget.length === 0;
    const values: Record<string, number> = {
      monai_hd: hausdorffDistance(of()),
      monai_hd95: hausdorffDistance(of(), { percentile: 95 }),
      monai_hd_directed_pred_to_gt: Math.max(...of().predictedToTarget),
      monai_hd_chessboard: hausdorffDistance(of({ metric: 'chessboard' })),
      monai_hd_taxicab: hausdorffDistance(of({ metric: 'taxicab' })),
      monai_asd_pred_to_gt: averageSurfaceDistance(of(), { direction: 'toTarget' }),
      monai_assd: averageSurfaceDistance(of()),
      monai_surface_dice_tol1: surfaceDice(of(), { tolerance: 1 }),
      monai_surface_dice_tol2: surfaceDice(of(), { tolerance: 2 }),
      monai_surface_dice_tol3: surfaceDice(of(), { tolerance: 3 }),
      'monai_hd_spacing_0.5_2': hausdorffDistance(of(spacing)),
      'monai_assd_spacing_0.5_2': averageSurfaceDistance(of(spacing)),
    };
    for (const c2 of [false, true]) {
      const rim = { connectivity: c2 ? 8 : 4 } as const;
      const end = c2 ? 'c2' : 'c1';
      values[`medpy_hd_${end}`] = hausdorffDistance(of(rim));
      values[`medpy_hd95_${end}`] = hausdorffDistance(of(rim), { percentile: 95, pooled: true });
      values[`medpy_asd_${end}`] = averageSurfaceDistance(of(rim), { direction: 'toTarget' });
      values[`medpy_assd_${end}`] = averageSurfaceDistance(of(rim));
      values[`medpy_hd_spacing_0.5_2_${end}`] = hausdorffDistance(of({ ...rim, ...spacing }));
    }
    for (const [key, packed] of Object.entries(c.outputs)) {
      // scikit-image takes all pixels of the foreground instead of the boundary: another number, by coincidence mostly
      // equal; of two empty masks it is 0.
      if (key === 'skimage_hausdorff_all_fg_pixels') continue;
      // MONAI's directed distance of an empty prediction is infinite; a maximum of nothing is not.
      if (key === 'monai_hd_directed_pred_to_gt' && empty) continue;
      // The percentile of MONAI's infinite distances is NaN; ours is infinite, as the distance itself.
      if (key === 'monai_hd95' && empty && packed === 'NaN') {
        expect(Number.isFinite(values[key]!)).toBe(false);
        continue;
      }
      expect(near(values[key]!, numberOf(packed), c.tolerance), `${key}: ${values[key]} for ${packed}`).toBe(true);
    }
  });
});
