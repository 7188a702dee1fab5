import { readFileSync } from 'node:fs';

interface Predicted {
  id: string;
  cluster: string;
  among: { thread: string; chance: number }[];
}

/**
 * Of the events whose thread had an earlier event in the gold, in percent: for
 * how many the best of the existing stories, or one of the best three, is a
 * story in which as many of the thread's earlier events are as in any.
 */
export function attached(predictions: string, gold: string): { first: number; withinThree: number } {
  const predicted = new Map(lines<Predicted>(predictions).map((one) => [one.id, one]));
  const earlier = new Map<string, Map<string, number>>();
  let [asked, first, withinThree] = [0, 0, 0];
  for (const { id, thread } of lines<{ id: string; thread: string }>(gold)) {
    const { cluster = id, among = [] } = predicted.get(id) ?? {};
    const stories = earlier.get(thread);
    if (stories) {
      const most = Math.max(...stories.values());
      const place = among.findIndex((one) => stories.get(one.thread) === most);
      asked++;
      if (place === 0) first++;
      if (place >= 0 && place < 3) withinThree++;
    }
    earlier.set(thread, (stories ?? new Map<string, number>()).set(cluster, (stories?.get(cluster) ?? 0) + 1));
  }
  const percent = (count: number) => Number(((100 * count) / asked).toFixed(1));
  return { first: percent(first), withinThree: percent(withinThree) };
}

const lines = <T>(file: string): T[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
