import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvLogger } from 'segkit/node';
import { historyToCsv } from 'segkit/training';
import { describe, expect, it } from 'vitest';
import { useFolder } from './folder.js';
import { runChild } from './runChild.js';

describe('csvLogger', () => {
  const folder = useFolder();
  const at = (name: string) => join(folder.path, name);
  const read = (name: string) => readFileSync(at(name), 'utf8');

  it('writes the header once and a row a record, at once', () => {
    const logger = csvLogger(at('a.csv'));
    expect(read('a.csv')).toBe('');
    logger.log({ epoch: 1, loss: 0.5, note: 'a "b", c', fine: true, iou: [0.1, 0.2], other: { x: 1 } });
    expect(read('a.csv')).toBe('epoch,loss,note,fine,iou0,iou1\n1,0.5,"a ""b"", c",true,0.1,0.2\n');
    logger.log({ epoch: 2, loss: Number.NaN, fine: false });
    expect(read('a.csv').split('\n')[2]).toBe('2,NaN,,false,,');
    expect(logger.rows).toBe(2);
    logger.close();
    logger.close();
    expect(() => logger.log({ epoch: 3 })).toThrow(`${at('a.csv')}: the log is closed`);
  });

  it('writes what historyToCsv writes', () => {
    const records = [1, 2].map((epoch) => ({
      ...{ epoch, trainLoss: 1 / epoch, validationLoss: 0.1, miou: 0.5, iou: [0.4, 0.6] },
      ...{ learningRate: 1e-3, batches: 4, seconds: 2.5 },
    }));
    const logger = csvLogger(at('a.csv'));
    for (const record of records) logger.log(record);
    logger.close();
    expect(read('a.csv')).toBe(historyToCsv(records));
  });

  it('goes on after the rows of an earlier run, without the one that was cut short', () => {
    writeFileSync(at('a.csv'), 'epoch,note\n1,"two\nlines"\n2,whole\n3,cu');
    const logger = csvLogger(at('a.csv'), { columns: ['epoch', 'note'] });
    expect(logger.rows).toBe(2);
    logger.log({ epoch: 3, note: 'new', more: 1 });
    logger.close();
    expect(read('a.csv')).toBe('epoch,note\n1,"two\nlines"\n2,whole\n3,new\n');
  });

  it('begins anew on request', () => {
    writeFileSync(at('a.csv'), 'old\n1\n');
    const logger = csvLogger(at('a.csv'), { mode: 'replace' });
    logger.log({ epoch: 1 });
    logger.close();
    expect(read('a.csv')).toBe('epoch\n1\n');
  });

  it('says what is wrong, and changes nothing then', () => {
    writeFileSync(at('a.csv'), 'epoch,loss\n1,2\n');
    mkdirSync(at('dir'));
    expect(() => csvLogger(at('a.csv'), { columns: ['epoch'] })).toThrow(
      'columns must be those of the file, epoch,loss, to append to it, got epoch.',
    );
    const logger = csvLogger(at('a.csv'));
    expect(() => logger.log({ step: 1 })).toThrow('columns must be those of the file');
    logger.log({ epoch: 2, loss: 1 });
    expect(() => logger.log({ epoch: 3, loss: 1, miou: 0.5 })).toThrow(
      'record must have no fields but epoch, loss, got miou.',
    );
    expect(() => logger.log(5 as never)).toThrow('record must be an object, got 5.');
    logger.close();
    expect(read('a.csv')).toBe('epoch,loss\n1,2\n2,1\n');
    expect(() => csvLogger(at('none/a.csv'))).toThrow(`no such file: ${at('none/a.csv')}`);
    expect(() => csvLogger(at('dir'))).toThrow(`expected a file, got a folder: ${at('dir')}`);
    expect(() => csvLogger(at('b.csv'), { columns: [] })).toThrow('columns must hold at least one name');
    expect(() => csvLogger(at('b.csv'), { mode: 'overwrite' as never })).toThrow('mode must be one of');
  });

  it('loses no row when killed, and goes on afterwards', async () => {
    await runChild('log', at('a.csv'), 'SIGKILL', 10);
    appendFileSync(at('a.csv'), '9,tor');
    const logger = csvLogger(at('a.csv'), { columns: ['epoch', 'text', 'end'] });
    const lines = read('a.csv').trimEnd().split('\n');
    expect(logger.rows).toBe(lines.length - 1);
    expect(logger.rows).toBeGreaterThanOrEqual(3);
    lines.slice(1).forEach((line, i) => {
      expect(line).toBe(`${i + 1},${'x'.repeat(2000)},end`);
    });
    logger.close();
  });
});
