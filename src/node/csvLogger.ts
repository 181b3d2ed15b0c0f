import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { requireKnownOptions, requireOneOf, show } from '../core/check.js';
import { fileError, requirePath } from './fileErrors.js';

type CsvValue = string | number | boolean | undefined;

/** Options of {@link csvLogger}. */
export interface CsvLoggerOptions {
  /**
   * Names of the columns, in order; other fields of the records are left out.
   * @defaultValue the fields of the first record that fit into cells; a later record may have no others
   */
  readonly columns?: readonly string[];
  /** `'append'` goes on after the rows that a file already holds; `'replace'` begins anew. @defaultValue 'append' */
  readonly mode?: 'append' | 'replace';
}

/** A CSV file that grows by a row a record. */
export interface CsvLogger {
  /** Rows in the file below the header, those found there included. */
  readonly rows: number;
  /**
   * Adds a row and flushes it to the disk. Texts, numbers and booleans fill a cell each; a list of them under `iou`
   * fills `iou0`, `iou1`, ...; other objects are left out.
   */
  log(record: object): void;
  /** Closes the file; more calls do nothing. */
  close(): void;
}

/**
 * Opens a CSV log, for example of the epochs of a training. Each row is on the disk when `log` returns, so that a kill
 * loses none; a row that a kill cut short is removed when the log is opened again.
 *
 * @throws Error of one line where the file cannot be written; RangeError where it holds other columns, or a record
 * has a field without a column.
 *
 * @example
 * ```ts
 * const folder = await import('node:fs/promises').then((fs) => fs.mkdtemp('/tmp/segkit-'));
 * const logger = csvLogger(`${folder}/epochs.csv`, { columns: ['epoch', 'trainLoss'] });
 * logger.log({ epoch: 1, trainLoss: 0.7 });
 * logger.rows; // 1
 * logger.close();
 * ```
 */
export function csvLogger(path: string, options: CsvLoggerOptions = {}): CsvLogger {
  requirePath('path', path);
  requireKnownOptions('csvLogger', options, ['columns', 'mode']);
  const { mode = 'append' } = options;
  requireOneOf('mode', mode, ['append', 'replace']);
  let columns = options.columns?.map((column) => {
    if (typeof column !== 'string' || column === '') throw new TypeError(`columns must be names, got ${show(column)}.`);
    return column;
  });
  if (columns?.length === 0) throw new RangeError('columns must hold at least one name, got none.');

  const file = opened(path, mode);
  let header: string | undefined;
  let rows = 0;
  let closed = false;
  try {
    ({ header, rows } = mode === 'append' ? existing(path, file) : { header: undefined, rows: 0 });
    if (columns !== undefined) begin(columns);
  } catch (error) {
    closeSync(file);
    throw error;
  }

  function begin(names: readonly string[]): void {
    const line = names.map(cell).join(',');
    if (header === undefined) append(`${line}\n`);
    else if (header !== line) {
      throw new RangeError(`${path}: columns must be those of the file, ${header}, to append to it, got ${line}.`);
    }
    header = line;
  }

  function append(text: string): void {
    try {
      writeSync(file, text);
      fsyncSync(file);
    } catch (error) {
      throw fileError(path, error);
    }
  }

  return {
    get rows() {
      return rows;
    },
    log(record) {
      if (closed) throw new Error(`${path}: the log is closed`);
      if (record === null || typeof record !== 'object') {
        throw new TypeError(`record must be an object, got ${show(record)}.`);
      }
      const values = cellsOf(record);
      if (columns === undefined) {
        if (values.size === 0) throw new RangeError(`record must have a field for a cell, got ${show(record)}.`);
        begin([...values.keys()]);
        columns = [...values.keys()];
      }
      if (options.columns === undefined) {
        const extra = [...values.keys()].find((key) => !columns?.includes(key));
        if (extra !== undefined) {
          throw new RangeError(`${path}: record must have no fields but ${columns.join(', ')}, got ${extra}.`);
        }
      }
      const line = columns.map((column) => cell(values.get(column)));
      append(`${line.join(',')}\n`);
      rows++;
    },
    close() {
      if (!closed) closeSync(file);
      closed = true;
    },
  };
}

function opened(path: string, mode: 'append' | 'replace'): number {
  try {
    const file = openSync(path, mode === 'append' ? 'a+' : 'w');
    if (!fstatSync(file).isDirectory()) return file;
    closeSync(file);
  } catch (error) {
    throw fileError(path, error);
  }
  throw new Error(`expected a file, got a folder: ${path}`);
}

/** Reads the header and counts the rows of an earlier log; cuts off a last line without its end. */
function existing(path: string, file: number): { header: string | undefined; rows: number } {
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) ftruncateSync(file, end);
  const lines = splitRows(bytes.toString('utf8', 0, end));
  return { header: lines[0], rows: Math.max(0, lines.length - 1) };
}

/** Splits at line ends outside quotes. */
function splitRows(text: string): string[] {
  return text.match(/(?:[^"\r\n]|"(?:[^"]|"")*")+/g) ?? [];
}

function cellsOf(record: object): Map<string, CsvValue> {
  const cells = new Map<string, CsvValue>();
  for (const [key, value] of Object.entries(record)) {
    if (isCell(value)) cells.set(key, value);
    else if (Array.isArray(value) && value.every(isCell)) {
      for (const [i, item] of value.entries()) cells.set(`${key}${i}`, item);
    }
  }
  return cells;
}

function isCell(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function cell(value: CsvValue): string {
  if (value === undefined) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
