import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig, SETTINGS } from './config.ts';

describe('loadConfig', () => {
  it('has a default for everything but the data of others', () => {
    expect(loadConfig({})).toMatchObject({ host: '127.0.0.1', port: 8400, settleHours: 3 });
    expect(loadConfig({})).not.toHaveProperty('contact');
    expect(loadConfig({ DATABASE_URL: '' })).not.toHaveProperty('databaseUrl');
  });

  it('says everything that is wrong at once, with the value and what to do', () => {
    const wrong = {
      PORT: '99999',
      DATABASE_URL: 'mysql://u:p@geheim@h/d',
      THROUGHLINE_CONTACT: 'me',
      LOG_LEVEL: 'loud',
    };
    const message = messageOf(() => loadConfig(wrong));
    expect(message.split('\n')).toHaveLength(4);
    expect(message).toContain('PORT="99999": not a whole number from 0 to 65535');
    expect(message).toContain('DATABASE_URL="mysql://u:***@h/d": not a URL of the form postgres://');
    expect(message).toContain('THROUGHLINE_CONTACT="me"');
    expect(message).not.toContain('geheim');
  });

  it('wants a secret with a webhook, and never shows it', () => {
    expect(messageOf(() => loadConfig({ THROUGHLINE_WEBSUB_HUB: 'https://hub.example/' }))).toContain('PUBLIC_URL');
    const webhook = { THROUGHLINE_WEBHOOK_URL: 'https://example.org/hook' };
    expect(messageOf(() => loadConfig(webhook))).toContain('THROUGHLINE_WEBHOOK_SECRET');
    expect(messageOf(() => loadConfig({ ...webhook, THROUGHLINE_WEBHOOK_SECRET: 'kurz' }))).not.toContain('kurz');
  });

  it('takes a bucket for snapshots, with all that it needs', () => {
    const key = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'geheim' };
    expect(loadConfig({ ...key, THROUGHLINE_SNAPSHOTS: 's3://news-of-day/snap/shots/' }).snapshots).toEqual({
      bucket: 'news-of-day',
      prefix: 'snap/shots',
      region: 'eu-central-1',
      credentials: { accessKeyId: 'AKID', secretAccessKey: 'geheim' },
    });
    expect(loadConfig(key)).not.toHaveProperty('snapshots'); // an account's keys are often there for other programs
    expect(messageOf(() => loadConfig({ THROUGHLINE_SNAPSHOTS: 's3://news' })).split('\n')).toHaveLength(3);
    for (const place of ['news', 's3:/news', 's3://News_1', 's3://n', 's3://news//x', 's3://news/a b']) {
      expect(messageOf(() => loadConfig({ ...key, THROUGHLINE_SNAPSHOTS: place }))).toContain(
        'not of the form s3://bucket',
      );
    }
    expect(messageOf(() => loadConfig({ ...key, AWS_ENDPOINT_URL_S3: 'minio' }))).not.toContain('geheim');
  });

  it('takes an e-mail address or a URL as contact', () => {
    expect(loadConfig({ THROUGHLINE_CONTACT: 'ops@example.org' }).contact).toBe('ops@example.org');
    expect(loadConfig({ THROUGHLINE_CONTACT: 'https://example.org/about' }).contact).toBe('https://example.org/about');
  });

  it('lists every setting once', () => {
    expect(new Set(SETTINGS.map(({ name }) => name)).size).toBe(SETTINGS.length);
  });
});

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}
