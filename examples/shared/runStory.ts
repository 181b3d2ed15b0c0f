import { abortOnInterrupt } from 'segkit/node';

/**
 * Runs a story to its end. What a person did wrong (a path, an option, a file that is none) becomes one line and exit
 * code 1, an interrupt exit code 130; `SEGKIT_DEBUG=1` shows where an error came from.
 */
export async function runStory(story: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const signal = abortOnInterrupt();
  try {
    await story(signal);
  } catch (error) {
    if (signal.aborted) {
      console.error('stopped; earlier results are as they were');
      process.exitCode = 130;
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    console.error(`error: ${message.split('\n').join(' ')}`);
    if (process.env.SEGKIT_DEBUG) console.error(error);
    process.exitCode = 1;
  }
}
