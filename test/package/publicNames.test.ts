import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const { exports } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>;
};
const parts = Object.keys(exports)
  .filter((path) => path !== '.' && path !== './package.json')
  .map((path) => path.slice(2));

const modules = import.meta.glob('../../src/*/index.ts');

async function namesOf(part: string): Promise<string[]> {
  const load = modules[`../../src/${part}/index.ts`];
  expect(load, `src/${part}/index.ts is exported but missing`).toBeDefined();
  return Object.keys((await load!()) as object).sort();
}

describe('public names', () => {
  it('are those of the snapshot, part by part: change them on purpose', async () => {
    const names: Record<string, string[]> = {};
    for (const part of parts) names[part] = await namesOf(part);
    await expect(`${JSON.stringify(names, null, 2)}\n`).toMatchFileSnapshot('publicNames.json');
  });

  it('have an entry for every folder of src', () => {
    const folders = Object.keys(modules).map((path) => path.split('/').at(-2)!);
    expect(parts.toSorted()).toEqual(folders.toSorted());
  });

  it('are unique at the root, which holds every part that runs in a browser', async () => {
    const owners = new Map<string, string>();
    for (const part of parts.filter((name) => name !== 'node')) {
      for (const name of await namesOf(part)) {
        expect(owners.get(name), `${name} is exported by ${owners.get(name)} and ${part}`).toBeUndefined();
        owners.set(name, part);
      }
    }
    const index = Object.keys(await import('../../src/index.js'));
    expect(index.toSorted()).toEqual([...owners.keys(), 'imageToTensor', 'tensorToImage'].toSorted());
    for (const name of await namesOf('node'))
      expect(owners.has(name), `${name} of node is a name of the root too`).toBe(false);
  });
});
