import { describe } from 'vitest';
import { useOnnxBackend } from './compare.js';
import { convolutionCases, windowCases } from './convolutionCases.js';

useOnnxBackend();

describe('on onnx, in blocks of this machine:', () => {
  convolutionCases();
  windowCases();
});
