export type { OnnxLayout } from './exportLower.js';
export { type ExportOnnxOptions, exportOnnx } from './exportOnnx.js';
