import { messageOf, type Obstacle } from '../importPackage.js';

/**
 * Whether Vulkan, which Dawn needs on Linux, has no loader or no driver. Dawn would find no adapter and say so on standard
 * error, in words of its own, at every try.
 */
export async function missingVulkan(): Promise<Obstacle> {
  if (process.platform !== 'linux') return undefined;
  const library = 'libvulkan.so.1';
  try {
    // Tells without the file system: it gets as far as to complain that the library is no addon of Node.
    process.dlopen({ exports: {} }, library);
  } catch (error) {
    if (messageOf(error).includes('cannot open shared object file')) {
      return `WebGPU needs Vulkan, and ${library} is missing: it comes with the driver of a GPU`;
    }
  }
  if (await hasDriver(process.env)) return undefined;
  return 'WebGPU needs Vulkan, which has no driver here: it comes with the driver of a GPU';
}

/** Whether a driver is named by the environment, or has its manifest where Vulkan's loader looks for them. */
async function hasDriver(variables: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  const { VK_DRIVER_FILES, VK_ICD_FILENAMES, VK_ADD_DRIVER_FILES } = variables;
  if (VK_DRIVER_FILES || VK_ICD_FILENAMES || VK_ADD_DRIVER_FILES) return true;
  const { HOME = '', XDG_CONFIG_HOME, XDG_CONFIG_DIRS, XDG_DATA_HOME, XDG_DATA_DIRS } = variables;
  const roots = [
    XDG_CONFIG_HOME ?? `${HOME}/.config`,
    ...(XDG_CONFIG_DIRS ?? '/etc/xdg').split(':'),
    '/etc',
    '/usr/local/etc',
    XDG_DATA_HOME ?? `${HOME}/.local/share`,
    ...(XDG_DATA_DIRS ?? '/usr/local/share:/usr/share').split(':'),
  ];
  // The one look into folders outside `node`: nothing else tells whether the loader will find a driver.
  const moduleName = 'node:fs';
  const { readdirSync } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ moduleName)) as {
    readdirSync: (path: string) => string[];
  };
  return roots.some((root) => {
    try {
      return readdirSync(`${root}/vulkan/icd.d`).some((name) => name.endsWith('.json'));
    } catch {
      return false;
    }
  });
}
