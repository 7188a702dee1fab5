import { ArticleId, Day, EventId, spanOf } from '@throughline/core';
import {
  auditStore,
  controlStore,
  failureStore,
  operationStore,
  runStore,
  subscriptionStore,
  workerStore,
  type Database,
  type Failure,
  type RunWish,
} from '@throughline/db';
import { askedFor, batches, deliverJob, discoverJob, enrichJob, jobs, sweepJob } from '@throughline/pipeline';
import { request, type Backend, type JobRequest } from '@throughline/queue';
import { failureFilter } from './views/failures.tsx';

export interface ActionContext {
  db: Database;
  queue: Pick<Backend, 'enqueue' | 'pause' | 'resume'>;
  /** Who acts, for the audit log. */
  operator: string;
  form: URLSearchParams;
}

/** What an action did, in one sentence, and where to look at it. */
export interface Done {
  says: string;
  path: string;
}

/** What cannot be done, and why; the person who asked is told. */
export class Refused extends Error {}

type Action = (context: ActionContext) => Promise<Done>;

/** At most so many failures are taken by one action; another takes the next. */
const MOST_AT_ONCE = 10_000;
/** Jobs that one worker does at once. */
const MOST_CONCURRENT = 500;
/** Thirty days. */
const MOST_SECONDS = 2_592_000;

/** Everything an operator can do, by the path it is posted to. */
export const actions: Readonly<Record<string, Action>> = {
  '/ops/queues/pause': async ({ db, queue, operator, form }) => {
    const stage = stageOf(form);
    await queue.pause(stage);
    await controlStore(db).paused(stage, operator);
    return { says: `${stage} is paused: nothing more of it is handed out.`, path: '/ops/queues' };
  },
  '/ops/queues/resume': async ({ db, queue, form }) => {
    const stage = stageOf(form);
    await queue.resume(stage);
    await controlStore(db).resumed(stage);
    return { says: `${stage} goes on.`, path: '/ops/queues' };
  },
  '/ops/queues/concurrency': async ({ db, form }) => {
    const stage = stageOf(form);
    const given = form.get('concurrency') ?? '';
    const concurrency = given === '' ? null : Number(given);
    if (concurrency !== null && !(Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= MOST_CONCURRENT))
      throw new Refused(`“${given}” is no number from 1 to ${MOST_CONCURRENT}`);
    await controlStore(db).setConcurrency(stage, concurrency);
    const says =
      concurrency === null
        ? `as many of ${stage} at once as it was started with`
        : `${concurrency} of ${stage} at once`;
    return { says: `Each worker does ${says}.`, path: '/ops/queues' };
  },
  '/ops/workers/quiet': (context) => setQuiet(context, true, 'finishes what it has in hand and takes nothing new.'),
  '/ops/workers/wake': (context) => setQuiet(context, false, 'takes jobs again.'),
  '/ops/failures/retry': async (context) => {
    const { db, queue, form } = context;
    const failures = failureStore(db);
    const taken = await failures.take(failureFilter(form), MOST_AT_ONCE);
    const putBack = async (rest: readonly Failure[]): Promise<void> => {
      for (const failure of rest) await failures.add(failure);
    };
    const known = taken.filter((failure) => requestOf(failure) !== undefined);
    const unknown = taken.filter((failure) => requestOf(failure) === undefined);
    await putBack(unknown);
    let asked = 0;
    try {
      for (const some of batches(known, 500)) {
        await queue.enqueue(some.flatMap((failure) => requestOf(failure) ?? []));
        asked += some.length;
      }
    } catch (error) {
      await putBack(known.slice(asked)); // what the queue did not take is still to be mended
      throw error;
    }
    const left = unknown.length > 0 ? ` ${unknown.length} are of no job that is known, and stay.` : '';
    return { says: `${asked} asked for again.${left}${await more(taken.length, context)}`, path: '/ops/failures' };
  },
  '/ops/failures/drop': async (context) => {
    const taken = await failureStore(context.db).take(failureFilter(context.form), MOST_AT_ONCE);
    return { says: `${taken.length} dropped.${await more(taken.length, context)}`, path: '/ops/failures' };
  },
  '/ops/articles/retry': async ({ db, queue, form }) => {
    const count = await operationStore(db).tryAgain(articlesOf(form));
    await queue.enqueue([request(sweepJob, {})]);
    return { says: `${count} articles are asked for again, each at its host’s pace.`, path: '/ops/failures' };
  },
  '/ops/articles/gone': async ({ db, form }) => {
    const count = await operationStore(db).markGone(articlesOf(form));
    return { says: `${count} articles are taken for gone.`, path: '/ops/failures' };
  },
  '/ops/hosts/block': (context) => setHost(context, { blocked: true }, 'is asked nothing more'),
  '/ops/hosts/unblock': (context) => setHost(context, { blocked: false }, 'is asked again'),
  '/ops/hosts/pace': (context) => {
    const paceOverrideMs = paceOf(context.form);
    const says = paceOverrideMs === null ? 'has its own pace again' : `is asked once in ${paceOverrideMs / 1_000} s`;
    return setHost(context, { paceOverrideMs }, says);
  },
  '/ops/schedules/on': (context) => setSchedule(context, true),
  '/ops/schedules/off': (context) => setSchedule(context, false),
  '/ops/schedules/every': async ({ db, form }) => {
    const name = form.get('name') ?? '';
    const given = form.get('seconds') ?? '';
    const seconds = Number(given);
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > MOST_SECONDS)
      throw new Refused(`“${given}” is no number of seconds from 1 to ${MOST_SECONDS}`);
    if (!(await controlStore(db).setSchedule(name, { everyMs: seconds * 1_000 })))
      throw new Refused(`there is no schedule “${name}”`);
    return { says: `${name} is done every ${spanOf(seconds * 1_000)}.`, path: '/ops/schedules' };
  },
  '/ops/schedules/run': async ({ queue, form }) => {
    const name = form.get('name') ?? '';
    const asked = askedFor(name);
    if (asked === undefined) throw new Refused(`there is no schedule “${name}”`);
    await queue.enqueue([asked]);
    return { says: `${name} is asked for now.`, path: '/ops/schedules' };
  },
  '/ops/webhooks/replay': async ({ db, queue, form }) => {
    const letters = await subscriptionStore(db).replay(subscriptionOf(form));
    await queue.enqueue([request(sweepJob, {})]);
    return { says: `${letters} dead letters are delivered again.`, path: '/ops/webhooks' };
  },
  '/ops/webhooks/try': async ({ db, queue, form }) => {
    const subscriptionId = subscriptionOf(form);
    await subscriptionStore(db).tryNow(subscriptionId);
    await queue.enqueue([request(deliverJob, { subscriptionId })]);
    return { says: 'It is told again now.', path: '/ops/webhooks' };
  },
  '/ops/webhooks/drop': async ({ db, form }) => {
    const letters = await subscriptionStore(db).dropDead(subscriptionOf(form));
    return { says: `${letters} dead letters dropped.`, path: '/ops/webhooks' };
  },
  '/ops/days/read': async ({ queue, form }) => {
    const day = Day.safeParse(form.get('day') ?? '');
    if (!day.success) throw new Refused('no day of the calendar is named');
    await queue.enqueue([request(discoverJob, { source: form.get('source') || 'portal', days: [day.data] })]);
    return { says: `The page of ${day.data} is read again.`, path: `/ops/days/${day.data}` };
  },
  '/ops/days/clear': async (context) => {
    const day = Day.safeParse(context.form.get('day') ?? '');
    if (!day.success) throw new Refused('no day of the calendar is named');
    return clear(context, { day: day.data }, `/ops/days/${day.data}`);
  },
  '/ops/events/clear': async (context) => {
    const id = EventId.safeParse(context.form.get('id') ?? '');
    if (!id.success) throw new Refused('no event is named');
    return clear(context, { event: id.data }, `/ops/events/${id.data}`);
  },
  '/ops/runs/pause': (context) => askRun(context, 'pause', 'pauses: its process waits and holds its place.'),
  '/ops/runs/resume': (context) => askRun(context, null, 'goes on.'),
  '/ops/runs/stop': (context) => askRun(context, 'stop', 'stops. Started again, it goes on where it was.'),
  '/ops/runs/acknowledge': async ({ db, form }) => {
    const id = Number(form.get('id'));
    if (!Number.isInteger(id) || !(await runStore(db).acknowledge(id)))
      throw new Refused('there is no such run that was cut off');
    return { says: `Run ${id} alarms nobody any more.`, path: '/ops/runs' };
  },
  '/ops/events/rerun': async ({ db, queue, form }) => {
    const id = EventId.safeParse(form.get('id') ?? '');
    if (!id.success || !(await operationStore(db).outdate(id.data))) throw new Refused('there is no such public event');
    await queue.enqueue([request(enrichJob, { eventIds: [id.data] })]);
    return { says: 'It is tagged and related again.', path: `/ops/events/${id.data}` };
  },
};

/** What is left of the failures that were meant, where one action has not taken them all. */
async function more(taken: number, { db, form }: ActionContext): Promise<string> {
  if (taken < MOST_AT_ONCE) return '';
  const { jobs: left } = await failureStore(db).groups(failureFilter(form));
  return left > 0 ? ` ${left} more fit as well: ask once more.` : '';
}

async function clear(
  { db, queue }: ActionContext,
  what: { event: EventId } | { day: Day },
  path: string,
): Promise<Done> {
  const { events, articles } = await operationStore(db).clear(what);
  if (events === 0) throw new Refused('there is no such public event');
  await queue.enqueue([request(sweepJob, {})]);
  const says = `${events === 1 ? 'One event is' : `${events} events are`} done once more: ${articles} articles are captured again, then all is tagged and related.`;
  return { says, path };
}

async function setQuiet({ db, form }: ActionContext, quiet: boolean, does: string): Promise<Done> {
  const name = form.get('name') ?? '';
  if (!(await workerStore(db).setQuiet(name, quiet))) throw new Refused(`there is no worker “${name}”`);
  return { says: `${name} ${does}`, path: '/ops/workers' };
}

async function askRun({ db, operator, form }: ActionContext, wish: RunWish, did: string): Promise<Done> {
  const id = Number(form.get('id'));
  if (!Number.isInteger(id) || !(await runStore(db).ask(id, wish, operator)))
    throw new Refused('there is no such run under way');
  return { says: `Run ${id} ${did}`, path: '/ops/runs' };
}

/** Does what was asked and writes down who asked. Throws `Refused` where that makes no sense. */
export async function act(path: string, context: ActionContext): Promise<Done | undefined> {
  const action = actions[path];
  if (action === undefined) return undefined;
  const done = await action(context);
  const fields = Object.fromEntries(context.form);
  const target = fields['stage'] ?? fields['host'] ?? fields['name'] ?? fields['id'] ?? '';
  await auditStore(context.db).add(context.operator, path.slice('/ops/'.length), target, {
    ...fields,
    says: done.says,
  });
  return done;
}

function stageOf(form: URLSearchParams): string {
  const stage = form.get('stage') ?? '';
  if (!jobs.some(({ name }) => name === stage)) throw new Refused(`there is no stage “${stage}”`);
  return stage;
}

/** The request that a failed job came from; undefined where its stage is not known any more. */
function requestOf({ stage, key, payload }: Failure): JobRequest | undefined {
  const job = jobs.find(({ name }) => name === stage);
  return job?.payload.safeParse(payload).success ? { job: stage, key, payload } : undefined;
}

function articlesOf(form: URLSearchParams) {
  const id = ArticleId.safeParse(Number(form.get('id') ?? Number.NaN));
  if (id.success) return { id: id.data };
  const [state, reason, host] = [form.get('state'), form.get('reason'), form.get('host')];
  if (form.has('all')) return { trouble: { ...(host && { host }), text: form.get('text') ?? '' } };
  if (!state && !host) throw new Refused('no article is named: give an id, a state or a host');
  return { ...(state && { state }), ...(host && { host }), ...(reason !== null && { reason }) };
}

async function setHost(
  { db, form }: ActionContext,
  set: { blocked?: boolean; paceOverrideMs?: number | null },
  says: string,
): Promise<Done> {
  const host = form.get('host') ?? '';
  if (!(await operationStore(db).setHost(host, set))) throw new Refused(`no host “${host}” is known`);
  return { says: `${host} ${says}.`, path: `/ops/hosts?text=${encodeURIComponent(host)}` };
}

const LONGEST_PACE_SECONDS = 86_400;

function paceOf(form: URLSearchParams): number | null {
  const said = (form.get('seconds') ?? '').trim();
  if (said === '') return null;
  const seconds = Number(said);
  if (!(seconds >= 1 && seconds <= LONGEST_PACE_SECONDS)) {
    throw new Refused(`“${said}” is no pace: seconds between two requests, from 1 to ${LONGEST_PACE_SECONDS}`);
  }
  return Math.round(seconds * 1_000);
}

async function setSchedule({ db, form }: ActionContext, enabled: boolean): Promise<Done> {
  const name = form.get('name') ?? '';
  if (!(await controlStore(db).setSchedule(name, { enabled }))) throw new Refused(`there is no schedule “${name}”`);
  return { says: `${name} is switched ${enabled ? 'on' : 'off'}.`, path: '/ops/schedules' };
}

function subscriptionOf(form: URLSearchParams): number {
  const id = Number(form.get('id'));
  if (!Number.isInteger(id) || id < 1) throw new Refused('no subscriber is named');
  return id;
}
