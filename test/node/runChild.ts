import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a child process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** Starts child.ts, sends it `signal` some milliseconds after it has said that it is ready, and waits for its end. */
export function runChild(work: string, path: string, signal?: NodeJS.Signals, afterMs = 0): Promise<Ended> {
  const script = fileURLToPath(new URL('./child.ts', import.meta.url));
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, work, path], { cwd: root });
  let output = '';
  let sent = false;
  const onData = (data: Buffer) => {
    output += data;
    if (signal && !sent && output.includes('ready')) {
      sent = true;
      setTimeout(() => child.kill(signal), afterMs);
    }
  };
  child.stdout.on('data', onData);
  child.stderr.on('data', onData);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, ended) => resolve({ code, signal: ended, output }));
  });
}
