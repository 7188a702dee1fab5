import { CATEGORY_LABELS, type Category, type DayItem } from '@throughline/core';
import { oneLine } from './text.ts';

/** What a reader is told an event is filed under: the category's label, else the heading as written, else nothing. */
export function headingOf({ category, section }: { category?: Category; section: string }): string {
  return category ? CATEGORY_LABELS[category] : oneLine(section);
}

/** A day's items by heading, in the editor's order; those without a heading come first. */
export function groups(items: readonly DayItem[]): { heading: string; category?: Category; items: DayItem[] }[] {
  const byHeading = new Map<string, DayItem[]>();
  if (items.some((item) => headingOf(item) === '')) byHeading.set('', []);
  for (const item of items) {
    const heading = headingOf(item);
    const group = byHeading.get(heading);
    if (group) group.push(item);
    else byHeading.set(heading, [item]);
  }
  return [...byHeading].map(([heading, group]) => {
    const category = group[0]?.category;
    return { heading, ...(category && { category }), items: group };
  });
}
