import type { ArticleFields, EventPage, SourceCard } from '@throughline/core';
import { attributionOf, safeUrl } from '@throughline/publish';

/** Where a value comes from. */
export interface Provenance {
  url?: string;
  revision?: number;
  /** ISO 8601 instant at which it was read there. */
  at?: string;
  /** The rule that won it, or the part of the program that made it. */
  rule: string;
  license: string;
}

const OWN_LICENSE = 'CC0 1.0';

/**
 * For each value of an event, as a JSON Pointer (RFC 6901) into it, where that
 * comes from: the portal's revision, the article's page with the rule that read
 * it, or our own reckoning.
 */
export function provenanceOf(page: EventPage): Record<string, Provenance> {
  return {
    ...portalFields(page),
    ...Object.fromEntries(page.sources.flatMap((source, at) => articleFields(source, at))),
    ...ownFields(page),
  };
}

function portalFields({ origin, wordings, sources }: EventPage): Record<string, Provenance> {
  const { url, revision, license } = attributionOf(origin);
  const current = wordings.at(-1);
  const portal = (rule: string): Provenance => ({
    ...(url !== undefined && { url }),
    ...(revision !== undefined && { revision }),
    rule,
    license,
  });
  const text = {
    ...portal('sentence'),
    ...(current?.revision !== undefined && { revision: current.revision }),
    ...(current && { at: current.seenAt }),
  };
  return {
    '/text': text,
    '/links': text,
    '/day': portal('page'),
    '/section': portal('heading'),
    '/category': portal('heading'),
    '/topics': portal('header'),
    ...Object.fromEntries(
      sources.flatMap((_, at) => ['url', 'label'].map((field) => [`/sources/${at}/${field}`, portal('source')])),
    ),
  };
}

function articleFields(source: SourceCard, at: number): [string, Provenance][] {
  const url = safeUrl(source.url);
  const publisher =
    source.article?.siteName ?? source.outlet ?? (url === undefined ? undefined : new URL(url).hostname);
  return Object.keys(source.article ?? {}).map((field) => {
    const rule = source.rules?.[field as keyof ArticleFields];
    // What no rule of ours read was written beside the link, by the portal's editors.
    const from =
      rule === undefined ? { rule: 'citation' } : { rule, ...(source.capturedAt && { at: source.capturedAt }) };
    return [
      `/sources/${at}/article/${field}`,
      { ...(url !== undefined && { url }), ...from, license: `© ${publisher ?? 'its publisher'}` },
    ];
  });
}

function ownFields({ story, updatedAt }: EventPage): Record<string, Provenance> {
  const own = (rule: string): Provenance => ({ rule, at: updatedAt, license: OWN_LICENSE });
  return { '/entities': own('tag'), '/related': own('relate'), ...(story && { '/story': own('thread') }) };
}
