/** Where progress is written to; `process.stderr` and `process.stdout` are such, and so is every writable stream. */
export interface ProgressStream {
  /** Writes text. */
  write(text: string): unknown;
  /** Whether a person looks at it. */
  readonly isTTY?: boolean;
  /** Width of the terminal in characters. */
  readonly columns?: number;
}

/** Whether a person looks at a stream, who is better served by a bar than by lines. */
export function isWatched(stream: ProgressStream): boolean {
  return stream.isTTY === true && process.env.TERM !== 'dumb' && !process.env.CI;
}
