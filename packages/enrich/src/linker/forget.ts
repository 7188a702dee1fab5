import type { Memory } from './memory.ts';
import type { Title } from './titles.ts';

/** Titles that a memory holds before it forgets: more than those of 1999 to 2026, so that no archive of today is touched. */
const MOST_TITLES = 150_000;
/** A title that was linked more often is never forgotten. */
const FEW = 2;
const DAYS_A_YEAR = 365.2425;

/**
 * Where there are more than `most` titles, forgets the older half of those that
 * were hardly ever linked, were no header and stood in for no blank, with all
 * that was learnt of them. So memory grows with what is in the news again and
 * again, and not with every name that ever was.
 */
export function forget(memory: Memory, most = MOST_TITLES): void {
  const { titles } = memory;
  if (titles.size <= Math.max(most, memory.leastToForget)) return;
  const horizon = middleOf([...titles.values()].filter(isRare).map(({ lastDay }) => lastDay));
  const isKept = (title: Title) => !isRare(title) || title.lastDay >= horizon;
  memory.surfaces.keep(isKept);
  memory.companions.keep((name) => {
    const title = titles.get(name);
    return title !== undefined && isKept(title);
  });
  memory.homes.keep(isKept);
  memory.patterns.keep(FEW, 1970 + Math.floor(horizon / DAYS_A_YEAR));
  titles.keep(isKept);
  memory.leastToForget = titles.size * 1.25; // where little was rare, not every day again
}

const isRare = ({ linked, asTopic, asFiller }: Title): boolean => linked <= FEW && asTopic === 0 && asFiller === 0;

const middleOf = (days: readonly number[]): number => days.toSorted((a, b) => a - b)[Math.floor(days.length / 2)] ?? 0;
