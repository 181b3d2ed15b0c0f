import { describe, expect, it } from 'vitest';
import { takeTurns } from '../../src/core/turn.js';

describe('takeTurns', () => {
  it('gives the event loop a turn once the time is up, not before', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const turn = takeTurns(undefined, 20);
    const end = performance.now() + 120;
    while (performance.now() < end) await turn();
    clearInterval(timer);
    expect(turns).toBeGreaterThanOrEqual(2);
    expect(turns).toBeLessThan(60);
  });

  it('throws the reason of an aborted signal', async () => {
    const reason = new Error('enough');
    await expect(takeTurns(AbortSignal.abort(reason))()).rejects.toBe(reason);
  });
});
