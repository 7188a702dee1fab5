/** @jsxRuntime automatic @jsxImportSource @throughline/publish */
import { CATEGORIES, CATEGORY_LABELS, SEARCH_COUNT_LIMIT, type SearchPage, type SearchQuery } from '@throughline/core';
import { archivePath, entityPath, isAsked, searchPath, topicPath } from './collection-path.ts';
import { EventItem } from './event-list.tsx';
import { renderPage } from './layout.tsx';
import { portalAttribution } from './attribution.ts';
import type { Site } from './site.ts';
import { counted, oneLine } from './text.ts';
import { writtenDay } from './time.ts';

/** A search as it was asked; without `found` nothing was asked yet. */
export interface SearchView {
  query: SearchQuery;
  found?: SearchPage;
  /** What of the question could not be understood, each said in a sentence. */
  notes: readonly string[];
}

export function renderSearchPage(view: SearchView, site: Site): string {
  const text = oneLine(view.query.text ?? '');
  return renderPage({
    site,
    title: text ? `${text} – search` : 'Search',
    unlisted: true,
    path: searchPath(view.query),
    hasFeeds: view.found !== undefined && view.query.after === undefined && isAsked(view.query),
    ...(view.found?.next && { nextPath: searchPath({ ...view.query, after: view.found.next }) }),
    attributions: view.found && view.found.hits.length > 0 ? [portalAttribution()] : [],
    children: (
      <>
        <header class="masthead">
          <h1>Search</h1>
        </header>
        <Form {...view} />
        {view.notes.map((note) => (
          <p class="notice" role="status">
            {oneLine(note)}
          </p>
        ))}
        {view.found ? <Found page={view.found} /> : <Hints />}
      </>
    ),
  });
}

function Form({ query, found }: SearchView) {
  const { text, entity, topic, category, from, to, outlet, order } = query;
  return (
    <form class="search" action="/search" role="search" aria-label="Events">
      <p class="field wide">
        <label for="q">Words in the sentence or in an article’s title</label>
        <span class="line">
          <input id="q" name="q" type="search" value={oneLine(text ?? '')} maxlength={300} autocomplete="off" />
          <button type="submit">Search</button>
        </span>
      </p>
      <p class="field">
        <label for="entity">About</label>
        <input id="entity" name="entity" value={oneLine(found?.entity?.label ?? entity ?? '')} autocomplete="off" />
      </p>
      <p class="field">
        <label for="category">Category</label>
        <select id="category" name="category">
          <option value="">Any</option>
          {CATEGORIES.map((one) => (
            <option value={one} selected={one === category}>
              {CATEGORY_LABELS[one]}
            </option>
          ))}
        </select>
      </p>
      <p class="field">
        <label for="from">From</label>
        <input id="from" name="from" type="date" value={from ?? ''} />
      </p>
      <p class="field">
        <label for="to">To</label>
        <input id="to" name="to" type="date" value={to ?? ''} />
      </p>
      <p class="field">
        <label for="outlet">Source</label>
        <input
          id="outlet"
          name="outlet"
          value={oneLine(outlet ?? '')}
          placeholder="Reuters, bbc.co.uk"
          autocomplete="off"
        />
      </p>
      <p class="field">
        <label for="order">Order</label>
        <select id="order" name="order">
          <option value="">Newest first</option>
          <option value="oldest" selected={order === 'oldest'}>
            Oldest first
          </option>
        </select>
      </p>
      {topic !== undefined && <input type="hidden" name="topic" value={String(topic)} />}
    </form>
  );
}

function Hints() {
  return (
    <div class="hints">
      <p>
        Words are found in all their forms: <i>bomb</i> finds <i>bombing</i>. Put a <q>phrase</q> into quotation marks,
        write <code>or</code> between words of which one is enough, and a minus before what is not wanted.
      </p>
      <p>
        Or go through the <a href={archivePath()}>archive</a> by year and category.
      </p>
    </div>
  );
}

function Found({ page }: { page: SearchPage }) {
  const { query, hits, names } = page;
  return (
    <>
      {page.isEmptyText && (
        <p class="notice" role="status">
          {isAsked({ ...query, text: '' })
            ? 'Those words are in nearly every sentence, so they were passed over.'
            : 'Those words are in nearly every sentence, so these are simply the latest events.'}
        </p>
      )}
      {names.length > 0 && (
        <p class="names">
          By that name:{' '}
          {names.map((name) => (
            <span>
              <a href={entityPath(name)}>
                <bdi>{oneLine(name.label)}</bdi>
              </a>{' '}
              <span class="quiet">{counted(name.events, 'event')}</span>
            </span>
          ))}
        </p>
      )}
      <section class="row" aria-labelledby="found">
        <div class="margin">
          <h2 id="found">{amount(page)}</h2>
          <Within page={page} />
          {query.after && (
            <p>
              <a href={searchPath({ ...query, after: undefined })}>From the beginning</a>
            </p>
          )}
        </div>
        {hits.length === 0 ? (
          <p>Nothing was found. Fewer or other words may find more.</p>
        ) : (
          <ol class="items">
            {hits.map(({ marks, titled, ...item }) => (
              <EventItem item={item} marks={marks} titled={titled} isDated />
            ))}
          </ol>
        )}
      </section>
      {page.next && (
        <nav class="pager" aria-label="Pages">
          <span />
          <a rel="next" href={searchPath({ ...query, after: page.next })}>
            {query.order === 'oldest' ? 'Later' : 'Earlier'} →
          </a>
        </nav>
      )}
    </>
  );
}

const amount = ({ count }: SearchPage): string =>
  count >= SEARCH_COUNT_LIMIT ? `${SEARCH_COUNT_LIMIT.toLocaleString('en')} events or more` : counted(count, 'event');

/** What the events are about besides their words, where that has a page. */
function Within({ page: { entity, topic, query } }: { page: SearchPage }) {
  return (
    <>
      {entity && (
        <p>
          about{' '}
          <a href={entityPath(entity)}>
            <bdi>{oneLine(entity.label)}</bdi>
          </a>
        </p>
      )}
      {topic && (
        <p>
          of the topic{' '}
          <a href={topicPath(topic)}>
            <bdi>{oneLine(topic.label)}</bdi>
          </a>
        </p>
      )}
      {(query.from || query.to) && (
        <p>
          {query.from && `from ${writtenDay(query.from)}`} {query.to && `to ${writtenDay(query.to)}`}
        </p>
      )}
    </>
  );
}
