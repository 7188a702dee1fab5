import { Day } from '@throughline/core';
import { asOf } from '@throughline/pipeline';
import { absolute, dayAttribution, dayPath } from '@throughline/publish';
import { z } from 'zod';
import { fromMark, toMark } from '../place-mark.ts';
import { defineOperation, slice, type ApiContext } from '../operation.ts';
import { AsOf, AsOfList, conditions, QueryDay } from '../parameters.ts';
import { ApiProblem } from '../problem.ts';
import { DayAnswer, DaySummary, listOf } from '../schemas.ts';
import { listed } from '../show.ts';
import { readingOf } from './events.ts';

export const listDays = defineOperation({
  id: 'listDays',
  method: 'get',
  path: '/v1/days',
  summary: 'The days that have public events, the newest first.',
  parameters: z.strictObject({ ...slice, from: conditions.from, to: conditions.to, as_of: AsOfList.optional() }),
  answer: listOf(DaySummary),
  async run({ parameters: { after, limit, as_of: instant, ...span } }, { catalogue, site }) {
    const walk = { after: fromMark('days', after, Day), limit };
    const { items, next } = await (instant === undefined
      ? catalogue.days(span, walk)
      : catalogue.daysAt(new Date(instant), span, walk));
    return {
      items: items.map((one) => ({ ...one, href: absolute(site, dayPath(one.day)) })),
      next: next === undefined ? null : toMark('days', next),
    };
  },
});

export const getDay = defineOperation({
  id: 'getDay',
  method: 'get',
  path: '/v1/days/{day}',
  summary: 'The events of a day, in the order of its page; with `as_of`, as readers saw them then.',
  parameters: z.strictObject({ day: QueryDay, as_of: AsOf.optional() }),
  answer: DayAnswer,
  run: ({ parameters: { day, as_of: instant } }, context) =>
    instant === undefined ? current(day, context) : earlier(day, instant, context),
});

async function current(day: Day, { pages, site }: ApiContext) {
  const page = await pages.day(day);
  if (!page) throw new ApiProblem(404, 'No events of this day', `No public event of ${day} is known.`);
  return {
    ...page,
    items: page.items.map((item) => listed(site, item)),
    attribution: dayAttribution(page),
    href: absolute(site, dayPath(day)),
  };
}

async function earlier(day: Day, instant: string, { revisions, catalogue, site }: ApiContext) {
  const events = await asOf('portal', day, Date.parse(instant), { pages: revisions });
  const ids = await catalogue.idsOfWordings(
    [day],
    events.map(({ reading }) => reading.text),
  );
  return {
    day,
    asOf: instant,
    updatedAt: new Date(instant).toISOString(),
    items: events.map(({ reading }) => ({ id: ids.get(reading.text) ?? null, day, ...readingOf(reading) })),
    attribution: dayAttribution({ day, items: [], updatedAt: instant }),
    href: absolute(site, dayPath(day)),
  };
}
