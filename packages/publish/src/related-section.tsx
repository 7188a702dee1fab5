/** @jsxRuntime automatic @jsxImportSource @throughline/publish */
import type { Day, EventPage, Evidence, RelatedEvent } from '@throughline/core';
import { eventPath } from './path.ts';
import { EgoGraph, type Neighbour } from './ego-graph.tsx';
import { byTime, reasons, contextOf, evidenceName } from './related.ts';
import { inList } from './text.ts';
import { distance, writtenDay } from './time.ts';

/** Related events in parts (background, same day, follow-ups), each with the reason it is there. */
export function RelatedSection({ page }: { page: EventPage }) {
  if (page.related.length === 0) return null;
  return (
    <section class="row" aria-labelledby="related">
      <div class="margin">
        <h2 id="related">Related</h2>
        <p>Closest first</p>
      </div>
      <div>
        <Graph page={page} />
        {byTime(page.related).map(({ title, note, events }) => (
          <div class="part">
            <h3>
              {title}
              {note && <span> {note}</span>}
            </h3>
            <ol class="thread">
              {events.map((related) => (
                <RelatedItem day={page.day} related={related} />
              ))}
            </ol>
          </div>
        ))}
      </div>
    </section>
  );
}

/** What weighs less than so many others says nothing. */
const MAX_WEIGHTS = 8;

/** So many there have to be for a picture to say more than the list. */
const MIN_DRAWN = 3;

/** The closest events around this one: what led here on the left, what came of it on the right. */
function Graph({ page }: { page: EventPage }) {
  const drawn = (isLeft: boolean): Neighbour[] =>
    page.related
      .filter(({ day }) => day < page.day === isLeft)
      .slice(0, 6)
      .toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
      .map((related) => ({
        href: eventPath(related.day, related.slug),
        note: writtenDay(related.day),
        name: related.text,
        edge: contextOf(related)[0] ?? '',
      }));
  if (page.related.length < MIN_DRAWN) return null;
  return (
    <EgoGraph
      centre={writtenDay(page.day)}
      left={drawn(true)}
      right={drawn(false)}
      label="The closest related events as a picture; the lists below have all of them"
    />
  );
}

function RelatedItem({ day, related }: { day: Day; related: RelatedEvent }) {
  const why = reasons(related).join(' · ') || 'similar event';
  return (
    <li>
      <p class="small">
        <time datetime={related.day}>{writtenDay(related.day)}</time>
        {related.day !== day && `, ${distance(day, related.day)}`}
      </p>
      <p class="said" dir="auto">
        <a href={eventPath(related.day, related.slug)}>{inList(related.text)}</a>
      </p>
      {related.evidence.length === 0 ? (
        <p class="small">{why}</p>
      ) : (
        <details>
          <summary>{why}</summary>
          <Weights evidence={related.evidence} />
        </details>
      )}
    </li>
  );
}

function Weights({ evidence }: { evidence: readonly Evidence[] }) {
  const sorted = evidence.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, MAX_WEIGHTS);
  const most = Math.abs(sorted[0]?.weight ?? 0) || 1;
  const share = (weight: number): number => Math.round((Math.abs(weight) / most) * 100) || 0; // 0 for what is no number
  return (
    <ul class="weights">
      {sorted.map((piece) => (
        <li>
          <bdi>{evidenceName(piece)}</bdi>
          <svg viewBox="0 0 100 6" aria-hidden="true">
            <rect width={share(piece.weight)} />
          </svg>
          <span>{signed(piece.weight)}</span>
        </li>
      ))}
    </ul>
  );
}

const signed = (weight: number): string => `${weight < 0 ? '−' : '+'}${Math.abs(weight).toFixed(2)}`;
