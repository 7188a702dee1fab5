import { randomUUID } from 'node:crypto';
import type { Alarm, AlarmNews } from '@throughline/db';
import { post } from '@throughline/fetch';
import { signature } from '@throughline/pipeline';
import { createTransport } from 'nodemailer';

/** Tells somebody of alarms; rejects where that did not work. */
export type Teller = (news: AlarmNews) => Promise<void>;

export interface TellerOptions {
  /** A URL that is posted to, signed where there is a secret (Standard Webhooks). */
  url?: string | undefined;
  secret?: string | undefined;
  /** Who gets an e-mail, and through which server (`smtp://user:password@host:587`). */
  mail?: { to: string; server: string } | undefined;
  /** Where the dashboard is. */
  dashboard: string;
}

/** Everybody who is to be told. */
export function tellersOf({ url, secret, mail, dashboard }: TellerOptions): Teller[] {
  return [
    ...(url === undefined ? [] : [webhookTeller(url, secret, dashboard)]),
    ...(mail === undefined ? [] : [mailTeller(mail, dashboard)]),
  ];
}

function webhookTeller(url: string, secret: string | undefined, dashboard: string): Teller {
  return async (news) => {
    const body = JSON.stringify({ type: 'alarms', dashboard, ...news });
    const signed =
      secret === undefined ? {} : signature(`msg_${randomUUID()}`, Math.floor(Date.now() / 1_000), body, secret);
    const signal = AbortSignal.timeout(30_000);
    const answer = await post(url, { body, headers: { 'content-type': 'application/json', ...signed }, signal });
    if (!answer.ok) throw new Error(`the alarm webhook did not take the news: ${answer.failure}`);
  };
}

const MAIL_TIMEOUT_MS = 20_000;

function mailTeller({ to, server }: { to: string; server: string }, dashboard: string): Teller {
  const { hostname, username } = new URL(server);
  const from = decodeURIComponent(username).includes('@') ? decodeURIComponent(username) : `throughline@${hostname}`;
  return async (news) => {
    const timeouts = {
      connectionTimeout: MAIL_TIMEOUT_MS,
      greetingTimeout: MAIL_TIMEOUT_MS,
      socketTimeout: MAIL_TIMEOUT_MS,
    };
    const transport = createTransport({ url: server, ...timeouts });
    try {
      await transport.sendMail({ from, to, subject: subjectOf(news), text: textOf(news, dashboard) });
    } finally {
      transport.close();
    }
  };
}

function subjectOf({ raised, resolved }: AlarmNews): string {
  const names = (alarms: readonly Alarm[]) => alarms.map(({ light }) => light).join(', ');
  if (raised.length === 0) return `Throughline: resolved: ${names(resolved)}`;
  return `Throughline: ${names(raised)}`;
}

/** What is said of alarms to a person. */
export function textOf({ raised, resolved }: AlarmNews, dashboard: string): string {
  const lines = [
    ...raised.map(({ light, says, since }) => `${light}: ${says} (since ${since.toISOString()})`),
    ...resolved.map(({ light, resolvedAt }) => `resolved: ${light} (at ${resolvedAt?.toISOString() ?? ''})`),
  ];
  return `${lines.join('\n')}\n\n${dashboard}\n`;
}
