/** V8 copies what is cut out of a text up to this length, and keeps the whole text for more. */
const LONGEST_COPIED = 12;

/** The same text by itself: what is kept for long must not keep the sentence that it was cut from. */
export const unshared = (text: string): string => (text.length <= LONGEST_COPIED ? text : ` ${text}`.slice(1));
