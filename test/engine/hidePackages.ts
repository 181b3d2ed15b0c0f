import { Module } from 'node:module';
import { vi } from 'vitest';

type Resolve = (request: string, ...rest: unknown[]) => string;

/** Makes `require` find no package of these names until `vi.restoreAllMocks()`, as if they were not installed. */
export function hidePackages(...names: readonly string[]): void {
  const inside = Module as unknown as { _resolveFilename: Resolve };
  const original = inside._resolveFilename;
  vi.spyOn(inside, '_resolveFilename').mockImplementation((request, ...rest) => {
    if (names.some((name) => request === name || request.startsWith(`${name}/`))) {
      throw Object.assign(new Error(`Cannot find module '${request}'`), { code: 'MODULE_NOT_FOUND' });
    }
    return original.call(inside, request, ...rest);
  });
}
