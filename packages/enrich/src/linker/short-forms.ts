import { SHAPE, type Atom } from './atoms.ts';
import type { NameRun, Span } from './spans.ts';

/**
 * What a text may call later what it named in full: by the last word of the
 * name (`Sergey Lavrov`: Lavrov), by its initials, or by the letters that
 * follow it in brackets. Short form → the titles that the full names may mean.
 */
export type ShortForms = ReadonlyMap<string, readonly string[]>;

export function shortFormsOf(
  atoms: readonly Atom[],
  spans: readonly Span[],
  runAt: readonly (NameRun | undefined)[],
): ShortForms {
  const forms = new Map<string, string[]>();
  const add = (form: string | undefined, title: string) => {
    if (form === undefined || form.length < 2) return;
    const titles = forms.get(form);
    if (titles === undefined) forms.set(form, [title]);
    else if (!titles.includes(title)) titles.push(title);
  };
  for (const { from, to, likely } of spans) {
    const run = runAt[from];
    if (run === undefined || run.to !== to || from === to) continue;
    const last = atoms[to];
    if (last?.shape === SHAPE.capital) add(last.text, likely);
    add(bracketed(atoms, to), likely);
    if (run.from === from) add(initialsOf(atoms, from, to), likely);
  }
  return forms;
}

/** The letters in brackets just behind a name. */
function bracketed(atoms: readonly Atom[], to: number): string | undefined {
  const [open, letters, close] = [atoms[to + 1], atoms[to + 2], atoms[to + 3]];
  return open?.text === '(' && close?.text === ')' && letters?.shape === SHAPE.capitals ? letters.text : undefined;
}

function initialsOf(atoms: readonly Atom[], from: number, to: number): string | undefined {
  let initials = '';
  for (let at = from; at <= to; at++) {
    const atom = atoms[at];
    if (atom === undefined || atom.connects) continue;
    if (atom.shape !== SHAPE.capital) return undefined;
    initials += atom.text[0] ?? '';
  }
  return initials;
}
