// Drives a Chromium by its own protocol over two pipes: no package, no port.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** A page in a browser of its own. */
export interface Page {
  /** Value of an expression, a promise awaited; it must be JSON. */
  evaluate<T>(expression: string): Promise<T>;
  /** Asks for an expression again and again until it is neither null nor undefined. */
  waitFor<T>(expression: string, timeoutMs: number): Promise<T>;
  /** The page as a PNG. */
  screenshot(): Promise<Uint8Array>;
  /** What the page has complained of: errors that nobody caught, errors and warnings in the console. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Evaluated<T> {
  readonly result: { readonly value: T };
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
}

/** The GPU is SwiftShader, on the CPU: WebGL and WebGPU work the same on every machine. */
const flags = [
  '--headless=new',
  '--no-sandbox',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--window-size=900,700',
  '--remote-debugging-pipe',
];

/** Opens `url` in a new Chromium whose profile lies in `profile`, a folder of its own. */
export async function openPage(chromium: string, url: string, profile: string): Promise<Page> {
  const browser = spawn(chromium, [...flags, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  const { send, complaints } = connect(browser);
  const { targetId } = await send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
  const command = <T>(method: string, params: object = {}) => send<T>(method, params, sessionId);
  for (const domain of ['Runtime', 'Log', 'Page']) await command(`${domain}.enable`);
  await command('Page.navigate', { url });
  const evaluate = async <T>(expression: string): Promise<T> => {
    const asked = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await command<Evaluated<T>>('Runtime.evaluate', asked);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  return {
    evaluate,
    async waitFor<T>(expression: string, timeoutMs: number): Promise<T> {
      for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(200)) {
        const value = await evaluate<T | null | undefined>(expression);
        if (value !== null && value !== undefined) return value;
      }
      throw new Error(`${url} had no ${expression} after ${timeoutMs} ms. ${complaints.join('\n')}`);
    },
    async screenshot() {
      const { data } = await command<{ data: string }>('Page.captureScreenshot', { format: 'png' });
      return Buffer.from(data, 'base64');
    },
    complaints,
    async close() {
      await send('Browser.close').catch(() => undefined);
      if (browser.exitCode === null) await new Promise((resolve) => browser.once('exit', resolve));
    },
  };
}

/** Commands and answers are JSON, ended by a zero byte. */
function connect(browser: ChildProcess) {
  const [, , errors, input, output] = browser.stdio as unknown as [null, null, Readable, Writable, Readable];
  const complaints: string[] = [];
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let last = 0;
  let text = '';
  let noise = '';
  const fail = (reason: string) => {
    for (const { reject } of waiting.values()) reject(new Error(`${reason}\n${noise.slice(-2000)}`));
    waiting.clear();
  };
  errors.setEncoding('utf8').on('data', (data: string) => {
    noise += data;
  });
  browser.on('error', (error) => fail(`Chromium does not start: ${error.message}`));
  browser.on('exit', (code) => fail(`Chromium ended with code ${code}`));
  input.on('error', () => fail('Chromium has closed its pipe'));
  const take = ({ id, method, params, result, error }: Message) => {
    if (id === undefined) {
      const complaint = complaintOf(method, params);
      if (complaint) complaints.push(complaint);
      return;
    }
    const { resolve, reject } = waiting.get(id)!;
    waiting.delete(id);
    if (error) reject(new Error(error.message));
    else resolve(result);
  };
  output.setEncoding('utf8').on('data', (data: string) => {
    const parts = (text + data).split('\0');
    text = parts.pop()!;
    for (const part of parts) take(JSON.parse(part) as Message);
  });
  const send = <T>(method: string, params: object = {}, sessionId?: string) =>
    new Promise<T>((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  return { send, complaints };
}

function complaintOf(method: string | undefined, params: unknown): string | undefined {
  const { exceptionDetails, type, args, entry } = (params ?? {}) as {
    exceptionDetails?: { text: string; exception?: { description?: string } };
    type?: string;
    args?: { value?: unknown; description?: string }[];
    entry?: { level: string; text: string; url?: string };
  };
  if (method === 'Runtime.exceptionThrown') return exceptionDetails?.exception?.description ?? exceptionDetails?.text;
  if (method === 'Runtime.consoleAPICalled' && (type === 'error' || type === 'warning')) {
    return args?.map(({ value, description }) => value ?? description).join(' ');
  }
  if (method === 'Log.entryAdded' && entry?.level === 'error') return `${entry.text} ${entry.url ?? ''}`;
  return undefined;
}
