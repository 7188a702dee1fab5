import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { onShutdown } from './lifecycle.ts';

function aProcess() {
  const exits: number[] = [];
  const logged: unknown[] = [];
  const host = Object.assign(new EventEmitter(), { exit: (code: number) => void exits.push(code) });
  const signal = onShutdown({ process: host, log: { fatal: (facts) => void logged.push(facts) } });
  return { host, exits, logged, signal };
}

describe('onShutdown', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('asks for an end in order at the first %s', (name) => {
    const { host, exits, signal } = aProcess();
    expect(signal.aborted).toBe(false);
    host.emit(name);
    expect(signal.aborted).toBe(true);
    expect(String(signal.reason)).toContain(name);
    expect(exits).toEqual([]);
  });

  it('exits at once with 130 at the second, whichever it is', () => {
    const { host, exits } = aProcess();
    host.emit('SIGTERM');
    host.emit('SIGINT');
    expect(exits).toEqual([130]);
  });

  it.each(['uncaughtException', 'unhandledRejection'])('logs an %s and exits with 1', (name) => {
    const { host, exits, logged } = aProcess();
    const error = new Error('nobody caught this');
    host.emit(name, error);
    expect(logged).toEqual([{ err: error }]);
    expect(exits).toEqual([1]);
  });
});
