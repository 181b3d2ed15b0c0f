import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** Gives each test of a file an empty folder of a name that is not plain ASCII, and removes it afterwards. */
export function useFolder(): { readonly path: string; names(below?: string): string[] } {
  let path = '';
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'segkit tëst 粒子-'));
  });
  afterEach(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return {
    get path() {
      return path;
    },
    names: (below = '') => readdirSync(join(path, below)).sort(),
  };
}
