import { fitUseTypes, USES_READ, type NameUse } from '@throughline/enrich';
import { readLinkedEvents } from '../linked-events.ts';
import { weightsModule } from './weights-module.ts';

/** Characters before and after a name that are looked at. */
const AROUND = 60;

/** Fits what sort of thing names are, and writes it as `packages/enrich/src/weights/use-types.ts`. */
export async function fitTypeWeights(
  files: readonly string[],
  write: (text: string) => void,
  log: (line: string) => void,
): Promise<void> {
  const titles = new Map<string, NameUse[]>();
  for (const file of files) {
    for await (const { section, text, links } of readLinkedEvents(file)) {
      for (const { title, surface, start, end } of links) {
        const uses = titles.get(title) ?? [];
        titles.set(title, uses);
        if (uses.length >= USES_READ) continue;
        const before = text.slice(Math.max(0, start - AROUND), start);
        uses.push({ surface, before, after: text.slice(end, end + AROUND), section });
      }
    }
  }
  write(weightsModule('throughline lab fit types', { useTypeWeights: fitUseTypes(titles, log) }));
}
