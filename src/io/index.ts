export type { ClassMapping, PictureSize } from './classMapping.js';
export type {
  CvatBox,
  CvatEllipse,
  CvatMask,
  CvatOpenShape,
  CvatPolygon,
  CvatShape,
  CvatShapeBase,
} from './cvatShapes.js';
export { type CvatToLabelsOptions, cvatToLabels } from './cvatToLabels.js';
export { type CvatToMaskOptions, cvatToMask } from './cvatToMask.js';
export { type DecodeImageOptions, decodeImage } from './decodeImage.js';
export { decodeJpeg } from './decodeJpeg.js';
export { type DecodeLabelsOptions, decodeLabels } from './decodeLabels.js';
export { type DecodeMaskOptions, decodeMask } from './decodeMask.js';
export { decodeNpy, type NpyArray } from './decodeNpy.js';
export { type DecodePngOptions, decodePng } from './decodePng.js';
export { type DecodeTiffOptions, decodeTiff, type TiffPage } from './decodeTiff.js';
export { encodeNpy } from './encodeNpy.js';
export { type EncodePngOptions, encodePng } from './encodePng.js';
export { type EncodeTiffOptions, encodeTiff } from './encodeTiff.js';
export { type FillPolygonOptions, fillPolygon } from './fillPolygon.js';
export { type LabelmeToLabelsOptions, labelmeToLabels } from './labelmeToLabels.js';
export { type LabelmeToMaskOptions, labelmeToMask } from './labelmeToMask.js';
export { type CvatAnnotations, type CvatImage, parseCvatXml } from './parseCvatXml.js';
export { type LabelmeAnnotations, type LabelmeShape, type LabelmeShapeType, parseLabelme } from './parseLabelme.js';
export { selectCvatImage } from './selectCvatImage.js';
export { type ImageFormat, sniffFormat } from './sniffFormat.js';
export type { AnySamples } from './toImage.js';
