/** The little that is asked of WebGPU before TensorFlow.js uses it. */
interface Adapter {
  readonly isFallbackAdapter?: boolean;
  readonly info?: {
    readonly isFallbackAdapter?: boolean;
    readonly vendor?: string;
    readonly architecture?: string;
    readonly device?: string;
    readonly description?: string;
  };
}

/** What WebGPU offers here: `none`, only a `software` adapter, or `hardware`; with one line that says which. */
export interface WebGpuProbe {
  readonly kind: 'none' | 'software' | 'hardware';
  readonly reason: string;
}

/** Asks the platform for a WebGPU adapter and whether it is a real one; never throws. */
export async function probeWebGpu(): Promise<WebGpuProbe> {
  const scope: {
    readonly navigator?: { readonly gpu?: { requestAdapter(options?: object): Promise<Adapter | null> } };
  } = globalThis as object;
  const gpu = scope.navigator?.gpu;
  if (!gpu) return { kind: 'none', reason: 'this platform has no WebGPU (navigator.gpu is missing)' };
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return { kind: 'none', reason: 'WebGPU finds no adapter' };
    const { vendor = '', architecture = '', device = '', description = '' } = adapter.info ?? {};
    const label = [vendor, architecture, device, description].filter(Boolean).join(' ') || 'unnamed adapter';
    const fallback = adapter.isFallbackAdapter === true || adapter.info?.isFallbackAdapter === true;
    const software = fallback || /swiftshader|llvmpipe|lavapipe|softpipe|software|warp|basic render/i.test(label);
    return { kind: software ? 'software' : 'hardware', reason: `WebGPU adapter: ${label}` };
  } catch (error) {
    return { kind: 'none', reason: `WebGPU fails: ${error instanceof Error ? error.message : String(error)}` };
  }
}
