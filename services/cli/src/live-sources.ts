import type { Config } from '@throughline/runtime';
import { portalSource, wikiConcepts, type Concepts, type EventStreamOptions, type Source } from '@throughline/sources';

/** What is read live: nothing before an operator has said whom to write to. */
export function liveSources({ contact, portalApi }: Config, version: string): Source[] {
  if (contact === undefined) return [];
  return [portalSource({ contact, version, ...(portalApi !== undefined && { endpoint: portalApi }) })];
}

/** What entities are looked up in: nothing before an operator has said whom to write to, nor beside a wiki without a Wikidata. */
export function liveConcepts({ contact, portalApi, wikidataApi }: Config, version: string): Concepts | undefined {
  if (contact === undefined || (portalApi !== undefined && wikidataApi === undefined)) return undefined;
  return wikiConcepts({
    contact,
    version,
    ...(portalApi !== undefined && { endpoint: portalApi }),
    ...(wikidataApi !== undefined && { wikidataEndpoint: wikidataApi }),
    pace: CONCEPTS_PACE,
  });
}

/** A share of the allowance that leaves room for the portal's pages. */
const CONCEPTS_PACE = { perMinute: 30, atOnce: 1 };

/** The stream of edits to follow beside the polling, where one is wanted. */
export function liveEdits({ contact, eventStreams }: Config, version: string): EventStreamOptions | undefined {
  return contact !== undefined && eventStreams !== undefined ? { contact, version, endpoint: eventStreams } : undefined;
}
