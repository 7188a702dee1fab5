import type { Config } from '@throughline/runtime';
import { portalSource, type EventStreamOptions, type Source } from '@throughline/sources';

/** What is read live: nothing before an operator has said whom to write to. */
export function liveSources({ contact, portalApi }: Config, version: string): Source[] {
  if (contact === undefined) return [];
  return [portalSource({ contact, version, ...(portalApi !== undefined && { endpoint: portalApi }) })];
}

/** The stream of edits to follow beside the polling, where one is wanted. */
export function liveEdits({ contact, eventStreams }: Config, version: string): EventStreamOptions | undefined {
  return contact !== undefined && eventStreams !== undefined ? { contact, version, endpoint: eventStreams } : undefined;
}
