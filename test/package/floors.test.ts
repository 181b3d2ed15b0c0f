import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const src = resolve(import.meta.dirname, '../../src');

/** Which parts a part may import: the floors of docs/architecture.md. */
const floors: Record<string, readonly string[]> = {
  core: [],
  morphology: ['core'],
  io: ['core'],
  metrics: ['core', 'morphology'],
  augment: ['core', 'morphology'],
  simulate: ['core', 'morphology'],
  particles: ['core', 'morphology'],
  losses: ['core', 'morphology'],
  models: ['core'],
  onnx: ['core'],
  engine: ['core', 'onnx'],
  training: ['core', 'morphology', 'io', 'metrics', 'augment', 'losses', 'models', 'engine'],
  inference: ['core', 'morphology', 'io', 'metrics', 'augment', 'losses', 'models', 'onnx', 'engine', 'training'],
  report: ['core', 'morphology', 'io', 'metrics', 'particles', 'training', 'inference'],
  node: ['core', 'morphology', 'io', 'metrics', 'particles', 'training', 'inference', 'report', 'engine', 'models'],
};
const withoutTensorFlow = ['core', 'morphology', 'io', 'metrics', 'augment', 'simulate', 'particles'];

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => join(src, path));

/** Every module that a file names in an import or export, type-only ones included. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const found: string[] = [];
  for (const match of text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g))
    found.push(match[1]!);
  for (const match of text.matchAll(/(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g)) found.push(match[1]!);
  for (const match of text.matchAll(/\bimport\(\s*(?:\/\*.*?\*\/\s*)*['"]([^'"]+)['"]/g)) found.push(match[1]!);
  return found;
}

const graph = new Map(files.map((file) => [file, importsOf(file)]));
const partOf = (file: string) => relative(src, file).split('/')[0]!;
const target = (file: string, specifier: string) => resolve(dirname(file), specifier.replace(/\.js$/, '.ts'));

describe('the floors of the house', () => {
  it('finds the source files and reads their imports', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(graph.get(join(src, 'core/random.ts'))).toEqual(['./check.js', './math.js']);
  });

  it('every relative import names a file that exists, with its .js ending', () => {
    const wrong: string[] = [];
    for (const [file, imports] of graph) {
      for (const specifier of imports.filter((name) => name.startsWith('.'))) {
        if (!specifier.endsWith('.js') || !graph.has(target(file, specifier)))
          wrong.push(`${relative(src, file)}: ${specifier}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('a part imports only the floors below it', () => {
    const wrong: string[] = [];
    for (const [file, imports] of graph) {
      const part = partOf(file);
      if (part === 'index.ts') continue;
      const allowed = floors[part];
      expect(allowed, `src/${part} has no floor in this test`).toBeDefined();
      for (const specifier of imports.filter((name) => name.startsWith('.'))) {
        const other = partOf(target(file, specifier));
        if (other !== part && !allowed!.includes(other)) wrong.push(`${relative(src, file)} imports ${specifier}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has no circle of files', () => {
    const state = new Map<string, 'open' | 'done'>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        circles.push([...path.slice(path.indexOf(file)), file].map((name) => relative(src, name)).join(' -> '));
        return;
      }
      state.set(file, 'open');
      for (const specifier of graph.get(file) ?? []) {
        if (specifier.startsWith('.')) visit(target(file, specifier), [...path, file]);
      }
      state.set(file, 'done');
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  it('keeps TensorFlow.js out of the CPU parts', () => {
    const wrong = [...graph]
      .filter(([file]) => withoutTensorFlow.includes(partOf(file)) && relative(src, file) !== 'core/tensor.ts')
      .filter(([, imports]) =>
        imports.some((name) => name.startsWith('@tensorflow/') || name.endsWith('core/tensor.js')),
      )
      .map(([file]) => relative(src, file));
    expect(wrong).toEqual([]);
  });

  it('never reaches into the inside of a TensorFlow.js package, which would be a second engine', () => {
    const inside = [...graph].flatMap(([file, imports]) =>
      imports.filter((name) => /^@tensorflow\/[^/]+\//.test(name)).map((name) => `${relative(src, file)}: ${name}`),
    );
    expect(inside).toEqual([]);
  });

  it('touches the file system in src/node alone', () => {
    const wrong = [...graph]
      .filter(([file]) => partOf(file) !== 'node')
      .filter(([, imports]) =>
        imports.some((name) => /^(node:|fs$|path$|os$|child_process$|worker_threads$)/.test(name)),
      )
      .map(([file]) => relative(src, file));
    expect(wrong).toEqual([]);
  });

  it('constructs ndarrays in core alone (the package needs unsafe-eval)', () => {
    const wrong = files
      .filter((file) => partOf(file) !== 'core')
      .filter((file) => /^import (?!type)[^;]*from 'ndarray'/m.test(readFileSync(file, 'utf8')))
      .map((file) => relative(src, file));
    expect(wrong).toEqual([]);
  });

  it('takes chance from the seeded generator alone', () => {
    const wrong = files
      .filter((file) => /Math\.random\(/.test(readFileSync(file, 'utf8')))
      .map((file) => relative(src, file));
    expect(wrong).toEqual([]);
  });
});
