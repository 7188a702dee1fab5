/** @jsxRuntime automatic @jsxImportSource @throughline/publish */
import { dayNumber, type EntityReference, type EventPage, type EventReference } from '@throughline/core';
import { attributionOf } from './attribution.ts';
import { bibTex, citationText } from './citation.ts';
import { storyPath } from './collection-path.ts';
import { EntityChips } from './entity-chips.tsx';
import { headingOf } from './groups.ts';
import { eventJsonLd } from './json-ld.ts';
import { type Alternate, renderPage } from './layout.tsx';
import { dayPath, eventPath } from './path.ts';
import { RelatedSection } from './related-section.tsx';
import { Sentence } from './sentence.tsx';
import type { Site } from './site.ts';
import { languageOf, SourceItem } from './source-item.tsx';
import { descriptionOf, outletName } from './source.ts';
import { clean, counted, inFull, inList, oneLine, SHOWN_LENGTH } from './text.ts';
import { plainInstant, weekday, writtenDay, writtenInstant } from './time.ts';
import { Timeline } from './timeline.tsx';
import { Trail } from './trail.tsx';
import { wordDiff } from './word-diff.ts';
import { WorldMap } from './world-map.tsx';

/** From here on a sentence is set smaller, so that it still reads as one. */
const LONG_SENTENCE = 280;

/** So many events of its story are listed before it, and after. */
const STORY_AROUND = 4;

export function renderEventPage(page: EventPage, site: Site, alternates: readonly Alternate[]): string {
  const description = descriptionOf(page)?.text;
  return renderPage({
    site,
    title: page.text,
    description: description ?? page.text,
    path: eventPath(page.day, page.slug),
    type: 'article',
    published: page.day,
    modified: page.updatedAt,
    alternates,
    jsonLd: eventJsonLd(page, site),
    attributions: [attributionOf(page.origin)],
    children: (
      <article>
        <Lead page={page} />
        <Sources page={page} />
        <Where page={page} />
        <RelatedSection page={page} />
        <Story page={page} />
        <Changes page={page} />
        <Cite page={page} site={site} />
      </article>
    ),
  });
}

function Lead({ page }: { page: EventPage }) {
  const description = descriptionOf(page);
  return (
    <div class="row lead">
      <p class="margin">
        <a class="date" href={dayPath(page.day)}>
          <time datetime={page.day}>{writtenDay(page.day)}</time>
        </a>
        {weekday(page.day)}
      </p>
      <div>
        <Trail heading={headingOf(page)} category={page.category} topics={page.topics} />
        <h1 class={page.text.length > LONG_SENTENCE ? 'long' : ''} dir="auto">
          <Sentence text={inFull(page.text)} links={page.links} origin={page.origin} />
        </h1>
        <Rest page={page} />
        {description && (
          <p class="standfirst" dir="auto">
            <span lang={languageOf(description.source.article ?? {})}>{description.text}</span>{' '}
            <cite>– {outletName(description.source)}</cite>
          </p>
        )}
        <Chips entities={page.entities} />
      </div>
    </div>
  );
}

/** Where the whole of a sentence is that is shown in part. */
function Rest({ page: { text, day, slug } }: { page: EventPage }) {
  if (text.length <= SHOWN_LENGTH) return null;
  return (
    <p class="notice">
      This is the beginning of {text.length.toLocaleString('en')} characters: all of them are in the{' '}
      <a href={eventPath(day, slug, 'md')}>Markdown</a> and the <a href={eventPath(day, slug, 'json')}>JSON</a> of this
      page.
    </p>
  );
}

function Chips({ entities }: { entities: readonly EntityReference[] }) {
  if (entities.length === 0) return null;
  return (
    <>
      <p class="label" id="context">
        Context
      </p>
      <EntityChips entities={entities} labelledBy="context" />
    </>
  );
}

function Where({ page: { entities } }: { page: EventPage }) {
  const places = entities.flatMap(({ label, place }) => (place ? [{ label, ...place }] : []));
  if (places.length === 0) return null;
  return (
    <section class="row" aria-labelledby="where">
      <div class="margin">
        <h2 id="where">Where</h2>
      </div>
      <WorldMap places={places} />
    </section>
  );
}

function Sources({ page }: { page: EventPage }) {
  const { sources } = page;
  const described = descriptionOf(page)?.source;
  return (
    <section class="row" aria-labelledby="sources">
      <div class="margin">
        <h2 id="sources">{sources.length === 1 ? 'Source' : 'Sources'}</h2>
      </div>
      {sources.length === 0 ? (
        <p class="small">The log cites no source for this event.</p>
      ) : (
        <ol class="sources">
          {sources.map((source, index) => (
            <SourceItem source={source} number={index + 1} isDescribed={source === described} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Story({ page }: { page: EventPage }) {
  const { story } = page;
  if (!story) return null;
  const title = oneLine(story.title);
  const events = story.events.toSorted((a, b) => dayNumber(a.day) - dayNumber(b.day));
  const own = events.findIndex(({ id }) => id === page.id);
  const near = events.slice(Math.max(0, own - STORY_AROUND), Math.max(0, own) + STORY_AROUND + 1);
  return (
    <section class="row" aria-labelledby="story">
      <div class="margin">
        <h2 id="story">Story</h2>
        <p>
          <a href={storyPath(story)}>
            <bdi>{title}</bdi>
          </a>
        </p>
        <p>{counted(events.length, 'event')}</p>
      </div>
      <div>
        <Timeline events={events} here={page.id} />
        <ol class="thread">
          {near.map((event) => (
            <StoryEvent event={event} isHere={event.id === page.id} />
          ))}
        </ol>
        {near.length < events.length && (
          <p class="more">
            <a href={storyPath(story)}>The whole story</a>
          </p>
        )}
      </div>
    </section>
  );
}

function StoryEvent({ event, isHere }: { event: EventReference; isHere: boolean }) {
  return (
    <li class={isHere ? 'here' : ''}>
      <time datetime={event.day}>{writtenDay(event.day)}</time>
      <p class="said" dir="auto">
        {isHere ? (
          <span aria-current="true">{inList(event.text)}</span>
        ) : (
          <a href={eventPath(event.day, event.slug)}>{inList(event.text)}</a>
        )}
      </p>
    </li>
  );
}

function Changes({ page: { wordings } }: { page: EventPage }) {
  if (wordings.length < 2) return null;
  return (
    <section class="row" aria-labelledby="changes">
      <div class="margin">
        <h2 id="changes">Changes</h2>
        <p>{counted(wordings.length - 1, 'rewording')}</p>
      </div>
      <ol class="changes">
        {wordings.map((wording, index) => (
          <li>
            <p class="small">
              <time datetime={clean(wording.seenAt)} title={plainInstant(wording.seenAt)}>
                {writtenInstant(wording.seenAt)}
              </time>{' '}
              · {noteOf(index, wordings.length)}
              {wording.revision !== undefined && ` · revision ${wording.revision}`}
            </p>
            <p dir="auto">
              <Diff before={wordings[index - 1]?.text} after={wording.text} />
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

const noteOf = (index: number, count: number): string =>
  index === 0 ? 'first version' : index === count - 1 ? 'current version' : 'update';

function Diff({ before, after }: { before: string | undefined; after: string }) {
  if (before === undefined) return <>{oneLine(inFull(after))}</>;
  return (
    <>
      {wordDiff(oneLine(inFull(before)), oneLine(inFull(after))).map(({ kind, text }) =>
        kind === 'same' ? text : kind === 'added' ? <ins>{text}</ins> : <del>{text}</del>,
      )}
    </>
  );
}

function Cite({ page, site }: { page: EventPage; site: Site }) {
  return (
    <section class="row" aria-labelledby="cite">
      <div class="margin">
        <h2 id="cite">Cite this</h2>
      </div>
      <div>
        <p class="cite" dir="auto">
          {citationText(page, site)}
        </p>
        <details>
          <summary>BibTeX</summary>
          <pre>
            <code>{bibTex(page, site)}</code>
          </pre>
        </details>
      </div>
    </section>
  );
}
