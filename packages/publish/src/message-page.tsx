/** @jsxRuntime automatic @jsxImportSource @throughline/publish */
import type { EventPage } from '@throughline/core';
import { attributionOf } from './attribution.ts';
import { renderPage } from './layout.tsx';
import { dayPath, frontPath } from './path.ts';
import type { Problem } from './problem.ts';
import type { Site } from './site.ts';
import { inFull, oneLine } from './text.ts';
import { writtenDay, writtenInstant } from './time.ts';

/** The tombstone of a withdrawn event: what it said last, when it went, where it was. */
export function renderGonePage(page: EventPage, at: string, site: Site): string {
  return renderPage({
    site,
    title: 'Withdrawn',
    unlisted: true,
    attributions: [attributionOf(page.origin)],
    children: (
      <article>
        <header class="masthead">
          <h1>This event was withdrawn</h1>
          <p>
            The editors took it off the log of <a href={dayPath(page.day)}>{writtenDay(page.day)}</a>; we saw that on{' '}
            {writtenInstant(at)}. It may have been wrong, a duplicate, or moved elsewhere.
          </p>
        </header>
        <section class="row" aria-labelledby="last">
          <div class="margin">
            <h2 id="last">It last read</h2>
          </div>
          <blockquote class="said" dir="auto">
            {oneLine(inFull(page.text))}
          </blockquote>
        </section>
      </article>
    ),
  });
}

export function renderProblemPage({ status, title, detail }: Problem, site: Site): string {
  return renderPage({
    site,
    title,
    unlisted: true,
    children: (
      <>
        <header class="masthead">
          <h1>{oneLine(title)}</h1>
          <p>{oneLine(detail)}</p>
        </header>
        <p>
          <a href={frontPath()}>The latest days</a>
        </p>
        <p class="small">HTTP status {status}</p>
      </>
    ),
  });
}
