import type { PackedTrees } from '../boosted-trees.ts';

/** Signal → its trees. */
export const relationWeights: Record<string, PackedTrees> = {};
