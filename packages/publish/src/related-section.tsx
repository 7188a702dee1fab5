/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { Day, EventPage, Evidence, RelatedEvent } from '@throughline/core';
import { eventPath } from './path.ts';
import { byTime, evidenceName, reasons } from './related.ts';
import { oneLine } from './text.ts';
import { writtenDay } from './time.ts';

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

function RelatedItem({ day, related }: { day: Day; related: RelatedEvent }) {
  const why = reasons(day, related).join(' · ');
  return (
    <li>
      <time datetime={related.day}>{writtenDay(related.day)}</time>
      <p class="said" dir="auto">
        <a href={eventPath(related.day, related.slug)}>{oneLine(related.text)}</a>
      </p>
      {related.evidence.length === 0 ? (
        <p class="small">{why}</p>
      ) : (
        <details>
          <summary title={related.evidence.map(weighed).join('\n')}>{why}</summary>
          <Weights evidence={related.evidence} />
        </details>
      )}
    </li>
  );
}

function Weights({ evidence }: { evidence: readonly Evidence[] }) {
  const sorted = evidence.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const most = Math.abs(sorted[0]?.weight ?? 0) || 1;
  const share = (weight: number): number => Math.round((Math.abs(weight) / most) * 100) || 0; // 0 for what is no number
  return (
    <ul class="weights">
      {sorted.map((piece) => (
        <li>
          <bdi>{evidenceName(piece)}</bdi>
          <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect width={share(piece.weight)} height="6" fill="currentColor" />
          </svg>
          <span class="number">{signed(piece.weight)}</span>
        </li>
      ))}
    </ul>
  );
}

const weighed = (piece: Evidence): string => `${evidenceName(piece)} ${signed(piece.weight)}`;

const signed = (weight: number): string => `${weight < 0 ? '−' : '+'}${Math.abs(weight).toFixed(2)}`;
