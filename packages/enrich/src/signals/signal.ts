import type { Pair } from '../pair.ts';

/**
 * Takes one piece of evidence: its weight, which is above 0, what it is about,
 * and what it is called where not as its signal.
 */
export type AddEvidence = (weight: number, about?: () => string, name?: string) => void;

/**
 * One sort of reason why two events belong together. What it gives for a pair
 * depends on nothing that another signal gives, nor one piece on another, so
 * evidence can be added, removed and read piece by piece. It says the same of
 * two events whichever is asked about.
 */
export interface Signal {
  readonly name: string;
  /**
   * Whether its evidence can relate two events by itself. Being of the same
   * week only supports.
   */
  readonly binds: boolean;
  weigh(pair: Pair, add: AddEvidence): void;
}
