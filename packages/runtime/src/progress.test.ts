import { describe, expect, it } from 'vitest';
import { progress } from './progress.ts';

function recorded(isTTY: boolean) {
  const written: string[] = [];
  return { written, stream: { isTTY, columns: 100, write: (text: string) => written.push(text) } };
}

describe('progress', () => {
  it('draws a bar with rate and time left on a terminal', () => {
    const { written, stream } = recorded(true);
    let time = 0;
    const bar = progress({ label: 'import', total: 100, unit: 'days', stream, now: () => time });
    time = 10_000;
    bar.advance(20);
    expect(written.at(-1)).toContain('20/100 days, 2.0/s, 0:40 left');
    expect(written.at(-1)).toMatch(/\[█{5}░{19}\]/);
    bar.done();
    expect(written.at(-1)).toBe('\r\u001B[Kimport: 20/100 days, 2.0/s, 0:10\n');
  });

  it('writes plain lines now and then elsewhere', () => {
    const { written, stream } = recorded(false);
    let time = 0;
    const bar = progress({ label: 'import', total: 10, unit: 'days', stream, now: () => time });
    for (let step = 0; step < 10; step++) {
      time += 1_000;
      bar.advance(1);
    }
    bar.done();
    bar.done();
    expect(written).toEqual([
      'import: 5/10 days, 1.0/s, 0:05 left\n',
      'import: 10/10 days, 1.0/s, 0:05 left\n'.replace('0:05 left', '0:00 left'),
      'import: 10/10 days, 1.0/s, 0:10\n',
    ]);
  });
});
