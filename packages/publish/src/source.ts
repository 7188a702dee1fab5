import type { EventPage, SourceCard } from '@throughline/core';
import { hostOf } from './link.ts';
import { oneLine } from './text.ts';

/** What a source is called: its label, else its site's name, else its host. Never empty. */
export function sourceName(source: SourceCard): string {
  const names = [source.label, source.outlet, source.article?.siteName, hostOf(source.url), source.url];
  return names.map((name) => oneLine(name ?? '')).find(Boolean) ?? 'Source';
}

/** Who published it, as a reader would say it: `The Guardian`, `Reuters`. */
export function outletName(source: SourceCard): string {
  const names = [source.outlet, source.article?.siteName, source.label, hostOf(source.url)];
  return names.map((name) => oneLine(name ?? '')).find(Boolean) ?? '';
}

/** The event's description: the first that a source has, in the editor's order. */
export function descriptionOf(page: EventPage): { text: string; source: SourceCard } | undefined {
  for (const source of page.sources) {
    const text = oneLine(source.article?.description ?? '');
    if (text) return { text, source };
  }
  return undefined;
}

/** One sentence about how the last capture of a source ended. */
export function captureStatement({ state, reason }: SourceCard): string {
  const why = reason ? ` (${oneLine(reason)})` : '';
  switch (state) {
    case 'ok':
      return 'Captured';
    case 'waiting':
      return reason === 'not fetched yet' ? 'Not captured yet' : `Not captured yet${why}`;
    case 'gone':
      return `No longer there${why}`;
    case 'blocked':
      return `The site does not let us read it${why}`;
    case 'unreachable':
      return `Could not be reached${why}`;
    case 'refused':
      return `Not fetched${why}`;
    case 'not-article':
      return `The address shows no article${why}`;
  }
}
