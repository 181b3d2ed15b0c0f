/** What stands in the way of an engine, or `undefined` where nothing does. */
export type Obstacle = string | undefined;

/** The first line of what an error says. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String((error as { message?: unknown })?.message ?? error);
  return text.split('\n')[0]!.trim();
}

/** A package, or why it is not to be had. */
export type ImportedPackage<T> =
  | { readonly module: T; readonly obstacle?: undefined }
  | { readonly module?: undefined; readonly obstacle: string };

/** Imports an npm package that may be absent, unseen by bundlers. */
export async function importPackage<T>(specifier: string): Promise<ImportedPackage<T>> {
  try {
    return { module: (await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier)) as T };
  } catch (error) {
    // Node, or the bundler that runs this, names the missing package in quotes; a broken one fails in its own words.
    const text = messageOf(error);
    const absent =
      /cannot find|could not resolve|failed to (load|resolve)/i.test(text) &&
      (text.includes(`'${specifier}'`) || text.includes(`"${specifier}"`));
    return { obstacle: absent ? `${specifier} is not installed` : `${specifier} does not load: ${text}` };
  }
}
