/** How an atom is written. */
export const SHAPE = { lower: 0, capital: 1, capitals: 2, number: 3, mark: 4 } as const;
export type Shape = (typeof SHAPE)[keyof typeof SHAPE];

/** A run of letters, a run of digits, or one other character. Names begin and end where atoms do. */
export interface Atom {
  /** UTF-16 offsets. */
  start: number;
  end: number;
  text: string;
  lower: string;
  shape: Shape;
  /** Whether it can stand between two parts of a proper name. */
  connects: boolean;
}

/** What lies further into a text is not read: the work on one text is bounded whatever is submitted. */
const MAX_ATOMS = 500;

const ATOM = /\p{L}[\p{L}\p{M}]*|\p{N}+|[^\s\p{L}\p{N}]/gu;

const CONNECTORS = new Set(
  "of the and de la al for - – ' ’ s & . del da do di du von van in el le to on e y das dos bin".split(' '),
);

export function atomsOf(text: string): Atom[] {
  const atoms: Atom[] = [];
  for (const { 0: found, index } of text.matchAll(ATOM)) {
    atoms.push({
      start: index,
      end: index + found.length,
      text: found,
      lower: found.toLowerCase(),
      shape: shapeOf(found),
      connects: CONNECTORS.has(found),
    });
    if (atoms.length === MAX_ATOMS) break;
  }
  return atoms;
}

function shapeOf(atom: string): Shape {
  const code = atom.charCodeAt(0);
  if (code >= 97 && code <= 122) return SHAPE.lower;
  if (code >= 65 && code <= 90) return capitalShape(atom);
  if (code >= 48 && code <= 57) return SHAPE.number;
  if (code < 128) return SHAPE.mark;
  if (/^\p{Lu}/u.test(atom)) return capitalShape(atom);
  if (/^\p{L}/u.test(atom)) return SHAPE.lower;
  return /^\p{N}/u.test(atom) ? SHAPE.number : SHAPE.mark;
}

const capitalShape = (atom: string): Shape =>
  atom.length > 1 && atom === atom.toUpperCase() ? SHAPE.capitals : SHAPE.capital;

/** Whether an atom can stand inside a proper name in its own right. */
export const isNameLike = ({ shape }: Atom): boolean =>
  shape === SHAPE.capital || shape === SHAPE.capitals || shape === SHAPE.number;
