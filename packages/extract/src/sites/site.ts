import type { ArticleField } from '@throughline/core';
import type { Rule } from '../rule.ts';

/** Rules for one outlet, where the general ones fail on its pages. They are asked before the general ones. */
export interface Site {
  name: string;
  /** Hosts with all their subdomains. */
  hosts: readonly string[];
  rules: { readonly [Name in ArticleField]?: readonly Rule[] };
}
