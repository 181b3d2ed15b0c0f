export type { HistogramCounts } from './histogramBins.js';
export { labelColor, type Rgb } from './labelColor.js';
export { type OverlayOptions, overlay } from './overlay.js';
export type { Stretch } from './rgb.js';
export { type ScaleBar, type ScaleBarOptions, scaleBar } from './scaleBar.js';
export { type SideBySideOptions, sideBySide } from './sideBySide.js';
export { type SizeHistogramSvgOptions, sizeHistogramSvg } from './sizeHistogramSvg.js';
export { type CurveMetric, type TrainingCurvesSvgOptions, trainingCurvesSvg } from './trainingCurvesSvg.js';
