import { sharedValue } from './shared-value.ts';

/** Editors put both under the same header. It outweighs what only suggests so. */
export const sameTopic = sharedValue('same-topic', 'topics', 1, 5);
