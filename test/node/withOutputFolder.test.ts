import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withOutputFolder } from 'segkit/node';
import { describe, expect, it } from 'vitest';
import { useFolder } from './folder.js';
import { runChild } from './runChild.js';

describe('withOutputFolder', () => {
  const folder = useFolder();
  const at = (...names: string[]) => join(folder.path, ...names);
  const read = (...names: string[]) => readFileSync(at(...names), 'utf8');

  it('makes the folder with its parents on success, and returns what the work returns', async () => {
    const returned = await withOutputFolder(at('a', 'b'), async (stage) => {
      expect(existsSync(at('a'))).toBe(false);
      mkdirSync(join(stage, 'deep', 'er'), { recursive: true });
      writeFileSync(join(stage, 'deep', 'er', 'x'), '1');
      writeFileSync(join(stage, 'y'), '2');
      return 42;
    });
    expect(returned).toBe(42);
    expect(read('a', 'b', 'deep', 'er', 'x') + read('a', 'b', 'y')).toBe('12');
    expect(folder.names()).toEqual(['a']);
    expect(folder.names('a/b')).toEqual(['deep', 'y']);
    expect(statSync(at('a', 'b')).mode).toBe(statSync(at('a')).mode);
  });

  it('leaves nothing where the work fails', async () => {
    const work = async (stage: string) => {
      writeFileSync(join(stage, 'x'), '1');
      throw new Error('out of luck');
    };
    await expect(withOutputFolder(at('a', 'b'), work)).rejects.toThrow('out of luck');
    expect(folder.names()).toEqual([]);
  });

  it('leaves earlier results as they were where the work fails', async () => {
    mkdirSync(at('out', 'sub'), { recursive: true });
    writeFileSync(at('out', 'x'), 'old');
    writeFileSync(at('out', 'sub', 'z'), 'old');
    const work = async (stage: string) => {
      mkdirSync(join(stage, 'sub'));
      writeFileSync(join(stage, 'sub', 'z'), 'new');
      writeFileSync(join(stage, 'x'), 'new');
      throw new Error('out of luck');
    };
    await expect(withOutputFolder(at('out'), work)).rejects.toThrow('out of luck');
    expect(folder.names('out')).toEqual(['sub', 'x']);
    expect(read('out', 'x') + read('out', 'sub', 'z')).toBe('oldold');
  });

  it('replaces files of the same names only', async () => {
    mkdirSync(at('out', 'sub'), { recursive: true });
    for (const name of ['x', 'mine', 'sub/z', 'sub/mine']) writeFileSync(at('out', name), 'old');
    await withOutputFolder(at('out'), async (stage) => {
      mkdirSync(join(stage, 'sub'));
      writeFileSync(join(stage, 'sub', 'z'), 'new');
      writeFileSync(join(stage, 'x'), 'new');
      writeFileSync(join(stage, 'added'), 'new');
    });
    expect(folder.names('out')).toEqual(['added', 'mine', 'sub', 'x']);
    expect(['x', 'mine', 'added', 'sub/z', 'sub/mine'].map((name) => read('out', name))).toEqual([
      'new',
      'old',
      'new',
      'new',
      'old',
    ]);
  });

  it('puts everything back where moving fails midway', async () => {
    mkdirSync(at('out', 'z'), { recursive: true });
    writeFileSync(at('out', 'a'), 'old');
    const work = async (stage: string) => {
      for (const name of ['a', 'b', 'z']) writeFileSync(join(stage, name), 'new');
    };
    await expect(withOutputFolder(at('out'), work)).rejects.toThrow(
      `cannot write the file ${at('out', 'z')}: there is a folder of this name`,
    );
    expect(folder.names('out')).toEqual(['a', 'z']);
    expect(read('out', 'a')).toBe('old');
  });

  it('works through a link to a folder', async () => {
    mkdirSync(at('real'));
    symlinkSync(at('real'), at('link'));
    await withOutputFolder(at('link'), async (stage) => writeFileSync(join(stage, 'x'), '1'));
    expect(folder.names('real')).toEqual(['x']);
    expect(folder.names()).toEqual(['link', 'real']);
  });

  it('says what is wrong before the work begins', async () => {
    writeFileSync(at('file'), '');
    const never = () => Promise.reject(new Error('began'));
    await expect(withOutputFolder(at('file'), never)).rejects.toThrow(`expected a folder, got a file: ${at('file')}`);
    await expect(withOutputFolder(at('file', 'x'), never)).rejects.toThrow(
      `expected a folder, got a file: ${at('file')}`,
    );
    await expect(withOutputFolder('', never)).rejects.toThrow('folder must be a path, got "".');
  });

  it('leaves earlier results alone and nothing else when interrupted or ended by process.exit', async () => {
    mkdirSync(at('out'));
    writeFileSync(at('out', 'result.txt'), 'old');
    const [stopped, nested, exited, aborted] = await Promise.all([
      runChild('stage', at('out'), 'SIGTERM'),
      runChild('nested', at('out'), 'SIGINT'),
      runChild('exit', at('out')),
      runChild('abort', at('out'), 'SIGINT'),
    ]);
    expect(stopped.signal).toBe('SIGTERM');
    expect(nested.signal).toBe('SIGINT');
    expect(exited.code).toBe(3);
    expect(aborted.code).toBe(1);
    expect(aborted.output).toContain('AbortError: interrupted by SIGINT');
    expect(folder.names('out')).toEqual(['result.txt']);
    expect(read('out', 'result.txt')).toBe('old');
  });
});
