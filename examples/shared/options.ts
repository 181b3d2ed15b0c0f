import { existsSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';

/** Reads an integer of `min` or more. */
export function integer(min: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < min) {
      throw new InvalidArgumentError(`it must be an integer of ${min} or more.`);
    }
    return value;
  };
}

/** Reads a number above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError('it must be a number above 0.');
  return value;
}

/** A pair of files that belong together, written as IMAGE=OTHER. */
export interface FilePair {
  readonly image: string;
  readonly other: string;
}

/** Reads IMAGE=OTHER; where there are several `=`, the first one counts that has an existing file before it. */
export function filePair(text: string): FilePair {
  const places = Array.from(text.matchAll(/=/g), ({ index }) => index).filter((at) => at > 0 && at < text.length - 1);
  const at = places.find((place) => existsSync(text.slice(0, place))) ?? places.at(-1);
  if (at === undefined) throw new InvalidArgumentError('it must be IMAGE=ANNOTATION, two paths joined by "=".');
  return { image: text.slice(0, at), other: text.slice(at + 1) };
}

/** Collects an option that may be given several times. */
export function collect<T>(parse: (text: string) => T): (text: string, before: readonly T[] | undefined) => T[] {
  return (text, before) => [...(before ?? []), parse(text)];
}

/** Reads a factor above 0, up to 1. */
export function scaleFactor(text: string): number {
  const value = positive(text);
  if (value > 1) throw new InvalidArgumentError('it must be a number above 0, at most 1.');
  return value;
}
