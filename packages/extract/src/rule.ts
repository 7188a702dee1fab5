import type { ArticleField, ArticleFields, Field } from '@throughline/core';
import type { Page } from './page.ts';

/** One way to find a field: where to look, and how often what stands there was right where it was measured. */
export interface Rule<Raw = string> {
  /** `json-ld:headline`, `meta:og:title`, `dom:h1`. */
  name: string;
  /** 0..1. */
  confidence: number;
  read(page: Page): Raw | readonly Raw[] | undefined;
  /** Costly or doubtful: asked only where no rule before it found anything. */
  fallback?: boolean;
}

/** A field: its rules, best first, and what makes a value of what they read. */
export interface FieldReader<Name extends ArticleField = ArticleField, Raw = string> {
  name: Name;
  rules: readonly Rule<Raw>[];
  /** The value a reader should see; undefined refuses it (boilerplate, a placeholder, no date). */
  clean(raw: readonly Raw[], page: Page): ArticleFields[Name] | undefined;
  /** Whether two values say the same, so that one is no rival of the other. */
  same(one: ArticleFields[Name], other: ArticleFields[Name]): boolean;
  /** Puts the best first where their order alone does not settle it. */
  rank?(candidates: Field<ArticleFields[Name]>[], page: Page): Field<ArticleFields[Name]>[];
}

export interface Reading<Value> {
  winner: Field<Value> | undefined;
  rivals: Field<Value>[];
  faults: string[];
}

/** Most rivals kept: a hostile page may name thousands. */
const MAX_RIVALS = 8;

/**
 * Asks a field's rules in their order, those of the page's own site first: what
 * they find needs no ranking. A rule that throws is a fault and costs no other
 * rule anything.
 */
export function readField<Name extends ArticleField, Raw>(
  reader: FieldReader<Name, Raw>,
  page: Page,
  ofSite: readonly Rule<Raw>[] = [],
): Reading<ArticleFields[Name]> {
  const faults: string[] = [];
  const ask = (rules: readonly Rule<Raw>[], isKnown: boolean) => {
    const candidates: Field<ArticleFields[Name]>[] = [];
    for (const rule of rules) {
      if (rule.fallback && (isKnown || candidates.length > 0)) continue;
      try {
        const value = applyRule(reader, rule, page);
        if (value !== undefined) candidates.push({ value, rule: rule.name, confidence: rule.confidence });
      } catch (error) {
        faults.push(`${reader.name}:${rule.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return candidates;
  };
  const own = ask(ofSite, false);
  const general = ask(reader.rules, own.length > 0);
  const ranked = [...own, ...(reader.rank && general.length > 0 ? reader.rank(general, page) : general)];
  return { winner: ranked[0], rivals: rivalsOf(ranked, (one, other) => reader.same(one, other)), faults };
}

function applyRule<Name extends ArticleField, Raw>(
  reader: FieldReader<Name, Raw>,
  rule: Rule<Raw>,
  page: Page,
): ArticleFields[Name] | undefined {
  const read = rule.read(page);
  if (read === undefined) return undefined;
  const raw = (Array.isArray(read) ? read : [read]) as readonly Raw[];
  return raw.length > 0 ? reader.clean(raw, page) : undefined;
}

function rivalsOf<Value>(ranked: readonly Field<Value>[], same: (one: Value, other: Value) => boolean): Field<Value>[] {
  const kept: Field<Value>[] = [];
  for (const candidate of ranked) {
    if (kept.length > MAX_RIVALS) break;
    if (!kept.some(({ value }) => same(value, candidate.value))) kept.push(candidate);
  }
  return kept.slice(1);
}
