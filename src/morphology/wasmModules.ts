let resting = 0;

/**
 * A module of kernels given in base64, compiled when first asked for; undefined where there is no WebAssembly with SIMD, or a
 * policy forbids it. The results of kernels are the same bytes as those of the plain loops that stand in.
 */
export function lazyModule<T>(base64: string): () => T | undefined {
  let loaded: T | 'never' | undefined;
  return () => {
    if (resting > 0) return undefined;
    loaded ??= compiled<T>(base64);
    return loaded === 'never' ? undefined : loaded;
  };
}

function compiled<T>(base64: string): T | 'never' {
  try {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as T;
  } catch {
    return 'never';
  }
}

/** The first address that is free to use. */
const BASE = 1024;

/** Runs something by the plain loops, to compare. */
export function withoutKernels<T>(work: () => T): T {
  resting++;
  try {
    return work();
  } finally {
    resting--;
  }
}

/** Lays out stretches of the kernels' memory, each on a border of 16 bytes, and makes room for them. */
export function layOut(memory: WebAssembly.Memory, ...sizes: readonly number[]): number[] {
  let next = BASE;
  const places = sizes.map((size) => {
    const place = next;
    next += (size + 79) & ~15;
    return place;
  });
  const missing = next - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  return places;
}
