import { describe, expect, it } from 'vitest';
import { createLog } from './log.ts';

function recorded(isTTY: boolean) {
  const written: string[] = [];
  return { written, stream: { isTTY, write: (text: string) => written.push(text) } };
}

describe('createLog', () => {
  it('writes one JSON line an entry where nobody sits', () => {
    const { written, stream } = recorded(false);
    createLog({ stream }).info({ stage: 'capture', outcome: 'done' }, 'a job ended');
    expect(written).toHaveLength(1);
    expect(JSON.parse(written[0] ?? '')).toMatchObject({ stage: 'capture', outcome: 'done', msg: 'a job ended' });
    expect(written[0]).toMatch(/"time":"\d{4}-\d\d-\d\dT[^"]+Z"/);
  });

  it('writes short lines to a terminal, from warnings up', () => {
    const { written, stream } = recorded(true);
    const log = createLog({ stream });
    log.info('not worth a line');
    log.warn({ host: 'example.org', err: new Error('refused') }, 'could not fetch');
    expect(written.map((line) => line.slice(9))).toEqual(['warn could not fetch refused host=example.org\n']);
  });

  it('heeds the level it is given', () => {
    const { written, stream } = recorded(true);
    createLog({ stream, level: 'debug' }).debug('detail');
    createLog({ stream, level: 'silent' }).fatal('nothing');
    expect(written.map((line) => line.slice(9))).toEqual(['debug detail\n']);
  });

  it('tells of an error what is worth telling', () => {
    const { written, stream } = recorded(false);
    const cause = new TypeError('the socket closed');
    const err = Object.assign(new Error('gone', { cause }), { code: '57P01', client: { password: 'secret' } });
    createLog({ stream }).error({ err }, 'lost');
    expect(JSON.parse(written[0] ?? '')).toMatchObject({
      err: { name: 'Error', message: 'gone', code: '57P01', cause: 'TypeError: the socket closed' },
    });
    expect(written[0]).not.toContain('secret');
  });

  it('lets no page move the cursor or fake a line', () => {
    const { written, stream } = recorded(true);
    createLog({ stream }).error({ title: 'x\u001b[2J\r\nfatal all lost' }, 'a title');
    expect(written[0]?.slice(9)).toBe('error a title title=x [2J fatal all lost\n');
  });
});
