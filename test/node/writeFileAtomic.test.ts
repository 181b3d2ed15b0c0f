import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { writeFileAtomic } from 'segkit/node';
import { describe, expect, it } from 'vitest';
import { useFolder } from './folder.js';
import { runChild } from './runChild.js';

describe('writeFileAtomic', () => {
  const folder = useFolder();
  const at = (name: string) => join(folder.path, name);

  it('writes bytes and texts, and leaves no other file', async () => {
    await writeFileAtomic(at('größe.csv'), 'Ø,µm\n');
    expect(readFileSync(at('größe.csv'), 'utf8')).toBe('Ø,µm\n');
    await writeFileAtomic(at('größe.csv'), new Uint8Array([1, 2]));
    expect([...readFileSync(at('größe.csv'))]).toEqual([1, 2]);
    expect(folder.names()).toEqual(['größe.csv']);
  });

  it('gives back what was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        await writeFileAtomic(at('x'), bytes);
        expect([...readFileSync(at('x'))]).toEqual([...bytes]);
      }),
      { numRuns: 20 },
    );
  });

  it('writes only the elements of a view', async () => {
    await writeFileAtomic(at('x'), new Uint8Array([1, 2, 3, 4]).subarray(1, 3));
    expect([...readFileSync(at('x'))]).toEqual([2, 3]);
  });

  it('follows links and keeps permissions', async () => {
    writeFileSync(at('real'), 'old');
    chmodSync(at('real'), 0o640);
    symlinkSync(at('real'), at('link'));
    await writeFileAtomic(at('link'), 'new');
    expect(readFileSync(at('real'), 'utf8')).toBe('new');
    expect(statSync(at('real')).mode & 0o777).toBe(0o640);
    expect(folder.names()).toEqual(['link', 'real']);
  });

  it('keeps every one of several writers at once whole', async () => {
    const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(100_000));
    await Promise.all(texts.map((text) => writeFileAtomic(at('x'), text)));
    expect(texts).toContain(readFileSync(at('x'), 'utf8'));
    expect(folder.names()).toEqual(['x']);
  });

  it('says what is wrong, and leaves nothing', async () => {
    mkdirSync(at('dir'));
    writeFileSync(at('file'), '');
    await expect(writeFileAtomic(at('none/x'), '')).rejects.toThrow(`no such folder: ${at('none')}`);
    await expect(writeFileAtomic(at('file/x'), '')).rejects.toThrow(`no such file: ${at('file/x')}`);
    await expect(writeFileAtomic(at('dir'), '')).rejects.toThrow(`expected a file, got a folder: ${at('dir')}`);
    await expect(writeFileAtomic('', '')).rejects.toThrow('path must be a path, got "".');
    await expect(writeFileAtomic(at('x'), 5 as never)).rejects.toThrow('data must be a string or a Uint8Array, got 5.');
    expect(folder.names()).toEqual(['dir', 'file']);
  });

  it('leaves the old or the new file whole when killed', async () => {
    for (const afterMs of [1, 25]) {
      const { signal } = await runChild('write', at('x'), 'SIGKILL', afterMs);
      expect(signal).toBe('SIGKILL');
      const text = readFileSync(at('x'), 'utf8');
      expect(text.length).toBe(8_000_000);
      expect(text).toBe(text[0]!.repeat(8_000_000));
    }
  });
});
