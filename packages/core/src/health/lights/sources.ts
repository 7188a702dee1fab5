import { spanOf, type LightRule } from '../light.ts';

/** After so many of its usual silences a source is taken for dead, not for quiet. */
const DEAD_AFTER = 2;

/**
 * Fresh by the age of what is written there, not by when we asked: a source
 * that answers the same old page for days is stale.
 */
export const sourcesLight: LightRule = ({ now, live, sources }) => {
  const light = { name: 'sources', path: '/ops/sources' };
  if (!live) {
    return { ...light, level: 'off', says: 'Nothing is read live: set THROUGHLINE_CONTACT to begin.' };
  }
  const worst = sources
    .map((source) => ({ ...source, silentMs: now - (source.newestContentAt ?? source.readAt ?? 0) }))
    .sort((a, b) => b.silentMs / b.quietMs - a.silentMs / a.quietMs)[0];
  if (worst === undefined) return { ...light, level: 'watch', says: 'No source has been read yet.' };
  const { source, silentMs, quietMs, readAt, failedAt, failure } = worst;
  const isFailing = failedAt !== null && failedAt > (readAt ?? 0);
  if (isFailing && failedAt - (readAt ?? 0) > quietMs / 4) {
    const since = readAt === null ? '' : ` for ${spanOf(now - readAt)}`;
    return { ...light, level: 'bad', says: `${source} cannot be read${since}: ${failure ?? 'no reason given'}.` };
  }
  if (worst.newestContentAt === null) return { ...light, level: 'bad', says: `${source} has never shown anything.` };
  const said = `the newest of ${source} was written ${spanOf(silentMs)} ago`;
  if (silentMs > DEAD_AFTER * quietMs) return { ...light, level: 'bad', says: `Stale: ${said}.` };
  if (silentMs > quietMs) return { ...light, level: 'watch', says: `Unusually quiet: ${said}.` };
  return { ...light, level: 'good', says: `Fresh: ${said}.` };
};
