export { type AbortOnInterruptOptions, abortOnInterrupt } from './abortOnInterrupt.js';
export { type CsvLogger, type CsvLoggerOptions, csvLogger } from './csvLogger.js';
export { type ProgressBar, type ProgressBarOptions, type ProgressStream, progressBar } from './progressBar.js';
export { withOutputFolder } from './withOutputFolder.js';
export { writeFileAtomic } from './writeFileAtomic.js';
