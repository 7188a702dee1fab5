import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseContentType, settledType, sniff } from './media-type.ts';

describe('parseContentType', () => {
  it.each([
    ['text/html', { type: 'text/html' }],
    [' Text/HTML ; charset=UTF-8', { type: 'text/html', charset: 'utf-8' }],
    ['text/html;charset="windows-1251"; x=y', { type: 'text/html', charset: 'windows-1251' }],
    ["text/html; a=b; charset = 'koi8-r'", { type: 'text/html', charset: 'koi8-r' }],
    ['charset=utf-8', { type: '' }],
    ['html', { type: '' }],
    ['', { type: '' }],
    [undefined, { type: '' }],
  ])('reads %j', (header, parsed) => {
    expect(parseContentType(header)).toEqual(parsed);
  });
});

describe('sniff', () => {
  it.each([
    ['<!DOCTYPE html>', 'text/html'],
    ['\ufeff\r\n <html lang=en>', 'text/html'],
    ['<!-- one --><!-- two\n--> <head>', 'text/html'],
    ['<?xml version="1.0"?><!DOCTYPE html><html>', 'application/xhtml+xml'],
    ['<?xml version="1.0"?><rss>', 'application/xml'],
    [' {"a":1}', 'application/json'],
    ['%PDF-1.7', 'application/pdf'],
    ['plain words', undefined],
    ['<3 of our readers', undefined],
    ['', undefined],
  ])('sees in %j %s', (text, type) => {
    expect(sniff(Buffer.from(text))).toBe(type);
  });

  it('takes no longer for a page that was written to hold it up', () => {
    const started = performance.now();
    for (const unit of ['<!-- -->', '<!--', ' ', '<', '<!---->\n', '--><!--']) sniff(Buffer.from(unit.repeat(10_000)));
    expect(performance.now() - started).toBeLessThan(200);
  });
});

describe('settledType', () => {
  it('is what is declared, unless that says nothing or the bytes are none of it', () => {
    expect(settledType('text/html', Buffer.from('<rss>'))).toBe('text/html');
    expect(settledType('text/plain', Buffer.from('<!doctype html>'))).toBe('text/html');
    expect(settledType('text/html', Buffer.from('%PDF-1.7'))).toBe('application/pdf');
    expect(settledType('application/pdf', Buffer.from('%PDF-1.7'))).toBe('application/pdf');
    expect(settledType('', Buffer.from('words'))).toBe('');
  });

  it('is found for any bytes', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.uint8Array(),
        (header, bytes) => void settledType(parseContentType(header).type, bytes),
      ),
    );
  });
});
