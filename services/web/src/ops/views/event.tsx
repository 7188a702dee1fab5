/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { EventId } from '@throughline/core';
import { instant } from '../format.ts';
import { Do } from '../page.tsx';
import type { View } from '../view.ts';

/** One event's way through the stages, with times, tries and reasons. */
export const event: View = {
  path: '/ops/events',
  title: () => 'An event’s path',
  live: false,
  async render({ operation, rest, mayAct }) {
    const id = EventId.safeParse(rest);
    const steps = id.success ? await operation.steps(id.data) : [];
    if (!id.success || steps.length === 0) return undefined;
    return (
      <>
        <p class="sub">
          <a href={`/events/${id.data}`}>the event as readers see it</a>
        </p>
        <ol class="path">
          {steps.map(({ stage, at, level, says, articleId }) => (
            <li class={level}>
              <b>{stage}</b> {instant(at)} <span class="badge">{level}</span>
              <p>{says}</p>
              {mayAct && articleId !== null && (
                <Do action="/ops/articles/retry" fields={{ id: String(articleId) }}>
                  Capture again
                </Do>
              )}
            </li>
          ))}
        </ol>
        {mayAct && (
          <>
            <Do action="/ops/events/rerun" fields={{ id: id.data }}>
              Tag and relate again
            </Do>{' '}
            <Do action="/ops/events/clear" fields={{ id: id.data }} grave>
              Clear and do all of it again
            </Do>
          </>
        )}
      </>
    );
  },
};
