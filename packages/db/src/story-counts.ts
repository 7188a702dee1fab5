import type { EventId, StoryId } from '@throughline/core';
import { sql } from 'kysely';
import type { NewChange } from './changes.ts';
import type { DatabaseTransaction } from './database.ts';
import { listOf, toJson } from './rows.ts';

/** Takes withdrawn events out of their stories. Gives the changes of these, which have fewer events by that, or none. */
export async function leaveStories(trx: DatabaseTransaction, ids: readonly EventId[]): Promise<NewChange[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ storyId: StoryId }>`delete from story_event where event_id in ${listOf(ids)}
    returning story_id`.execute(trx);
  const stories = await refreshStories(trx, [...new Set(rows.map(({ storyId }) => storyId))]);
  return stories.map(({ id, slug, events }) => ({
    noun: 'story',
    id,
    kind: events === 0 ? 'withdrawn' : 'updated',
    day: null,
    path: `/stories/${slug}`,
  }));
}

/** Days, count and time of change of stories, from their public events. */
export async function refreshStories(
  trx: DatabaseTransaction,
  ids: readonly StoryId[],
): Promise<{ id: StoryId; slug: string; events: number }[]> {
  const { rows } = await sql<{ id: StoryId; slug: string; events: number }>`
    update story s set events = c.events, first_day = coalesce(c.first, s.first_day), last_day = coalesce(c.last, s.last_day), updated_at = now()
    from (select w.id, count(e.id)::integer as events, min(e.day) as first, max(e.day) as last
      from json_array_elements_text(${toJson([...ids].sort())}::json) as t(value) cross join lateral (select t.value::uuid as id) w
      left join story_event se on se.story_id = w.id left join event e on e.id = se.event_id and e.state = 'stable'
      group by w.id) c
    where s.id = c.id returning s.id, s.slug, s.events`.execute(trx);
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
}
