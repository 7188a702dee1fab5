export { createEventIndex, type EventIndex, type IndexedEvent } from './event-index.ts';
export { createLinker, type Example, type LearningLinker, type Linked, type Linker } from './linker.ts';
export { pageOf, type Page, type PageItem } from './linker/page.ts';
export { affected, relate, type RelateOptions } from './relate.ts';
export { signals, type Signal } from './signals/index.ts';
export { isNamed, tag, type Taggable } from './tag.ts';
export { taggers, type Tagger } from './taggers/index.ts';
export { titleKey } from './title.ts';
