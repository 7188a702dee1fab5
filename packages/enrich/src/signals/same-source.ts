import { sharedValue } from './shared-value.ts';

/** Both cite the same article. */
export const sameSource = sharedValue('same-source', 'sources', 0.5, 2);
