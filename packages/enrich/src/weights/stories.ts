// Fitted by `test/bench/enrich/fit-stories.ts`; not to be edited.
import type { PackedTrees } from '../boosted-trees.ts';

export const storyWeights: Record<'likeness' | 'thread', PackedTrees> = { likeness: {depth:0,trees:0,bias:0,edges:[],nodes:'',unit:1,leaves:''}, thread: {depth:0,trees:0,bias:0,edges:[],nodes:'',unit:1,leaves:''} };
