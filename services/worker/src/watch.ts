import { setTimeout as sleep } from 'node:timers/promises';
import { lightsOf } from '@throughline/core';
import type { AlarmNews, AlarmStore } from '@throughline/db';
import { healthFacts, type Operation } from '@throughline/pipeline';
import type { Teller } from './tellers.ts';

export interface WatchOptions {
  operation: Operation;
  alarms: AlarmStore;
  tellers: readonly Teller[];
  /** Hours (UTC) from which until which nobody is told; what came up is told at their end. */
  quietHours?: { from: number; to: number } | undefined;
  onError: (error: unknown) => void;
}

const LOOK_MS = 60_000;
/** A light that is bad for one look only is not worth a message. */
const STAND_MS = 90_000;

/**
 * Looks at the lights every minute until `signal` aborts, keeps an alarm for
 * each that is bad, and tells of new alarms and of those that are over, once
 * each, however many workers watch.
 */
export async function watch(options: WatchOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await look(options, STAND_MS).catch(options.onError);
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}

/** One look: alarms are brought up to date, and whoever has to be told is told. */
export async function look({ operation, alarms, tellers, quietHours, onError }: WatchOptions, standMs: number) {
  const facts = await healthFacts(operation);
  if ('failure' in facts.database) throw new Error(`the lights cannot be seen: ${facts.database.failure}`);
  const open = new Set((await alarms.open()).map(({ light }) => light));
  for (const { name, level, says } of lightsOf(facts)) {
    if (level === 'bad') await alarms.raise(name, level, says);
    else if (open.has(name)) await alarms.resolve(name);
  }
  if (tellers.length === 0 || isQuiet(operation.now(), quietHours)) return;
  const news = await alarms.takeNews(standMs);
  if (news.raised.length + news.resolved.length > 0) await tellAll(tellers, news, alarms, onError);
}

/** Whoever can be reached is told; where nobody can, it is tried again with the next look. */
async function tellAll(
  tellers: readonly Teller[],
  news: AlarmNews,
  alarms: AlarmStore,
  onError: (error: unknown) => void,
): Promise<void> {
  const told = await Promise.allSettled(tellers.map((tell) => tell(news)));
  for (const one of told) if (one.status === 'rejected') onError(one.reason);
  if (told.every(({ status }) => status === 'rejected')) await alarms.untell(news);
}

/** Whether `now` lies within the hours, which may go over midnight. */
export function isQuiet(now: number, hours: { from: number; to: number } | undefined): boolean {
  if (hours === undefined) return false;
  const hour = new Date(now).getUTCHours();
  return hours.from <= hours.to ? hour >= hours.from && hour < hours.to : hour >= hours.from || hour < hours.to;
}
