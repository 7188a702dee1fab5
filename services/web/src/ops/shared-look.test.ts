import { describe, expect, it, vi } from 'vitest';
import { sharedLook } from './shared-look.ts';

/** A look whose answers come when they are let go, and a clock that goes when it is told. */
function aLook(options: { freshMs: number; staleMs?: number }) {
  let ms = 0;
  const pending: { resolve: (value: number) => void; reject: (error: Error) => void }[] = [];
  const take = vi.fn(() => new Promise<number>((resolve, reject) => pending.push({ resolve, reject })));
  const look = sharedLook(take, { ...options, now: () => ms });
  const settle = async (act: (one: (typeof pending)[number]) => void): Promise<void> => {
    act(pending.shift() as (typeof pending)[number]);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { look, take, settle, pass: (by: number) => (ms += by) };
}

describe('sharedLook', () => {
  it('takes one look for all who ask while it is under way or fresh', async () => {
    const { look, take, settle, pass } = aLook({ freshMs: 1_000 });
    const asked = [look(), look(), look()];
    await settle(({ resolve }) => resolve(1));
    expect(await Promise.all(asked)).toEqual([1, 1, 1]);
    pass(999);
    expect(await look()).toBe(1);
    expect(take).toHaveBeenCalledTimes(1);
  });

  it('waits for a new look once the last is no longer fresh', async () => {
    const { look, settle, pass } = aLook({ freshMs: 1_000 });
    void look();
    await settle(({ resolve }) => resolve(1));
    pass(1_000);
    const asked = look();
    await settle(({ resolve }) => resolve(2));
    expect(await asked).toBe(2);
  });

  it('gives what is stale at once, and takes the next look meanwhile', async () => {
    const { look, take, settle, pass } = aLook({ freshMs: 1_000, staleMs: 10_000 });
    void look();
    await settle(({ resolve }) => resolve(1));
    pass(5_000);
    expect(await look()).toBe(1);
    expect(await look()).toBe(1);
    expect(take).toHaveBeenCalledTimes(2);
    await settle(({ resolve }) => resolve(2));
    expect(await look()).toBe(2);
  });

  it('rests after a look that took long', async () => {
    const { look, take, settle, pass } = aLook({ freshMs: 1_000 });
    void look();
    pass(2_000);
    await settle(({ resolve }) => resolve(1));
    pass(5_999);
    expect(await look()).toBe(1);
    pass(1);
    void look();
    expect(take).toHaveBeenCalledTimes(2);
  });

  it('looks again after a failure, and when it is told to forget', async () => {
    const { look, take, settle } = aLook({ freshMs: 1_000, staleMs: 10_000 });
    const failed = look();
    await settle(({ reject }) => reject(new Error('away')));
    await expect(failed).rejects.toThrow('away');
    void look();
    await settle(({ resolve }) => resolve(1));
    look.forget();
    const asked = look();
    await settle(({ resolve }) => resolve(2));
    expect(await asked).toBe(2);
    expect(take).toHaveBeenCalledTimes(3);
  });

  it('keeps nothing that was under way when it was told to forget', async () => {
    const { look, settle } = aLook({ freshMs: 1_000, staleMs: 10_000 });
    void look();
    look.forget();
    const asked = look();
    await settle(({ resolve }) => resolve(1));
    await settle(({ resolve }) => resolve(2));
    expect(await asked).toBe(2);
    expect(await look()).toBe(2);
  });
});
