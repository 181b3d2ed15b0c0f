/**
 * Returns a function to await inside long loops: it gives the event loop a turn once `everyMs` have passed since the
 * last one, and throws the reason of `signal` where that has been aborted. Internal to the library.
 */
export function takeTurns(signal?: AbortSignal, everyMs = 50): () => Promise<void> {
  let last = performance.now();
  return async () => {
    signal?.throwIfAborted();
    if (performance.now() - last < everyMs) return;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    signal?.throwIfAborted();
    last = performance.now();
  };
}
