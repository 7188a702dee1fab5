/** How names begin: which stretches of atoms are worth looking up at all. */
export interface Prefixes {
  add(atoms: readonly string[]): void;
  /** The most atoms of any name that begins with these two; 1 where only the first alone is one; 0 where none begins so. */
  reach(first: string, second: string | undefined): number;
}

interface Begun {
  alone: boolean;
  next: Map<string, number>;
}

export function createPrefixes(): Prefixes {
  const begun = new Map<string, Begun>();
  return {
    add(atoms) {
      const [first, second] = atoms;
      if (first === undefined) return;
      const known = begun.get(first) ?? { alone: false, next: new Map<string, number>() };
      begun.set(first, known);
      if (second === undefined) known.alone = true;
      else known.next.set(second, Math.max(known.next.get(second) ?? 0, atoms.length));
    },
    reach(first, second) {
      const known = begun.get(first);
      if (known === undefined) return 0;
      const further = second === undefined ? undefined : known.next.get(second);
      return further ?? (known.alone ? 1 : 0);
    },
  };
}
