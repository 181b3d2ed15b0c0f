import { describe } from 'vitest';
import { useOnnxBackend } from './compare.js';
import { convolutionCases, windowCases } from './convolutionCases.js';

useOnnxBackend({ block: 0 });

describe('on onnx, as planes, for machines without blocks:', () => {
  convolutionCases();
  windowCases();
});
