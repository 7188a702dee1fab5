import { sharedValue } from './shared-value.ts';

/** Both are parts of the same story. */
export const sameStory = sharedValue('same-story', 'stories', 1, 1);
