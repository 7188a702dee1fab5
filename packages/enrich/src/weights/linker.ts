import type { PackedTrees } from '../boosted-trees.ts';

const none: PackedTrees = { depth: 0, trees: 0, bias: 0, edges: [], nodes: '', unit: 1, leaves: '' };

export const spanWeights: PackedTrees = none;
export const titleWeights: PackedTrees = none;
