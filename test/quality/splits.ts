import { samePairs, sameEntities } from '@throughline/enrich';
import { readLinkedEvents } from '../../services/cli/src/lab/linked-events.ts';

/** What events say of one title, or of all titles of an entity. */
interface Use {
  events: Set<string>;
  surfaces: Map<string, number>;
  beside: Map<string, number>;
}

/** How many of the most used entities are looked at. */
const MOST_USED = 500;
/** Two entities that are written this much the same, with this much the same beside them, ought to be one. */
const SAME_SURFACES = 0.9;
const SAME_COMPANIONS = 0.2;
const TOGETHER = 0.05;
const LEAST_EVENTS = 10;

/**
 * Pairs of entities that ought to be one, among the most used ones and all
 * others, once the titles of these files are joined as the pipeline does it.
 */
export async function splitEntities(files: readonly string[]): Promise<{ joined: number; splits: string[] }> {
  const titles = new Map<string, Use>();
  const events: { id: string; named: { title: string; surface: string }[] }[] = [];
  for (const file of files) {
    for await (const { id, links } of readLinkedEvents(file)) {
      const named = links.map(({ title, surface }) => ({ title: capital(title), surface }));
      events.push({ id, named });
    }
  }
  for (const event of events) add(titles, event);
  const count = (title: string) => titles.get(title)?.events.size ?? 0;
  const same = sameEntities(
    samePairs([...titles].map(([title, { events: own, surfaces }]) => ({ title, events: own.size, surfaces }))),
    count,
    (title) => titles.get(title)?.beside ?? new Map<string, number>(),
    (title) => Math.log(events.length / (count(title) + 1)),
  );
  const into = new Map(same.map((one) => [one.title, one.into]));
  const entities = new Map<string, Use>();
  for (const { id, named } of events) {
    add(entities, {
      id,
      named: named.map(({ title, surface }) => ({ title: into.get(title) ?? title, surface: capital(surface) })),
    });
  }
  return { joined: same.length, splits: splitsOf(entities, events.length) };
}

const capital = (name: string): string => name.replace(/^./su, (letter) => letter.toUpperCase());

function add(uses: Map<string, Use>, { id, named }: { id: string; named: { title: string; surface: string }[] }): void {
  const own = new Set(named.map(({ title }) => title));
  for (const { title, surface } of named) {
    const use = uses.get(title) ?? { events: new Set(), surfaces: new Map(), beside: new Map() };
    uses.set(title, use);
    use.surfaces.set(surface, (use.surfaces.get(surface) ?? 0) + 1);
    if (use.events.has(id)) continue;
    use.events.add(id);
    for (const other of own) if (other !== title) use.beside.set(other, (use.beside.get(other) ?? 0) + 1);
  }
}

function splitsOf(entities: ReadonlyMap<string, Use>, all: number): string[] {
  const ranked = [...entities].sort(([, a], [, b]) => b.events.size - a.events.size);
  const weighed = ({ beside }: Use) =>
    new Map(
      [...beside].map(([other, n]) => [other, Math.log1p(n) * Math.log(all / (entities.get(other)?.events.size ?? 1))]),
    );
  const splits: string[] = [];
  ranked.slice(0, MOST_USED).forEach(([title, use], rank) => {
    for (const [other, theirs] of ranked.slice(rank + 1)) {
      if (theirs.events.size < LEAST_EVENTS) break;
      if (cosine(use.surfaces, theirs.surfaces) < SAME_SURFACES) continue;
      if ((theirs.beside.get(title) ?? 0) > TOGETHER * theirs.events.size) continue;
      if (cosine(weighed(use), weighed(theirs)) >= SAME_COMPANIONS) splits.push(`${title} / ${other}`);
    }
  });
  return splits;
}

function cosine(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let both = 0;
  for (const [key, value] of a) both += value * (b.get(key) ?? 0);
  const length = (of: ReadonlyMap<string, number>) =>
    Math.sqrt([...of.values()].reduce((sum, value) => sum + value * value, 0));
  return both === 0 ? 0 : both / (length(a) * length(b));
}
