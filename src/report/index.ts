export type { HistogramCounts } from './histogramBins.js';
export { type HtmlReportOptions, htmlReport, type KeyFigure } from './htmlReport.js';
export { labelColor, type Rgb } from './labelColor.js';
export { type OverlayOptions, overlay } from './overlay.js';
export type { Stretch } from './rgb.js';
export { type ScaleBar, type ScaleBarOptions, scaleBar } from './scaleBar.js';
export type {
  ChartSection,
  ImagesSection,
  MetricsSection,
  ParticlesSection,
  ReportColumn,
  ReportImage,
  ReportSection,
  ReportValue,
  SectionHead,
  TableSection,
  TextSection,
} from './sections.js';
export { type SideBySideOptions, sideBySide } from './sideBySide.js';
export { type SizeHistogramSvgOptions, sizeHistogramSvg } from './sizeHistogramSvg.js';
export { type CurveMetric, type TrainingCurvesSvgOptions, trainingCurvesSvg } from './trainingCurvesSvg.js';
export { unitSymbol } from './unitSymbol.js';
