/** How many threads can run at the same time in Node. */
export async function coreCount(): Promise<number> {
  // Named by a variable, so that bundlers for browsers leave it alone.
  const moduleName = 'node:os';
  const os = (await import(/* @vite-ignore */ /* webpackIgnore: true */ moduleName)) as {
    availableParallelism?: () => number;
    cpus: () => readonly unknown[];
  };
  return os.availableParallelism?.() ?? os.cpus().length;
}
