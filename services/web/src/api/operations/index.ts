import type { Operation } from '../operation.ts';
import { listChanges } from './changes.ts';
import {
  getEntity,
  getSource,
  getStory,
  listEntities,
  listRelations,
  listSources,
  listStories,
  submitArticle,
} from './connections.ts';
import { getDay, listDays } from './days.ts';
import { getEvent, listEvents } from './events.ts';
import { lookup, related, search } from './finding.ts';
import {
  addSubscription,
  listDeadLetters,
  listSubscriptions,
  removeSubscription,
  replayDeadLetters,
} from './subscriptions.ts';

/** Every operation, in the order of the document that describes them. */
export const operations: readonly Operation[] = [
  listEvents,
  getEvent,
  listDays,
  getDay,
  listStories,
  getStory,
  listEntities,
  getEntity,
  listSources,
  getSource,
  submitArticle,
  listRelations,
  search,
  lookup,
  related,
  listChanges,
  listSubscriptions,
  addSubscription,
  removeSubscription,
  listDeadLetters,
  replayDeadLetters,
];
