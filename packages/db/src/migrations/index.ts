import type { Migration } from 'kysely';
import * as m0001 from './0001-first.ts';
import * as m0002 from './0002-captures.ts';
import * as m0003 from './0003-stories.ts';
import * as m0004 from './0004-programs.ts';
import * as m0005 from './0005-search.ts';
import * as m0007 from './0007-relations.ts';
import * as m0008 from './0008-operation.ts';
import * as m0009 from './0009-tags.ts';
import * as m0011 from './0011-titles.ts';
import * as m0012 from './0012-looks.ts';
import * as m0013 from './0013-listed-copies.ts';
import * as m0015 from './0015-runs.ts';
import * as m0016 from './0016-readings.ts';
import * as m0018 from './0018-entity-types.ts';
import * as m0019 from './0019-hubs.ts';
import * as m0021 from './0021-optional-schedules.ts';

/** Run in this order, each once, each in a transaction. Never edit one that has landed: add the next. */
export const migrations: Record<string, Migration> = {
  '0001-first': m0001,
  '0002-captures': m0002,
  '0003-stories': m0003,
  '0004-programs': m0004,
  '0005-search': m0005,
  '0007-relations': m0007,
  '0008-operation': m0008,
  '0009-tags': m0009,
  '0011-titles': m0011,
  '0012-looks': m0012,
  '0013-listed-copies': m0013,
  '0015-runs': m0015,
  '0016-readings': m0016,
  '0018-entity-types': m0018,
  '0019-hubs': m0019,
  '0021-optional-schedules': m0021,
};
