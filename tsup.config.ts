import { defineConfig } from 'tsup';
import { exports } from './package.json';

/** `./dist/losses/index.js` -> `src/losses/index.ts`, for every public entry point. */
const entryPoints = Object.values(exports).flatMap((entry) =>
  typeof entry === 'string' ? [] : [entry.default.replace('./dist/', 'src/').replace(/js$/, 'ts')],
);

export default defineConfig({
  entry: ['src/**/*.ts'],
  bundle: false, // one output per source file, so bundlers can drop unused files whole
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  clean: true,
  dts: { entry: entryPoints, compilerOptions: { ignoreDeprecations: '6.0' } }, // tsup sets `baseUrl`
});
