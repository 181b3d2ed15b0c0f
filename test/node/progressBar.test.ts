import { PassThrough } from 'node:stream';
import { createConsoleProgress, progressBar } from 'segkit/node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** A stream that remembers; with `isTTY` it passes as a terminal. */
function stream(isTTY: boolean) {
  let text = '';
  const through = new PassThrough();
  through.on('data', (data) => {
    text += String(data);
  });
  // What cli-progress calls on a terminal.
  const terminal = { isTTY, columns: 100, cursorTo: () => true, clearLine: () => true };
  return { stream: Object.assign(through, terminal), text: () => text };
}

const record = { epoch: 1, trainLoss: 0.25, learningRate: 1e-3, batches: 2, seconds: 1.25 };

describe('progressBar', () => {
  beforeEach(() => {
    vi.stubEnv('CI', '');
    vi.stubEnv('TERM', 'xterm');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.useRealTimers();
  });

  it('draws a bar on a terminal', () => {
    const out = stream(true);
    const bar = progressBar({ total: 4, label: 'predict', stream: out.stream });
    bar.increment('a.png');
    bar.update(4);
    bar.stop();
    bar.stop();
    expect(out.text()).toContain('predict');
    expect(out.text()).toContain('100% | 4/4');
    expect(out.text()).toContain('| a.png');
  });

  it('writes few lines elsewhere: at 10 % and 5 s at the earliest, and at the end', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const out = stream(false);
    const bar = progressBar({ total: 100, label: 'predict', stream: out.stream });
    for (let i = 0; i < 100; i++) {
      vi.advanceTimersByTime(200);
      bar.increment(`image ${i}`);
    }
    bar.stop();
    expect(out.text().trim().split('\n')).toEqual([
      'predict: 25/100 (25 %) after 5 s, image 24',
      'predict: 50/100 (50 %) after 10 s, image 49',
      'predict: 75/100 (75 %) after 15 s, image 74',
      'predict: 100/100 (100 %) after 20 s, image 99',
    ]);
  });

  it('says where it was stopped, writes nothing on request, and no bar in continuous integration', () => {
    const out = stream(false);
    const bar = progressBar({ total: 10, stream: out.stream });
    bar.update(3);
    bar.stop();
    expect(out.text()).toBe('3/10 (30 %) after 0 s\n');
    const quiet = stream(true);
    const none = progressBar({ total: 1, stream: quiet.stream, mode: 'none' });
    none.increment();
    none.stop();
    expect(quiet.text()).toBe('');
    vi.stubEnv('CI', 'true');
    const ci = stream(true);
    const lines = progressBar({ total: 1, stream: ci.stream });
    lines.increment();
    lines.stop();
    expect(ci.text()).toBe('1/1 (100 %) after 0 s\n');
  });

  it('says what is wrong', () => {
    expect(() => progressBar({ total: 0 })).toThrow('total must be an integer at least 1, got 0.');
    expect(() => progressBar({ total: 1, mode: 'dots' as never })).toThrow('mode must be one of');
    expect(() => progressBar({ total: 1, width: 5 } as never)).toThrow('progressBar has no option "width"');
    const bar = progressBar({ total: 1, mode: 'none' });
    expect(() => bar.update(2)).toThrow('value must be a finite number at least 0 and at most 1, got 2.');
  });

  it('createConsoleProgress writes a line an epoch, or one bar', () => {
    const out = stream(false);
    const lines = createConsoleProgress({ epochs: 2, stream: out.stream });
    lines.onBatch({ epoch: 1, batch: 1, batches: 2, step: 1, loss: 0.5, learningRate: 1e-3 });
    lines.onEpoch(record);
    lines.onEpoch({ ...record, epoch: 2, validationLoss: 0.5, miou: 0.75 });
    lines.stop();
    expect(out.text()).toBe(
      'epoch 1/2 | loss 0.2500 | 1.3 s\nepoch 2/2 | loss 0.2500 | validation 0.5000 | mIoU 0.7500 | 1.3 s\n',
    );
    const terminal = stream(true);
    const bar = createConsoleProgress({ epochs: 1, stream: terminal.stream });
    bar.onBatch({ epoch: 1, batch: 1, batches: 2, step: 1, loss: 0.5, learningRate: 1e-3 });
    bar.onBatch({ epoch: 1, batch: 2, batches: 2, step: 2, loss: 0.25, learningRate: 1e-3 });
    bar.onEpoch(record);
    bar.stop();
    expect(terminal.text()).toContain('2/2');
    expect(terminal.text()).toContain('epoch 1/1 | loss 0.2500');
    expect(() => createConsoleProgress({ epochs: 0 })).toThrow('epochs must be an integer at least 1, got 0.');
  });
});
