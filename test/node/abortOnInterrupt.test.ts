import { abortOnInterrupt } from 'segkit/node';
import { describe, expect, it } from 'vitest';

describe('abortOnInterrupt', () => {
  it('aborts at the first interrupt and listens no longer', () => {
    const before = [process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')];
    const keep = () => undefined;
    process.on('SIGTERM', keep);
    const signal = abortOnInterrupt();
    expect(signal.aborted).toBe(false);
    process.emit('SIGTERM', 'SIGTERM');
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toMatchObject({ name: 'AbortError', message: 'interrupted by SIGTERM' });
    process.off('SIGTERM', keep);
    expect([process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]).toEqual(before);
  });

  it('ends its watch with until', () => {
    const before = process.listenerCount('SIGINT');
    const done = new AbortController();
    const signal = abortOnInterrupt({ until: done.signal });
    expect(process.listenerCount('SIGINT')).toBe(before + 1);
    done.abort();
    expect(process.listenerCount('SIGINT')).toBe(before);
    expect(signal.aborted).toBe(false);
    abortOnInterrupt({ until: done.signal });
    expect(process.listenerCount('SIGINT')).toBe(before);
  });

  it('says what is wrong', () => {
    expect(() => abortOnInterrupt({ until: 5 as never })).toThrow('until must be an AbortSignal, got 5.');
    expect(() => abortOnInterrupt({ signal: 'SIGHUP' } as never)).toThrow('abortOnInterrupt has no option "signal"');
  });
});
