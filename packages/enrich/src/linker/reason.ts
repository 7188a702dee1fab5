import type { Span } from './spans.ts';
import { SOURCE, type Candidate } from './title-candidates.ts';

/** In a few words, how a title came to be thought of for a span: `linked so 41 of 44 times`. */
export function reasonOf({ surface }: Pick<Span, 'surface'>, { source, sense, known }: Candidate): string {
  switch (source) {
    case SOURCE.alias:
      return `linked so ${sense?.linked ?? 0} of ${surface?.linked ?? 0} times`;
    case SOURCE.otherCapitals:
      return `linked so in other capitals ${times(sense?.linked ?? 0)}`;
    case SOURCE.singular:
      return `its singular is linked so ${times(sense?.linked ?? 0)}`;
    case SOURCE.pattern:
    case SOURCE.around:
      return 'linked so beside others of its sort';
    case SOURCE.context:
      return 'linked so beside what is named here';
    case SOURCE.kind:
      return 'names of this sort are linked so';
    case SOURCE.short:
      return 'named in full in the text';
    case SOURCE.surname:
      return 'surname in the news';
    default:
      return known === undefined ? 'written like a name' : `the name of a page linked ${times(known.linked)}`;
  }
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
