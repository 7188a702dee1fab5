import type {
  CaptureState,
  Category,
  Coordinates,
  Day,
  EventEntity,
  EventId,
  EventPage,
  EventReference,
  Evidence,
  Link,
  Mention,
  Origin,
  PageTopic,
  RelatedEvent,
  SourceCard,
  StoryId,
  Wording,
} from '@throughline/core';
import { sql, type RawBuilder } from 'kysely';
import { knownFields, type ArticleColumns } from './article-fields.ts';
import { TOPICS } from './day-items.ts';
import { RELATED_TO_E } from './relations.ts';

const PORTAL_LICENSE = 'CC BY-SA 4.0';
/** The signal whose evidence makes the context line. */
const SHARED = 'shared-entity';
/** The signal whose evidence is about a story, by its id. */
const STORY_SIGNAL = 'same-story';
/** A story may have any number of events; a page of one event shows those around it. */
const STORY_EVENTS = 100;

/** A page as one JSON value of Postgres. Absent is null there, instants are ISO 8601. */
export interface PageJson {
  id: EventId;
  day: Day;
  slug: string;
  text: string;
  category: Category | null;
  section: string;
  links: Link[];
  updatedAt: string;
  page: { title: string; source: string; revision: number | null };
  topics: PageTopic[] | null;
  sources: SourceJson[] | null;
  entities: EntityJson[] | null;
  related: RelatedJson[] | null;
  wordings: { text: string; slug: string | null; seenAt: string; revision: number | null }[] | null;
  story: { id: StoryId; slug: string; title: string; events: EventReference[] | null } | null;
}

interface EntityJson extends Omit<EventEntity, 'place' | 'by' | 'mentions'> {
  place: Coordinates | null;
  mentions: { [Name in keyof Required<Mention>]: Mention[Name] | null }[];
}

interface SourceJson {
  url: string;
  label: string;
  agency: string | null;
  outlet: string | null;
  citedTitle: string | null;
  citedPublished: string | null;
  state: CaptureState | null;
  reason: string | null;
  capturedAt: string | null;
  archivedUrl: string | null;
  archivedAt: string | null;
  rules: SourceCard['rules'] | null;
  article: ArticleColumns;
}

interface RelatedJson extends EventReference {
  score: number;
  evidence: Evidence[];
  /** An entity's title → its label, of the entities that the evidence names. */
  labels: Record<string, string> | null;
  /** The titles of those that both events name, not only imply. */
  shared: string[] | null;
  /** A story's id → its title. */
  stories: Record<string, string> | null;
}

const instant = (column: RawBuilder<unknown>) =>
  sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** What an event `e` cites, and behind it the submitted articles that were found to report it. */
const CITED = sql`(select c.url, c.label, c.agency, c.outlet, c.title, c.published, c.article_id, c.ordinal::int as ordinal
    from event_source c where c.event_id = e.id
  union all select j.cited_url, coalesce(j.site_name, ''), null, j.site_name, null, null, j.id, 100000 + j.id from article j
    where j.joined_event = e.id and not exists (select from event_source c where c.event_id = e.id and c.article_id = j.id))`;

const SOURCES = sql`(select json_agg(json_build_object('url', s.url, 'label', s.label, 'agency', s.agency, 'outlet', s.outlet,
    'citedTitle', s.title, 'citedPublished', s.published, 'state', a.state, 'reason', a.reason,
    'capturedAt', ${instant(sql`a.captured_at`)}, 'rules', a.rules,
    'archivedUrl', a.archived_url, 'archivedAt', ${instant(sql`a.archived_at`)},
    'article', json_build_object('title', a.title, 'description', a.description, 'authors', a.authors, 'published', a.published,
      'modified', a.modified, 'siteName', a.site_name, 'canonicalUrl', a.canonical_url, 'image', a.image, 'language', a.language,
      'section', a.section, 'keywords', a.keywords)) order by s.ordinal)
  from ${CITED} s left join article a on a.id = s.article_id)`;

const ENTITIES = sql`(select json_agg(json_build_object('id', n.id, 'label', n.label, 'slug', n.slug, 'type', n.type,
    'place', case when n.latitude is not null and n.longitude is not null then json_build_object('latitude', n.latitude, 'longitude', n.longitude) end,
    'mentions', m.mentions) order by n.events, n.label)
  from entity n join (select entity_id, json_agg(json_build_object('surface', surface, 'start', span_start, 'end', span_end, 'origin', origin,
      'tagger', tagger, 'score', score, 'reason', reason, 'rivals', rivals) order by ordinal) as mentions
    from mention where event_id = e.id group by entity_id) m on m.entity_id = n.id)`;

const RELATED = sql`(select json_agg(json_build_object('id', t.id, 'day', t.day, 'slug', t.slug, 'text', t.text, 'score', r.score,
    'evidence', r.evidence, 'labels', (select json_object_agg(n.title, n.label) from entity n
      where n.title in (select p ->> 'about' from jsonb_array_elements(r.evidence) p where p ->> 'signal' = '${sql.raw(SHARED)}')),
    'shared', (select json_agg(n.title) from mention m join entity n on n.id = m.entity_id
      where m.event_id = t.id and exists (select from mention o where o.event_id = e.id and o.entity_id = m.entity_id)),
    'stories', (select json_object_agg(st.id, st.title) from story st
      where st.id::text in (select p ->> 'about' from jsonb_array_elements(r.evidence) p where p ->> 'signal' = '${sql.raw(STORY_SIGNAL)}'))) order by r.score desc, r.apart, r.id)
  from ${RELATED_TO_E} r join event t on t.id = r.id)`;

const WORDINGS = sql`(select json_agg(json_build_object('text', w.text, 'slug', w.slug, 'seenAt', ${instant(sql`w.seen_at`)},
    'revision', w.revision) order by w.ordinal)
  from event_wording w where w.event_id = e.id and w.public_at is not null)`;

const STORY = sql`(select json_build_object('id', st.id, 'slug', st.slug, 'title', st.title, 'events',
    (select json_agg(json_build_object('id', o.id, 'day', o.day, 'slug', o.slug, 'text', o.text) order by o.day, o.position)
      from (select x.id, x.day, x.slug, x.text, x.position from story_event y join event x on x.id = y.event_id
        where y.story_id = st.id and x.state = 'stable' order by abs(x.day - e.day), x.position limit ${sql.raw(String(STORY_EVENTS))}) o))
  from story_event se join story st on st.id = se.story_id where se.event_id = e.id)`;

/** The `PageJson` of an event `e` that came from a page `p`. */
export const PAGE: RawBuilder<PageJson> = sql`json_build_object('id', e.id, 'day', e.day, 'slug', e.slug, 'text', e.text,
  'category', e.category, 'section', e.section, 'links', e.links, 'updatedAt', ${instant(sql`e.updated_at`)},
  'page', json_build_object('title', p.title, 'source', p.source, 'revision', p.revision),
  'topics', ${TOPICS}, 'sources', ${SOURCES}, 'entities', ${ENTITIES}, 'related', ${RELATED}, 'wordings', ${WORDINGS}, 'story', ${STORY})`;

/** What readers are shown, of what Postgres gave. */
export function eventPageOf(json: PageJson): EventPage {
  const sources = (json.sources ?? []).map(sourceOf);
  const { id, day, slug, text, category, section, links, updatedAt, story } = json;
  return {
    id,
    day,
    slug,
    text,
    ...(category && { category }),
    section,
    topics: json.topics ?? [],
    links,
    sources,
    entities: (json.entities ?? []).map(entityOf),
    related: (json.related ?? []).map((one) => relatedOf(day, one)),
    wordings: (json.wordings ?? []).map(wordingOf),
    ...(story && { story: { ...story, events: story.events ?? [] } }),
    updatedAt,
    origin: originOf(json.page, sources),
  };
}

function entityOf({ place, mentions, ...entity }: EntityJson): EventEntity {
  const taggers = new Set(mentions.map(({ tagger }) => tagger));
  return {
    ...entity,
    ...(place && { place }),
    by: taggers.has('wikilink') ? 'link' : taggers.has('topic-header') ? 'header' : 'linker',
    mentions: mentions.map(mentionOf),
  };
}

const mentionOf = ({ surface, start, end, origin, score, reason, rivals }: EntityJson['mentions'][number]) => ({
  surface: surface ?? '',
  ...(start !== null && end !== null && { start, end }),
  origin: origin ?? 'sentence',
  score: score ?? 0,
  ...(reason !== null && { reason }),
  ...(rivals !== null && { rivals }),
});

/** Whose words the sentence is: the portal's editors', or the publisher's where it is the title of a submitted article. */
function originOf({ source, title, revision }: PageJson['page'], sources: readonly SourceCard[]): Origin {
  const [cited] = sources;
  if (source !== 'portal' && cited) {
    const publisher = cited.outlet ?? new URL(cited.url).hostname;
    return { title: cited.article?.title ?? cited.url, url: cited.url, license: `© ${publisher}` };
  }
  return { title, url: portalUrl(title), ...(revision !== null && { revision }), license: PORTAL_LICENSE };
}

const portalUrl = (title: string) => `https://en.wikipedia.org/wiki/${encodeURI(title.replaceAll(' ', '_'))}`;

function sourceOf(row: SourceJson): SourceCard {
  const state: CaptureState = row.state ?? 'refused';
  const shown = {
    ...(row.citedTitle && { title: row.citedTitle }),
    ...(row.citedPublished && { published: row.citedPublished }),
    ...knownFields(row.article),
  };
  return {
    url: row.url,
    label: row.label,
    ...(row.agency && { agency: row.agency }),
    ...(row.outlet && { outlet: row.outlet }),
    state,
    ...(state !== 'ok' && { reason: row.reason ?? (row.state ? 'not fetched yet' : 'not a URL that can be fetched') }),
    ...(row.capturedAt && { capturedAt: row.capturedAt }),
    ...(row.archivedUrl && row.archivedAt && { archived: { url: row.archivedUrl, at: row.archivedAt } }),
    ...(Object.keys(shown).length > 0 && { article: shown }),
    ...(row.rules && { rules: row.rules }),
  };
}

function relatedOf(own: Day, { labels, shared, stories, evidence, ...rest }: RelatedJson): RelatedEvent {
  const name = (about: string) => labels?.[about] ?? stories?.[about] ?? about;
  const context = evidence
    .filter(({ signal, about }) => signal === SHARED && about !== undefined && shared?.includes(about))
    .sort((a, b) => b.weight - a.weight)
    .map(({ about = '' }) => name(about));
  const named = evidence.map((one) =>
    one.about !== undefined && (one.signal === SHARED || one.signal === STORY_SIGNAL)
      ? { ...one, about: name(one.about) }
      : one,
  );
  const when = rest.day < own ? 'earlier' : rest.day > own ? 'later' : 'same-day';
  return { ...rest, context: [...new Set(context)], evidence: named, when };
}

const wordingOf = ({ text, slug, seenAt, revision }: NonNullable<PageJson['wordings']>[number]): Wording => ({
  text,
  ...(slug !== null && { slug }),
  seenAt,
  ...(revision !== null && { revision }),
});
